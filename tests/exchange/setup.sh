#!/usr/bin/env bash
# Makes the environments of Python in which the tests of exchange run what was exported; the tests
# skip what needs one that is not there.
#
#   tests/exchange/setup.sh [NAME...]    build/peers/<NAME> of requirements-<NAME>.txt; default: all
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly peers=../../build/peers
names=("$@")
if ((${#names[@]} == 0)); then
  for file in requirements-*.txt; do
    name=${file#requirements-}
    names+=("${name%.txt}")
  done
fi

mkdir -p "$peers"
for name in "${names[@]}"; do
  if [[ -e $peers/$name/.made ]] && cmp -s "$peers/$name/.made" "requirements-$name.txt"; then
    continue
  fi
  rm -rf "${peers:?}/$name"
  python3 -m venv "$peers/$name"
  "$peers/$name/bin/python" -m pip --disable-pip-version-check --quiet install \
    -r "requirements-$name.txt"
  cp "requirements-$name.txt" "$peers/$name/.made"
done
