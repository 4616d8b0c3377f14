#!/usr/bin/env bash
# Puts unleaked on the PATH of the job: a released binary whose checksum and provenance hold, else one that Go builds from
# the same version, whose integrity the module checksum database holds.
set -euo pipefail

version=${UNLEAKED_VERSION:-}
repository=${UNLEAKED_ACTION_REPOSITORY:-unleaked/unleaked}
module=github.com/unleaked/unleaked/cmd/unleaked

if [[ $version == none ]]; then
  command -v unleaked >/dev/null || { echo "::error title=unleaked::version is 'none' and there is no unleaked on PATH"; exit 2; }
  exit 0
fi
if [[ -z $version && ${UNLEAKED_ACTION_REF:-} =~ ^v[0-9]+\.[0-9]+\.[0-9]+ ]]; then
  version=$UNLEAKED_ACTION_REF
fi
if [[ -n $version && ! $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]]; then
  echo "::error title=unleaked::the version must look like v1.2.3"
  exit 2
fi

bin=${RUNNER_TEMP:-$(mktemp -d)}/unleaked-bin
mkdir -p "$bin"

# released downloads the archive of this machine and checks it; it fails where anything is missing or wrong.
released() {
  command -v gh >/dev/null || return 1
  local os arch archive sum
  case ${RUNNER_OS:-$(uname -s)} in
    Linux) os=linux ;; macOS | Darwin) os=darwin ;; Windows) os=windows ;; *) return 1 ;;
  esac
  case ${RUNNER_ARCH:-$(uname -m)} in
    X64 | x86_64) arch=amd64 ;; ARM64 | arm64 | aarch64) arch=arm64 ;; *) return 1 ;;
  esac
  archive=unleaked_${version#v}_${os}_${arch}.tar.gz
  [[ $os != windows ]] || archive=${archive%.tar.gz}.zip
  gh release download "$version" --repo "$repository" --dir "$bin" --clobber --pattern "$archive" --pattern checksums.txt || return 1
  sum=$(cd "$bin" && { sha256sum "$archive" 2>/dev/null || shasum -a 256 "$archive"; } | cut -d ' ' -f 1)
  # From here on a failure is no reason to try another way: something is wrong with what was downloaded.
  if [[ -z $sum ]] || ! grep -Fqx "$sum  $archive" "$bin/checksums.txt"; then
    echo "::error title=unleaked::$archive does not have the checksum of its release"
    exit 2
  fi
  # Not any workflow of the repository may sign a release, and none from another ref than the version's tag.
  if ! gh attestation verify "$bin/$archive" --repo "$repository" --source-ref "refs/tags/$version" \
    --signer-workflow "$repository/.github/workflows/release.yml" >/dev/null; then
    echo "::error title=unleaked::$archive has no valid attestation of $repository"
    exit 2
  fi
  if [[ $os == windows ]]; then unzip -qo "$bin/$archive" -d "$bin"; else tar -xzf "$bin/$archive" -C "$bin" unleaked; fi
}

if [[ -n $version ]] && released; then
  echo "unleaked $version: released binary, checksum and attestation hold"
elif command -v go >/dev/null; then
  if [[ -n $version ]]; then
    GOBIN=$bin go install "$module@$version"
  else
    # Pinned to a commit, or used from a checkout: this very source.
    (cd "$UNLEAKED_ACTION_PATH" && GOBIN=$bin go install ./cmd/unleaked)
  fi
  echo "unleaked ${version:-of this action}: built from source"
else
  echo "::error title=unleaked::no released binary for this machine and no Go: add actions/setup-go, or set version: none"
  exit 2
fi
echo "$bin" >>"$GITHUB_PATH"
