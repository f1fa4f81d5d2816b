#!/usr/bin/env bash
# 10 epochs of the Keras example's head on cached tennis7 features: the whole command
# `vidclass train`, and the same in Keras from PyPI, in turn.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
out=build/bench/keras_gru
mkdir -p "$out"
machine
build/vidclass extract "$data/tennis7/split.csv" --cache build/bench/cache
ours() {
  build/vidclass train "$data/tennis7/split.csv" --head keras-gru --epochs 10 \
    --cache build/bench/cache -o "$out/model.safetensors" --quiet "$@"
}
echo "vidclass train --head keras-gru --epochs 10, whole command: $(repeat 5 ours)"
ours --json | sed -n 's/ *"seconds": \(.*\),/of which the training of the head: \1 s/p'

bench/peers/setup.sh
python=bench/peers/venv/bin/python
$python bench/peers/cache_to_npz.py build/bench/cache "$data/tennis7/split.csv" "$out/features.npz"
keras() { $python bench/peers/keras_gru.py "$out/features.npz"; }
echo "Keras, whole command: $(repeat 3 keras)"
echo "of which: $(keras)"
