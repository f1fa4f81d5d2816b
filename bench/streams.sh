#!/usr/bin/env bash
# Test top-1 of the default model, of its appearance alone and of its motion alone, mean and
# deviation of SEEDS seeds (default 5), what motion weighs in it, and what the best weight in
# hindsight would have given, on the real clips in ../shared/data and on synthetic ones.
#
#   bench/streams.sh [SET...]        ut6 tennis7 crash2 ucf101 physio3 generated
#
# BACKBONE names the network (default: xception, and mini for the synthetic clips).
# Features are cached in build/bench/cache, for the other scripts too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
out=build/bench/streams
mkdir -p "$out"
machine
[ $# -gt 0 ] || set -- ut6 tennis7 crash2 ucf101 physio3 generated
for set in "$@"; do
  case $set in
  ucf101) data_set=("$data/ucf101" --splits "$data/ucf101/splits" --fold 1) ;;
  physio3) data_set=("$data/physio3") ;;
  generated)
    [ -d "$out/clips" ] || build/vidclass generate "$out/clips" --quiet
    data_set=("$out/clips")
    if [ -z "${BACKBONE:-}" ]; then data_set+=(--backbone mini); fi
    ;;
  *) data_set=("$data/$set/split.csv") ;;
  esac
  if [ -n "${BACKBONE:-}" ]; then data_set+=(--backbone "$BACKBONE"); fi
  printf '\n### %s\n' "$set"
  build/vidclass run "${data_set[@]}" -o "$out/$set" --cache build/bench/cache --seeds "${SEEDS:-5}" \
    --no-compare --overwrite --quiet --json > "$out/$set.json"
  python3 - "$out/$set.json" <<'EOF'
import json, sys
run = json.load(open(sys.argv[1]))
def told(scores):
    return f"{100 * scores['test_top1_mean']:5.1f} ± {100 * scores['test_top1_deviation']:.1f}"
print('both      ', told(run['heads']['gru']))
print('appearance', told(run['streams']['appearance']))
print('motion    ', told(run['streams']['motion']))
evaluation = run['evaluate']
streams = evaluation['streams']
best = max(streams['weights'], key=lambda other: (other['top1'], -other['loss']))
print(f"the model that was kept: motion weighs {streams['motion_weight']:.2f}, top-1 "
      f"{100 * evaluation['top1']:.1f}; in hindsight {best['weight']:.1f} would have given "
      f"{100 * best['top1']:.1f}")
EOF
done
