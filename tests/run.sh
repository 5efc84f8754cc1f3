#!/usr/bin/env bash
# Installs what is missing, builds and runs all tests. The last lines are ctest's closing summary.
#
#   bash tests/run.sh [ctest arguments]       such as: -R stories
#
# Two builds: build/release/qz is the program that the stories, findings and samples run;
# build/dev has the unit tests with address and undefined-behaviour sanitizers.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash tests/install-packages.sh build test

log="$(mktemp)"
trap 'rm -f "${log}"' EXIT
quietly() { "$@" > "${log}" 2>&1 || { cat "${log}" >&2; exit 1; }; }
jobs="$(nproc)"

echo "Building build/release/qz …"
[[ -f build/release/CMakeCache.txt ]] || quietly cmake --preset release -DQZ_TESTS=OFF
quietly cmake --build --preset release --target qz -j "${jobs}"

echo "Building the tests in build/dev …"
quietly cmake --preset dev -DQZ_PROGRAM="${PWD}/build/release/qz"
quietly cmake --build --preset dev -j "${jobs}"

ctest --test-dir build/dev --output-on-failure -j "${jobs}" "$@"
