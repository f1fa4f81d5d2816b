#!/usr/bin/env bash
# What a first build costs: `make demo` in a fresh clone with an empty compiler cache, all packages
# installed. Prints wall-clock and processor seconds (user and system) of its two halves: compiling
# and linking, then the demo itself.
#
#   bench/build.sh [COMMIT]     HEAD where none is named
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone --quiet "$PWD" "$work/vidclass"
git -C "$work/vidclass" checkout --quiet "$(git rev-parse "${1:-HEAD}")"
# OpenVINO is a package like the others: it is there.
mkdir -p "$work/vidclass/.deps"
cp -r .deps/openvino "$work/vidclass/.deps/"

export CCACHE_DIR=$work/ccache
TIMEFORMAT='%R s wall, %U s user, %S s system'
cd "$work/vidclass"
echo 'make program, cold:'
time make program >"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log"; exit 1; }
echo 'then make demo:'
time make demo >"$work/demo.log" 2>&1 || { tail -n 20 "$work/demo.log"; exit 1; }
lscpu | sed -n 's/^Model name: */machine: /p; s/^CPU(s): */CPUs: /p'
