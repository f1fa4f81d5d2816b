#!/usr/bin/env bash
# `predict` of one UCF101 clip, whole command, and the Keras example's code for one clip.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
out=build/bench/predict
mkdir -p "$out"
export XDG_CACHE_HOME=$PWD/$out/cache
clip=$data/ucf101/YoYo/v_YoYo_g01_c01.avi
machine
[ -e "$out/model.safetensors" ] ||
  build/vidclass train "$data/ucf101" --splits "$data/ucf101/splits" -o "$out/model.safetensors"
predict() { build/vidclass predict "$out/model.safetensors" "$clip" "$@"; }
rm -rf "$out/cache/vidclass/compiled"
echo "vidclass predict, first run (nothing compiled yet): $(seconds predict) s"
echo "vidclass predict, later runs: $(repeat 7 predict)"
echo "the same in f32: $(repeat 5 predict --precision f32)"
predict

bench/peers/setup.sh
notebook() {
  bench/peers/venv/bin/python bench/peers/notebook_predict.py \
    "$VIDCLASS_WEIGHTS_DIR/xception_weights_tf_dim_ordering_tf_kernels_notop.h5" \
    "$data/reference/keras_gru.keras" "$clip"
}
echo "the Keras example's code: $(repeat 3 notebook)"
