#!/usr/bin/env bash
# Makes the environment of Python in which the package is built (-DVIDCLASS_PYTHON=ON) and tested:
# build/peers/python, of requirements.txt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly env=../../build/peers/python
if [[ -e $env/.made ]] && cmp -s "$env/.made" requirements.txt; then exit 0; fi
rm -rf "$env"
mkdir -p "${env%/*}"
python3 -m venv "$env"
"$env/bin/python" -m pip --disable-pip-version-check --quiet install -r requirements.txt
cp requirements.txt "$env/.made"
