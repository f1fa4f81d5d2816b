#!/usr/bin/env bash
# Fine-tuning on tennis7 (../shared/data), on a machine with nothing else to do:
#   1. test top-1 of three seeds with --finetune, with minutes, beside the frozen network
#   2. an epoch of block14 from the activation cache against recomputing from frames
#   3. clips/s of two ranks of one thread each against one
#   4. on request: the training and validation clips in four parts with whole groups, each in
#      turn held out, with --finetune and frozen: to choose settings by, never by the test clips
#
#   bench/finetune.sh [PART...]     parts: accuracy cache ranks folds (default: the first three)
#   BLOCKS=block14 FLAGS="..."      what to fine-tune, and further options of train
#   SET=CSV                         other clips
#   KINDS="tuned frozen"            what accuracy trains
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
out=build/bench/finetune
mkdir -p "$out"
set=${SET:-$data/tennis7/split.csv}
blocks=${BLOCKS:-block14}
read -ra flags <<<"${FLAGS:-}"

# json FILE KEY...: a value in a JSON file.
json() { python3 -c 'import json, sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2:]: value = value[int(key) if isinstance(value, list) else key]
print(value)' "$@"; }

accuracy() {
  printf '\n### three seeds, --finetune %s %s\n' "$blocks" "${flags[*]}"
  for kind in ${KINDS:-tuned frozen}; do
    for seed in 1 2 3; do
      local model=$out/$kind-$seed.safetensors options=()
      if [ "$kind" = tuned ]; then options=(--finetune "$blocks" "${flags[@]}"); fi
      local minutes
      minutes=$(awk -v s="$(seconds build/vidclass train "$set" -o "$model" --seed "$seed" \
        --cache build/bench/cache "${options[@]}")" 'BEGIN { printf "%.1f", s / 60 }')
      build/vidclass evaluate "$model" "$set" --cache build/bench/cache --json >"$model.json"
      printf '%s seed %s: test top-1 %.1f %%, trained in %s min\n' "$kind" "$seed" \
        "$(awk -v v="$(json "$model.json" top1)" 'BEGIN { print v * 100 }')" "$minutes"
    done
  done | tee "$out/accuracy.txt"
  awk '{ n[$1]++; s[$1] += $6; q[$1] += $6 * $6 } END { for (k in n) {
    m = s[k] / n[k]; printf "%s: %.1f ± %.1f\n", k, m, sqrt((q[k] - n[k] * m * m) / (n[k] - 1)) } }' \
    "$out/accuracy.txt"
}

folds() {
  printf '\n### four folds of the clips that are not for testing, --finetune %s %s\n' "$blocks" \
    "${flags[*]}"
  python3 - "$set" "$out/folds.csv" <<'PY'
import csv, os, sys
with open(sys.argv[1]) as source, open(sys.argv[2], "w", newline="") as target:
    writer = csv.writer(target)
    writer.writerow(["path", "label", "group"])
    for row in csv.DictReader(source):
        if row["split"] == "test": continue
        path = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), row["path"])
        writer.writerow([path, row["label"], row["group"]])
PY
  for fold in 1 2 3 4; do
    for kind in ${KINDS:-tuned frozen}; do
      local model=$out/fold-$kind-$fold.safetensors options=()
      if [ "$kind" = tuned ]; then options=(--finetune "$blocks" "${flags[@]}"); fi
      build/vidclass train "$out/folds.csv" --folds 4 --fold "$fold" -o "$model" \
        --cache build/bench/cache "${options[@]}" >/dev/null 2>&1
      build/vidclass evaluate "$model" "$out/folds.csv" --cache build/bench/cache --json \
        >"$model.json" 2>/dev/null
      printf '%s fold %s: top-1 %.1f %%\n' "$kind" "$fold" \
        "$(awk -v v="$(json "$model.json" top1)" 'BEGIN { print v * 100 }')"
    done
  done | tee "$out/folds.txt"
  awk '{ n[$1]++; s[$1] += $5 } END { for (k in n) printf "%s: %.1f\n", k, s[k] / n[k] }' \
    "$out/folds.txt"
}

# One epoch in a cache of its own. Recomputing does the same work and, before it, what fills
# the cache: decoding and the frozen layers, in OpenVINO at its full speed. With --finetune-frames
# 20 both look at every frame of a clip.
cache() {
  printf '\n### an epoch of %s from the activation cache against recomputing\n' "$blocks"
  rm -rf "$out/cache"
  build/vidclass train "$set" -o "$out/epoch.safetensors" --cache "$out/cache" \
    --finetune "$blocks" --finetune-epochs 1 --finetune-frames 20 --head mean --json \
    >"$out/epoch.json"
  python3 - "$out/epoch.json" <<'PY'
import json, sys
run = json.load(open(sys.argv[1]))
tuned, clips = run["finetune"], run["train_clips"]
share = clips / (clips + run["val_clips"])
epoch = clips / tuned["clips_per_second"]
recomputed = tuned["frozen_seconds"] * share + epoch
print(f"from the cache {epoch:.1f} s, recomputing {recomputed:.1f} s: {recomputed / epoch:.1f} times")
PY
  rm -rf "$out/cache"
}

# Every third clip: what is timed is the epoch, and what follows it (features of the tuned network,
# the head) takes several times as long.
ranks() {
  printf '\n### clips/s of ranks of one thread each, %s runs in turn\n' "${REPEATS:-3}"
  every 3 "$set" "$out/some.csv"
  local common=(build/vidclass train "$out/some.csv" -o "$out/ranks.safetensors" --head mean
    --cache build/bench/cache --finetune "$blocks" --finetune-epochs 1 --json)
  # The activations must be there before anything is timed.
  "${common[@]}" >/dev/null 2>&1
  for ((i = 0; i < ${REPEATS:-3}; ++i)); do
    "${common[@]}" --threads 1 >"$out/rank1.json" 2>/dev/null
    export WORLD_SIZE=2 LOCAL_WORLD_SIZE=2 MASTER_ADDR=127.0.0.1 MASTER_PORT=29531
    RANK=1 "${common[@]}" --threads 1 >/dev/null 2>&1 &
    RANK=0 "${common[@]}" --threads 1 >"$out/rank2.json" 2>/dev/null
    wait
    unset WORLD_SIZE LOCAL_WORLD_SIZE MASTER_ADDR MASTER_PORT
    local one two
    one=$(json "$out/rank1.json" finetune clips_per_second)
    two=$(json "$out/rank2.json" finetune clips_per_second)
    awk -v a="$one" -v b="$two" \
      'BEGIN { printf "1 rank %.2f clips/s, 2 ranks %.2f clips/s: %.2f times\n", a, b, b / a }'
  done
}

machine
for part in "${@:-accuracy cache ranks}"; do
  for name in $part; do "$name"; done
done
