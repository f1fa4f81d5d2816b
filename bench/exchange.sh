#!/usr/bin/env bash
# What exported networks compute against predict, on the same pixels of 20 clips: the largest
# difference of a probability, and the seconds a clip, in ONNX Runtime, OpenVINO, PyTorch and Keras
# (JAX). An engine without its environment (tests/exchange/setup.sh) is left out.
#
#   bench/exchange.sh MODEL...
#
# The clips are every seventh of ../shared/data/tennis7, whatever the model was trained on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
out=build/bench/exchange
mkdir -p "$out"
ninja -C build bench_sampled_clips > /dev/null
machine
mapfile -t clips < <(find "$data/tennis7" -name '*.mp4' | sort | awk 'NR % 7 == 0' | head -n 20)
for model in "$@"; do
  printf '\n### %s, %s clips\n' "$model" "${#clips[@]}"
  rm -rf "$out/clips"
  build/bench_sampled_clips "$model" "$out/clips" "${clips[@]}"
  while read -r engine environment format ending; do
    [ -x build/peers/$environment/bin/python ] || continue
    build/vidclass export "$model" --to "$format" --frames -o "$out/net.$ending" --quiet > "$out/export.txt"
    build/peers/$environment/bin/python tests/exchange/run_peer.py "$engine" \
      "$out/net.$ending" "$out/clips" 2> "$out/calls.txt" > "$out/largest.txt"
    awk -v engine="$engine" -v largest="$(cat "$out/largest.txt")" '
      { seconds += $3 } END { printf "%-12s %8.2g   %.2f s a clip\n", engine, largest, seconds / NR }
    ' "$out/calls.txt"
  done <<'ENGINES'
onnxruntime onnx onnx onnx
openvino onnx openvino xml
torch torch torch pt
keras keras3 keras keras
ENGINES
done
