#!/usr/bin/env bash
# The notebook's network, trained in Keras on tennis7's features, saved, imported: what `predict`
# says of the test clips' features and of seven of the clips themselves, against Keras.
# tests/exchange/setup.sh makes the environment of Keras.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
out=build/bench/keras_import
python=build/peers/keras3/bin/python
peer=bench/peers/keras_import.py
[ -x $python ] || { echo "SKIPPED: $python not found (tests/exchange/setup.sh)"; exit 0; }
mkdir -p $out
machine
build/vidclass extract "$data/tennis7/split.csv" --cache build/bench/cache -o $out/features --quiet
$python $peer train $out/features "$data/tennis7/split.csv" $out 2>>$out/keras.log

import() { build/vidclass import $out/head.keras --labels $out/labels.txt --quiet "$@" >/dev/null; }
import -o $out/arrays.safetensors --arrays
(cd $out && find plain -name '*.npy') | sed "s|^|$out/|" |
  build/vidclass predict $out/arrays.safetensors - --json --top 7 --quiet >$out/arrays.json
echo "features: $($python $peer compare $out/keras.json $out/arrays.json)"

# Frames as the features were made of.
import -o $out/clips.safetensors --size 299 --sampling uniform --preprocess standard --crop motion
clips=$(awk -F, -v data="$data/tennis7/" '$4 == "test" && !seen[$2]++ { print data $1 }' \
  "$data/tennis7/split.csv")
build/vidclass predict $out/clips.safetensors $clips --json --top 7 --quiet >$out/clips.json
echo "clips: $($python $peer compare $out/keras.json $out/clips.json)"
