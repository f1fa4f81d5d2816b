#!/usr/bin/env bash
# Runs tests of the Python package that a build made (-DVIDCLASS_PYTHON=ON), in the environment that
# setup.sh made.
#
#   python/tests/run.sh BUILD_DIR FILE|mypy...    files of this folder, without test_ and .py
set -euo pipefail
build=$(realpath "$1")
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
python=$build/peers/python/bin/python

if [[ ! -x $python ]]; then
  echo "SKIPPED: build/peers/python not found (python/tests/setup.sh makes it)"
  exit 0
fi
if ! compgen -G "$build/python/vidclass/_core.*.so" >/dev/null; then
  echo "SKIPPED: the build has no Python package (-DVIDCLASS_PYTHON=ON)"
  exit 0
fi
cd "$here/../.."
if [[ $2 == mypy ]]; then exec "$python" -m mypy --cache-dir "$build/python/mypy"; fi
# PyTorch is large, so the environment of another test lends it, last in order.
lent=("$build"/peers/torch/lib/python3*/site-packages)
export PYTHONPATH=$build/python:${lent[0]}
export VIDCLASS_PROGRAM=$build/vidclass VIDCLASS_TORCH_LIBRARY=$build/lib/libvidclass_torch.so
shift
files=()
for name in "$@"; do files+=("$here/test_$name.py"); done
exec "$python" -m pytest -q -rs -p no:cacheprovider "${files[@]}"
