#!/usr/bin/env bash
# Test top-1 of the default head, with the mean-pool baseline and the Keras example's head
# beside it, on the real clips in ../shared/data: mean and deviation of seeds 1 to 5.
#
# Features are cached in build/bench/cache, for the other scripts too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
out=build/bench/accuracy
run() { build/vidclass run "${@:2}" -o "$out/$1" --cache build/bench/cache --seeds 5; }

machine
for set in tennis7 ut6; do
  printf '\n### %s\n' "$set"
  run "$set" "$data/$set/split.csv"
done
printf '\n### ucf101 (Punch, YoYo), fold 1\n'
run ucf101 "$data/ucf101" --splits "$data/ucf101/splits" --fold 1
