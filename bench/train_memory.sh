#!/usr/bin/env bash
# Seconds and peak memory of training heads on CLIPS synthetic clips in 101 classes, by default
# 10,597, of which 9,537 are trained on, as of UCF101's first list: 20 x 5,552 features each and 10 of
# the faded form, 3.4 GB. All of the default's training: the choice of the ensemble, six members, and
# once more on all clips; without and with a motion stream, whose 1,200 cuboids a clip are 4 GB. The
# peak is the kernel's VmHWM, which counts pages of mapped files too.
#
#   bench/train_memory.sh [CLIPS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
clips=${1:-10597}
out=build/bench/train_memory/$clips
machine
if [ ! -e "$out/clips.csv" ]; then
  cmake --build --preset release --target bench_synthetic_cache -- --quiet
  echo "making $clips clips in $out"
  build/bench_synthetic_cache "$out" "$clips" 101
fi
# shellcheck disable=SC2086  # an option and its value
for head in "gru --streams appearance" "gru --streams appearance,motion" keras-gru mean; do
  /usr/bin/env bash -c '
    start=$(date +%s)
    "$@" & child=$!
    peak=0
    while kill -0 $child 2>/dev/null; do
      now=$(sed -n "s/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p" /proc/$child/status 2>/dev/null || true)
      peak=${now:-$peak}
      sleep 0.05
    done
    wait $child
    echo "$(($(date +%s) - start)) s, peak of resident memory: $((peak / 1000)) MB"
  ' measure build/vidclass train "$out/clips.csv" --split 90/10/0 --crop centre \
    --cache-dtype float16 --cache "$out/cache" --head $head --quiet --overwrite -o "$out/model.safetensors" |
    sed "s/^/$head: /"
done
