#!/usr/bin/env bash
# Two single-thread ranks that share one cache, against one single thread: `extract` of every
# sixth clip of tennis7, whole command, in turn. First with each rank on a CPU of its own, as Open
# MPI's mpirun places them; then with nothing bound, where one rank decodes on a CPU that two do not
# have.
#
#   bench/ranks.sh [DATA] [options of extract]
#   REPEATS=3                       rounds
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
out=build/bench/ranks
rm -rf "$out"
mkdir -p "$out"
if [ $# = 0 ]; then
  every 6 "$data/tennis7/split.csv" "$out/some.csv"
  set -- "$out/some.csv"
fi
machine
# CPUS are given as taskset takes them.
extract() {  # CPUS ARGUMENT...
  local cpus=$1
  shift
  taskset -c "$cpus" build/vidclass extract "$@" --threads 1 --quiet
}
one() {  # CPUS ARGUMENT...
  rm -rf "$out/one"
  extract "$@" --cache "$out/one"
}
two() {  # CPUS CPUS ARGUMENT...
  local first=$1 second=$2
  shift 2
  rm -rf "$out/two"
  extract "$first" "$@" --cache "$out/two" --rank 0 --ranks 2 &
  extract "$second" "$@" --cache "$out/two" --rank 1 --ranks 2
  wait $!
}
compare() {  # WHAT CPUS-OF-ONE CPUS-OF-THE-OTHER ARGUMENT...
  local what=$1 first=$2 second=$3 a b
  shift 3
  for ((i = 0; i < ${REPEATS:-3}; ++i)); do
    a=$(seconds one "$first" "$@")
    b=$(seconds two "$first" "$second" "$@")
    awk -v what="$what" -v a="$a" -v b="$b" \
      'BEGIN { printf "%s: one rank %.1f s, two ranks %.1f s: %.2f times\n", what, a, b, a / b }'
  done
}
last=$(($(nproc) - 1))
one 0 "$@"  # compiles the network, once for all
compare "each rank on a CPU of its own" 0 "$last" "$@"
compare "nothing bound" "0-$last" "0-$last" "$@"
hashes() { (cd "$1" && find . -name '*.safetensors' -exec sha256sum {} + | sort -k2); }
cmp <(hashes "$out/one") <(hashes "$out/two") && echo "same entries, byte for byte"
