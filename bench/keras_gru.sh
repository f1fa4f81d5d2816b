#!/usr/bin/env bash
# 10 epochs of the Keras example's head on cached tennis7 features: the whole command
# `vidclass train` (which also trains the mean-pool baseline), and the same in Keras from PyPI,
# in turn; and of both, epochs 2 to 10 alone, validation included (the first one compiles in
# Keras).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
out=build/bench/keras_gru
mkdir -p "$out"
machine
build/vidclass extract "$data/tennis7/split.csv" --pooling avg --cache build/bench/cache
ours() {
  build/vidclass train "$data/tennis7/split.csv" --pooling avg --head keras-gru --epochs 10 \
    --cache build/bench/cache -o "$out/model.safetensors" --log "$out/log.jsonl" --quiet "$@"
}
bench/peers/setup.sh
python=bench/peers/venv/bin/python
$python bench/peers/cache_to_npz.py build/bench/cache "$data/tennis7/split.csv" "$out/features.npz"
# TensorFlow greets on stderr; a failure still tells by its status and the missing figures.
keras() { $python bench/peers/keras_gru.py "$out/features.npz" 2>>"$out/keras.log"; }

for i in 1 2 3; do
  printf 'vidclass: whole command %s s, ' "$(seconds ours)"
  sed -n 's/.*"epoch":\([0-9]*\),.*"seconds":\([0-9.e-]*\).*/\1 \2/p' "$out/log.jsonl" |
    awk '$1 > 1 { sum += $2 } END { printf "epochs 2 to 10 %.3f s\n", sum }'
  printf 'Keras:    whole command %s s, of which ' "$(seconds keras)"
  keras
done
