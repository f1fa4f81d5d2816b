#!/usr/bin/env bash
# Seconds and peak memory of training heads on CLIPS (13,320: as many as UCF101 has) synthetic clips
# of 20 x 2048 features in 101 classes, 2.2 GB, two epochs; `gru` without and with a motion stream,
# whose 1,200 cuboids a clip are 5 GB. The peak is the kernel's VmHWM, which
# counts pages of mapped files too.
#
#   bench/train_memory.sh [CLIPS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
clips=${1:-13320}
out=build/bench/train_memory/$clips
machine
if [ ! -e "$out/clips.csv" ]; then
  cmake --build --preset release --target bench_synthetic_cache -- --quiet
  echo "making $clips clips in $out"
  build/bench_synthetic_cache "$out" "$clips" 101
fi
# shellcheck disable=SC2086  # an option and its value
for head in "gru --streams appearance" "gru --streams appearance,motion" keras-gru mean; do
  # --members: as many at the same time as the default has.
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
  ' measure build/vidclass train "$out/clips.csv" --pooling avg --crop centre --cache "$out/cache" \
    --head $head --epochs 2 --quiet -o "$out/model.safetensors" |
    sed "s/^/$head: /"
done
