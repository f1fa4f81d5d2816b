#!/usr/bin/env bash
# Two single-thread ranks that share one cache, against one single thread: `extract` of tennis7's
# test clips, whole command, in turn.
#
#   bench/ranks.sh [DATA] [options of extract]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
set -- "${1:-$data/tennis7/split.csv}" "${@:2}"
out=build/bench/ranks
rm -rf "$out"
mkdir -p "$out"
machine
extract() { build/vidclass extract "$@" --threads 1 --quiet; }
one() { rm -rf "$out/one"; extract "$@" --cache "$out/one"; }
two() {
  rm -rf "$out/two"
  extract "$@" --cache "$out/two" --rank 0 --ranks 2 &
  extract "$@" --cache "$out/two" --rank 1 --ranks 2
  wait $!
}
one "$@"  # compiles the network, once for all
a=$(seconds one "$@")
b=$(seconds two "$@")
awk -v a="$a" -v b="$b" 'BEGIN { printf "one rank %.1f s, two ranks %.1f s: %.2f times\n", a, b, a / b }'
hashes() { (cd "$1" && find . -name '*.safetensors' -exec sha256sum {} + | sort -k2); }
cmp <(hashes "$out/one") <(hashes "$out/two") && echo "same entries, byte for byte"
