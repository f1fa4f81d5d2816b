#!/usr/bin/env bash
# Near duplicates across splits: 20 copies of test clips planted in the training set of
# ../shared/data/ucf101 (found, false), and the splits of tennis7 and ut6 as they come (false).
#
#   bench/leaks.sh [SEED]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
seed=${1:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
machine

scan() { # NAME DATA...: the report as JSON; exit status 3 (unusable clips) is no failure
  local name=$1
  shift
  build/vidclass scan "$@" --cache "$work/cache" --json -q >"$work/$name.json" || [ $? -eq 3 ]
}

bench/plant_copies.sh "$data/ucf101" "$work/ucf101" "$seed"
scan ucf101 "$work/ucf101"
scan tennis7 "$data/tennis7/split.csv"
scan ut6 "$data/ut6/split.csv"
python3 bench/leaks_table.py "$work" ucf101 tennis7 ut6
