#!/usr/bin/env bash
# Extraction against the network alone and against other engines, in one run: a table on stdout,
# build/bench/extraction/*.json beside it.
#
#   bench/extraction.sh [DATA]        SECONDS_EACH=10 for each measurement
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
clips=${1:-$data/tennis7/split.csv}
each=${SECONDS_EACH:-10}
out=build/bench/extraction
rm -rf "$out"
mkdir -p "$out"
export XDG_CACHE_HOME=$PWD/$out/cache
machine
number() { sed -n "s/.*\"$2\": \([0-9.e-]*\).*/\1/p" "$1" | head -1; }

echo
echo "Frames ready in memory, and the share of the quickest matrix product:"
build/vidclass bench precision "$clips" --no-accuracy --seconds "$each" --pooling avg --quiet
build/vidclass bench precision "$clips" --no-accuracy --seconds "$each" --pooling avg --quiet \
  --json > "$out/precision.json"

echo
echo "From clips to the cache (extract), against the network alone:"
for precision in f32 bf16 int8; do
  # Twice: the first also compiles the network.
  for again in 1 2; do
    rm -rf "$out/features"
    build/vidclass extract "$clips" --precision "$precision" --pooling avg --quiet --json \
      --cache "$out/features" > "$out/extract-$precision.json"
  done
  alone=$(grep -A1 "\"precision\": \"$precision\"" "$out/precision.json" |
    sed -n 's/.*"frames_per_second": \([0-9.]*\).*/\1/p')
  awk -v p="$precision" -v e="$(number "$out/extract-$precision.json" frames_per_second)" \
    -v a="$alone" 'BEGIN { printf "  %-5s %6.1f frames/s, %.2f of the network alone (%.1f)\n", p, e, e / a, a }'
done

echo
echo "Other engines, frames ready in memory:"
bench/peers/setup.sh
weights=$VIDCLASS_WEIGHTS_DIR/xception_weights_tf_dim_ordering_tf_kernels_notop.h5
sample=$(find "$data/tennis7" -name '*.mp4' | sort | awk 'NR % 8 == 0' | head -32)
for engine in keras-predict tensorflow torch onnxruntime openvino nncf; do
  # shellcheck disable=SC2086  # one word a clip; the names hold no blanks
  if bench/peers/venv/bin/python bench/peers/frames_per_second.py "$engine" "$weights" $sample \
    --seconds "$each" > "$out/$engine.json" 2> "$out/$engine.log"; then
    printf '  %-14s %6.1f frames/s\n' "$engine" "$(number "$out/$engine.json" frames_per_second)"
  else
    printf '  %-14s not measured: %s\n' "$engine" "$(tail -1 "$out/$engine.log" | cut -c1-90)"
    rm -f "$out/$engine.json"
  fi
done
