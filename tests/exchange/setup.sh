#!/usr/bin/env bash
# Makes the virtual environments that the tests of src/exchange try files in, once:
# build/peers/<name> for every requirements-<name>.txt, or for the names given. Where one is
# missing, its tests are skipped.
#
#   tests/exchange/setup.sh [NAME...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
peers=../../build/peers
names=("$@")
if [ $# -eq 0 ]; then
  for file in requirements-*.txt; do
    file=${file#requirements-}
    names+=("${file%.txt}")
  done
fi
mkdir -p "$peers"
for name in "${names[@]}"; do
  [ -x "$peers/$name/bin/python" ] || python3 -m venv "$peers/$name"
  "$peers/$name/bin/python" -m pip install --quiet --requirement "requirements-$name.txt"
done
