#!/usr/bin/env bash
# Reports of tennis7 and of 101 synthetic classes with their sizes, and evaluating 13,320 cached
# clips: seconds and memory, with features of `mini` and of Xception's size. The classes are the
# eight of `generate` by group; the larger set differs in nothing but its number of clips. SMALL=1
# takes few clips, to see that it works.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
out=build/bench/report
mkdir -p "$out"
export XDG_CACHE_HOME=$PWD/$out/cache
machine

# A CSV of clips of `generate` in 101 classes: five of eight clips of a group to train, one to
# validate, two to test.
classes_of() {
  (cd "$1" && find clips -name '*.avi' | sort) | awk '
    BEGIN { print "path,label,group,split" }
    { n = split($0, part, "/"); split(part[n], piece, /_g|_c|\.avi/)
      name = part[n - 1] "_g" piece[2]
      if (!(name in number)) number[name] = count++
      split_name = piece[3] % 8 == 6 ? "val" : piece[3] % 8 == 7 || piece[3] % 8 == 0 ? "test" : "train"
      printf "%s,Class%03d,,%s\n", $0, number[name] % 101, split_name }' >"$1/clips.csv"
}

size() { printf '%s: %d bytes\n' "$1" "$(stat -c %s "$1")"; }

# Seconds and the most memory of a command, its output dropped.
measured() {
  local start pid most=0 now
  start=$(date +%s.%N)
  "$@" >/dev/null 2>&1 &
  pid=$!
  while now=$(sed -n 's/^VmHWM:\s*\([0-9]*\) kB/\1/p' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
    most=$now
    sleep 0.05
  done
  wait "$pid"
  awk -v a="$start" -v b="$(date +%s.%N)" -v m="$most" \
    'BEGIN { printf "%.2f s, at most %.0f MB\n", b - a, m / 1024 }'
}

mkdir -p "$out/classes"
build/vidclass generate "$out/classes/clips" --groups 13 --clips-per-group 8 -q >/dev/null
classes_of "$out/classes"
build/vidclass run "$out/classes/clips.csv" -o "$out/classes/run" --backbone mini --no-compare -q |
  grep -E 'top-1|gru|mean'
size "$out/classes/run/report.html"

if [ "${SMALL:-}" = 1 ]; then groups=2 clips=8; else groups=17 clips=98; fi
mkdir -p "$out/many"
build/vidclass generate "$out/many/clips" --groups "$groups" --clips-per-group "$clips" -q >/dev/null
classes_of "$out/many"
head -n 13321 "$out/many/clips.csv" >"$out/many/set.csv"
# The model's labels, whatever the clips show: time does not depend on them.
model=$out/classes/run/model.safetensors
build/vidclass extract "$out/many/set.csv" --backbone mini -q >/dev/null
echo "evaluate of $(($(wc -l <"$out/many/set.csv") - 1)) cached clips: $(measured \
  build/vidclass evaluate "$model" "$out/many/set.csv" --split all --json)"
echo "the same with its page: $(measured build/vidclass evaluate "$model" "$out/many/set.csv" \
  --split all --json --report "$out/many/report.html")"
size "$out/many/report.html"

need_shared_data
# Features of Xception's size, 20 x 2048 numbers a clip, of clips that need not exist.
if [ "${SMALL:-}" = 1 ]; then clips=404; else clips=13320; fi
cmake --build --preset release --target bench_synthetic_cache -- --quiet
set=$out/xception-$clips
[ -e "$set/clips.csv" ] || build/bench_synthetic_cache "$set" "$clips" 101
build/vidclass train "$set/clips.csv" --pooling avg --crop centre --cache "$set/cache" --head mean --epochs 2 \
  -o "$set/model.safetensors" -q >/dev/null
echo "evaluate of $clips cached clips of Xception's size: $(measured build/vidclass evaluate \
  "$set/model.safetensors" "$set/clips.csv" --cache "$set/cache" --split all --json)"

build/vidclass run "$data/tennis7/split.csv" -o "$out/tennis7" -q | grep -E 'top-1|gru|mean'
size "$out/tennis7/report.html"
