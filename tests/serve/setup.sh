#!/usr/bin/env bash
# Makes build/peers/serve, the environment of Python with the clients and the browser's driver that
# tests/serve tries the server with; the tests skip what needs it where it is not there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly peer=../../build/peers/serve
if [[ -e $peer/.made ]] && cmp -s "$peer/.made" requirements-serve.txt; then exit 0; fi
rm -rf "$peer"
python3 -m venv "$peer"
"$peer/bin/python" -m pip --disable-pip-version-check --quiet install -r requirements-serve.txt
cp requirements-serve.txt "$peer/.made"
