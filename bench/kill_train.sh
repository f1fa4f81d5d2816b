#!/usr/bin/env bash
# KILLS (20) trainings, each killed by SIGKILL at a random moment and then resumed: are the
# final weights those of an undisturbed run, bit for bit?
#
#   bench/kill_train.sh [KILLS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
kills=${1:-20}
out=build/bench/kill_train
mkdir -p "$out"
machine
[ -e "$out/clips/classInd.txt" ] || [ -d "$out/clips" ] ||
  build/vidclass generate "$out/clips" --groups 6 --clips-per-group 4 --quiet
# The ensemble is given: choosing it is done anew after a kill, and would take most of the time.
train() {
  exec build/vidclass train "$out/clips" --backbone mini --cache "$out/cache" --epochs 20 \
    --ensemble balanced --checkpoint-seconds 0.2 -o "$out/$1.safetensors" --quiet "${@:2}" >/dev/null
}
# Of the weights alone: the file's header tells how long the training took.
weights() {
  local header
  header=$(od -An -t u8 -N 8 "$1" | tr -d ' ')
  tail -c +$((header + 9)) "$1" | sha256sum | cut -d ' ' -f 1
}

(train undisturbed)  # fills the cache
start=$(date +%s%N)
(train undisturbed)
length=$((($(date +%s%N) - start) / 1000000))
expected=$(weights "$out/undisturbed.safetensors")
echo "undisturbed: $length ms, weights $expected"

same=0
before=0
for ((i = 1; i <= kills; i++)); do
  rm -rf "$out"/killed.safetensors*
  (train killed) &  # exec: it is the program that is killed, not a shell about it
  child=$!
  pause=$((RANDOM * length / 32768))
  sleep "$(awk -v ms=$pause 'BEGIN { print ms / 1000 }')"
  kill -KILL $child 2>/dev/null || before=$((before + 1))
  wait $child 2>/dev/null || true
  # There is no such folder when it was killed before its first checkpoint.
  kept=$(find "$out" -path '*/killed.safetensors.checkpoints/*' -name '*.safetensors' | wc -l)
  (train killed --resume)
  got=$(weights "$out/killed.safetensors")
  [ "$got" = "$expected" ] && { verdict=same; same=$((same + 1)); } || verdict="DIFFERENT ($got)"
  echo "kill $i after $pause ms, $kept checkpoints: weights $verdict"
done
echo "$same of $kills the same; $before had ended before they were killed"
[ "$same" = "$kills" ]
