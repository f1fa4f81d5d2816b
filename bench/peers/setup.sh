#!/usr/bin/env bash
# Makes the peers' virtual environment in bench/peers/venv, once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
[ -x venv/bin/python ] || python3 -m venv venv
venv/bin/python -m pip install --quiet --requirement requirements.txt
