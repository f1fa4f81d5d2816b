#!/usr/bin/env bash
# The whole job on synthetic clips, with the built-in network lite0: nothing is downloaded.
# Everything is written into demo/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly vidclass=build/vidclass
readonly clips=demo/clips model=demo/run/model.safetensors
mkdir -p demo/cache
# Compiled networks go there too, not into the user's cache.
export XDG_CACHE_HOME=$PWD/demo/cache

step() { printf '\n== %s\n' "$*"; }

step "1. generate: synthetic clips into $clips"
"$vidclass" generate "$clips" --groups 6

step "2. run: scan, extract features, train, evaluate; into demo/run"
"$vidclass" run "$clips" --backbone lite0 -o demo/run --cache demo/cache --overwrite

# A clip that was not trained on: the middle line of the test list, "Class/clip".
mapfile -t test_clips <"$clips/splits/testlist01.txt"
clip=${test_clips[${#test_clips[@]} / 2]%% *}
clip=${clip%$'\r'}

step "3. predict: what happens in $clips/$clip (true label: ${clip%%/*})"
"$vidclass" predict "$model" "$clips/$clip" --top 3

step "4. your own clips, in one folder for each label"
echo "$vidclass run FOLDER --backbone lite0 -o result     # without --backbone: Xception, slower, and better in places like those of the training"
