#!/usr/bin/env bash
# What the motion stream costs, in pairs: `extract` of clips without and with it in turn, and
# `predict` of one clip by models without and with it; then the milliseconds a clip of each part.
#
#   bench/motion.sh [DATA]        ROUNDS=5, CLIPS=24 of DATA
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
list=${1:-$data/tennis7/split.csv}
rounds=${ROUNDS:-5}
count=${CLIPS:-24}
out=build/bench/motion
rm -rf "$out"
mkdir -p "$out"
export XDG_CACHE_HOME=$PWD/$out/cache
machine
total=$(($(wc -l < "$list") - 1))
every $((total / count)) "$list" "$out/some.csv"
extract() {
  rm -rf "$out/features"
  build/vidclass extract "$out/some.csv" --streams "$1" --cache "$out/features" --quiet
}
pairs() { # name, command without, command with
  for ((round = 0; round < rounds; ++round)); do
    echo "$(seconds $2) $(seconds $3)"
  done | awk '{ print $2 / $1, $1, $2 }' | sort -n | awk -v name="$1" '
    { r[NR] = $1; a[NR] = $2; b[NR] = $3 }
    END { m = int((NR + 1) / 2)
      printf "%-8s without %.2f s, with %.2f s: %.3f (%.3f to %.3f)\n", name, a[m], b[m], r[m], r[1], r[NR] }'
}
extract appearance > /dev/null # compiles the network
pairs extract "extract appearance" "extract appearance,motion"

for streams in appearance appearance,motion; do
  build/vidclass train "$out/some.csv" --split 70/15/15 --streams "$streams" --epochs 2 --members 1 \
    --ensemble motion --augment none --cache "$out/features" --quiet -o "$out/$streams.safetensors" > /dev/null
done
clip=$(dirname "$list")/$(sed -n '2{s/,.*//;p}' "$out/some.csv")
[ -e "$clip" ] || clip=$(sed -n '2{s/,.*//;p}' "$out/some.csv")
predict() { build/vidclass predict "$out/$1.safetensors" "$clip" --quiet > /dev/null; }
pairs predict "predict appearance" "predict appearance,motion"

cmake --build --preset release --target bench_motion -- --quiet
build/bench_motion "$out/some.csv"
