#!/usr/bin/env bash
# Runs the scan of a workflow. All that decides is in `unleaked ci github`; inputs come through the environment only.
set -euo pipefail

args=(--mode "${UNLEAKED_MODE:-auto}" --fail-on "${UNLEAKED_FAIL_ON:-medium}")
[[ ${UNLEAKED_POLICY:-change} == change ]] || args+=(--policy "$UNLEAKED_POLICY")
[[ ${UNLEAKED_ALLOW_INCOMPLETE:-false} != true ]] || args+=(--allow-incomplete)
[[ -z ${UNLEAKED_SARIF_FILE:-} ]] || args+=(--sarif-file "$UNLEAKED_SARIF_FILE")
[[ ${UNLEAKED_ANNOTATIONS:-true} == true ]] || args+=(--annotations=false)
[[ ${UNLEAKED_STEP_SUMMARY:-true} == true ]] || args+=(--step-summary=false)
while IFS= read -r line; do
  [[ -z $line ]] || args+=("$line")
done <<<"${UNLEAKED_ARGS:-}"

exec unleaked ci github "${args[@]}"
