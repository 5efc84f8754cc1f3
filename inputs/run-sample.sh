#!/usr/bin/env bash
# Installs what is missing, builds qz, runs the sample city and says where to look.
#
#   bash inputs/run-sample.sh [sample]        another folder below inputs/; default: sample-city

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sample="${1:-sample-city}"
job="inputs/${sample}/job.json"
[[ -f "${job}" ]] || { echo "no job ${job}" >&2; exit 2; }

bash tests/install-packages.sh build
log="$(mktemp)"
trap 'rm -f "${log}"' EXIT
echo "Building build/release/qz (a few minutes the first time) …"
# A tree that already builds its tests keeps doing so; a new one needs only the program.
if [[ ! -f build/release/CMakeCache.txt ]]; then
  cmake --preset release -DQZ_TESTS=OFF > "${log}" 2>&1 || { cat "${log}" >&2; exit 1; }
fi
cmake --build --preset release --target qz > "${log}" 2>&1 || { cat "${log}" >&2; exit 1; }

qz=build/release/qz
status=0
"${qz}" run "${job}" 2> "${log}" || status=$?
if [[ "${status}" -gt 1 ]]; then
  cat "${log}" >&2
  exit "${status}"
fi
findings="$(wc -l < "${log}")"
echo
echo "The sample has traps in it on purpose; the run found them (${findings} lines, the first of them):"
head -n 5 "${log}"
# A figure to ask about: the emissions of a year where the ledger has them, else its first figure.
figure=entity_year.emissions
if ! grep -q '"table":"entity_year".*"column":"emissions"' "outputs/${sample}/ledger.json"; then
  figure="$(sed -nE 's/^\{"table":"([^"]*)".*"column":"([^"]*)","value".*/\1.\2/p' "outputs/${sample}/ledger.json" | sed -n 1p)"
fi
cat << END

Look at
  outputs/${sample}/ledger.json      every reported figure, sealed; ledger.xml has the same root
  outputs/${sample}/findings.json    what a verifier should ask about
  inputs/${sample}/                  the job and its tables

Try next
  ${qz} explain outputs/${sample}/ledger.json ${figure}
  ${qz} verify outputs/${sample}/ledger.xml --job ${job}
  ${qz} check ${job} --lang zh
  ${qz} packs list
END
