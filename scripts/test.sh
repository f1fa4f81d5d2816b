#!/usr/bin/env bash
# Runs all tests of a build and closes with ctest's count of them.
#
#   scripts/test.sh [PRESET]    a preset of CMakePresets.json, "release" where none is named
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=${1:-release}
dir=build
[[ $preset == release ]] || dir=build-$preset
log=$(mktemp)
trap 'rm -f "$log"' EXIT

status=0
ctest --preset "$preset" --parallel "${TEST_JOBS:-2}" | tee "$log" |
  sed -u -E '/^ +Start +[0-9]+: /d; s/ \.{3,}/ .../' || status=$?

printf '\n== tests (%s)\n' "$preset"
# A skipped case says why in its output, which ctest keeps.
skips=$(sed -n 's/^.*\(SKIPPED: .*\)$/\1/p' "$dir/Testing/Temporary/LastTest.log" | sort | uniq -c || true)
grep -E '^[0-9]+% tests passed|^No tests were found' "$log" || true
if [[ -n $skips ]]; then printf 'skipped cases:\n%s\n' "$skips"; fi
grep '^Total Test time' "$log" || true
exit "$status"
