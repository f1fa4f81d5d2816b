#!/usr/bin/env bash
# Scenes that are found, held against those that are known: pairs of clips of one scene (precision
# and recall), and how many test clips share a true scene with the clips to train with when a split
# is made with found scenes, and when it is made at random.
#
#   bench/scenes.sh
#
# Then a recording cut into 30 pieces over the classes of a given split (planted), and the given
# splits of tennis7 and ut6 as they are, in which none is to be found.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
machine
build/vidclass generate "$work/generated" --groups 15 --clips-per-group 2 -q >/dev/null
python3 bench/scenes_table.py "$data" "$work"
