#!/usr/bin/env bash
# clang-tidy over src/, or over the files named, with the flags of build/compile_commands.json.
# Fails where it found anything.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v clang-tidy >/dev/null; then
  echo 'clang-tidy is missing: apt-get install clang-tidy' >&2
  exit 1
fi
files=("$@")
if ((${#files[@]} == 0)); then
  mapfile -t files < <(find src -name '*.cpp' | sort)
fi

echo "clang-tidy over ${#files[@]} files" >&2
status=0
found=$(printf '%s\0' "${files[@]}" |
  xargs -0 -n 1 -P "${JOBS:-$(nproc)}" clang-tidy -p build --quiet 2>/dev/null) || status=1
if [[ -n $found ]]; then
  # A finding in a header comes once for each file that includes it.
  awk '/^[^ ].*: (warning|error): /{keep = !seen[$0]++; n += keep} keep
       END {print "findings: " n + 0; exit n > 0}' <<<"$found" || status=1
elif ((status != 0)); then
  echo "clang-tidy itself failed; see: clang-tidy -p build ${files[0]}" >&2
fi
exit "$status"
