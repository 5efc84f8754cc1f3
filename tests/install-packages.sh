#!/usr/bin/env bash
# Installs what tests/packages.txt lists for the kinds named and is not there yet: build, test.
# Quiet; asks for nothing; does nothing where all are present.

set -euo pipefail
list="$(dirname "${BASH_SOURCE[0]}")/packages.txt"
kinds=" $* "

missing=()
while read -r kind package _; do
  [[ -z "${kind}" || "${kind}" == \#* || "${kinds}" != *" ${kind} "* ]] && continue
  state="$(dpkg-query -W -f='${db:Status-Status}' "${package}" 2>/dev/null || true)"
  [[ "${state}" == installed ]] || missing+=("${package}")
done < "${list}"
[[ ${#missing[@]} -eq 0 ]] && exit 0

as_root=()
if [[ "$(id -u)" -ne 0 ]]; then
  command -v sudo > /dev/null || {
    echo "These packages are missing, and installing them needs root: ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "Installing ${#missing[@]} packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)
log="$(mktemp)"
trap 'rm -f "${log}"' EXIT
if ! { "${install[@]}" update && "${install[@]}" install -y --no-install-recommends "${missing[@]}"; } > "${log}" 2>&1; then
  cat "${log}" >&2
  exit 1
fi
