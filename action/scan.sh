#!/usr/bin/env bash
# Runs the scan of a workflow. All that decides is in `unleaked ci github`; inputs come through the environment only.
set -euo pipefail

args=(--mode "${UNLEAKED_MODE:-auto}" --fail-on "${UNLEAKED_FAIL_ON:-medium}")
[[ ${UNLEAKED_POLICY:-change} == change ]] || args+=(--policy "$UNLEAKED_POLICY")
[[ ${UNLEAKED_ALLOW_INCOMPLETE:-false} != true ]] || args+=(--allow-incomplete)
[[ -z ${UNLEAKED_SARIF_FILE:-} ]] || args+=(--sarif-file "$UNLEAKED_SARIF_FILE")
[[ ${UNLEAKED_ANNOTATIONS:-true} == true ]] || args+=(--annotations=false)
[[ ${UNLEAKED_STEP_SUMMARY:-true} == true ]] || args+=(--step-summary=false)
[[ ${UNLEAKED_SUMMARY:-false} != true ]] || args+=(--summary)
[[ ${UNLEAKED_PUBLIC:-false} != true ]] || args+=(--public)
[[ ${UNLEAKED_INVENTORY_COMPLETE:-false} != true ]] || args+=(--inventory-complete)
[[ -z ${UNLEAKED_BASELINE:-} ]] || args+=("--baseline=$UNLEAKED_BASELINE")
[[ -z ${UNLEAKED_KEY_FILE:-} ]] || args+=("--key-file=$UNLEAKED_KEY_FILE")
[[ -z ${UNLEAKED_VERIFY:-} ]] || args+=("--verify=$UNLEAKED_VERIFY")
[[ -z ${UNLEAKED_CA_FILE:-} ]] || args+=("--ca-file=$UNLEAKED_CA_FILE")

# each adds an argument for every line of a text that is not empty; FLAG= stands before it, or nothing.
each() { # FLAG= LINES
  local line
  while IFS= read -r line; do
    [[ -z $line ]] || args+=("$1$line")
  done <<<"$2"
}
each --format= "${UNLEAKED_REPORTS:-}"
each --inventory= "${UNLEAKED_INVENTORY:-}"
each --server= "${UNLEAKED_ASK:-}"
each "" "${UNLEAKED_ARGS:-}"

exec unleaked ci github "${args[@]}"
