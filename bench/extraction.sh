#!/usr/bin/env bash
# Extraction against the network alone and against other engines, in one run: a table on stdout,
# build/bench/extraction/*.json beside it.
#
#   bench/extraction.sh [DATA]        SECONDS_EACH=5 for each measurement, REPEATS=3
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
clips=${1:-$data/tennis7/split.csv}
each=${SECONDS_EACH:-5}
rounds=${REPEATS:-3}
out=build/bench/extraction
rm -rf "$out"
mkdir -p "$out"
export XDG_CACHE_HOME=$PWD/$out/cache
machine
number() { sed -n "s/.*\"$2\": \([0-9.e-]*\).*/\1/p" "$1" | head -1; }

echo
echo "Frames ready in memory, and the share of the quickest matrix product:"
build/vidclass bench precision "$clips" --no-accuracy --seconds "$each" --pooling avg --quiet
echo
echo "From clips to the cache (extract) against the network alone, $rounds rounds in turn:"
# Every nth clip: as many as keep each precision busy for about as long, so that the start of the
# command, half a second, has about the same share.
declare -A nth=([f32]=6 [bf16]=3 [int8]=2)
extract() {
  rm -rf "$out/features"
  build/vidclass extract "$out/some.csv" --precision "$1" --pooling avg --quiet --json \
    --cache "$out/features" > "$out/extract.json"
  number "$out/extract.json" frames_per_second
}
alone() {
  build/vidclass bench precision "$out/some.csv" --precision "$1" --no-accuracy --pooling avg \
    --quiet --seconds "$each" --rounds 1 --json > "$out/alone.json"
  number "$out/alone.json" frames_per_second
}
for precision in f32 bf16 int8; do
  every "${nth[$precision]}" "$clips" "$out/some.csv"
  extract "$precision" > /dev/null  # compiles the network, and calibrates
  for ((round = 0; round < rounds; ++round)); do
    echo "$(extract "$precision") $(alone "$precision")"
  done | tee "$out/extract-$precision.txt" | awk '{ print $1 / $2, $1, $2 }' | sort -n |
    awk -v p="$precision" '{ r[NR] = $1; e[NR] = $2; a[NR] = $3 } END { m = int((NR + 1) / 2)
      printf "  %-5s extract %.1f frames/s, alone %.1f: %.3f (%.3f to %.3f)\n",
        p, e[m], a[m], r[m], r[1], r[NR] }'
done

echo
echo "Other engines, frames ready in memory:"
bench/peers/setup.sh
weights=$VIDCLASS_WEIGHTS_DIR/xception_weights_tf_dim_ordering_tf_kernels_notop.h5
sample=$(find "$data/tennis7" -name '*.mp4' | sort | awk 'NR % 8 == 0' | head -32)
for engine in notebook keras-predict tensorflow torch onnxruntime openvino nncf; do
  # shellcheck disable=SC2086  # one word a clip; the names hold no blanks
  if bench/peers/venv/bin/python bench/peers/frames_per_second.py "$engine" "$weights" $sample \
    --seconds "$each" > "$out/$engine.json" 2> "$out/$engine.log"; then
    printf '  %-14s %6.1f frames/s\n' "$engine" "$(number "$out/$engine.json" frames_per_second)"
  else
    printf '  %-14s not measured: %s\n' "$engine" "$(tail -1 "$out/$engine.log" | cut -c1-90)"
    rm -f "$out/$engine.json"
  fi
done
