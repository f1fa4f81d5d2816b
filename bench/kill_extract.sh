#!/usr/bin/env bash
# Kills `extract` (SIGKILL) at random moments and starts it again, KILLS times (default 30), then
# lets it finish; every entry of the cache must be there and hold, byte for byte, what an
# undisturbed run into another cache holds.
#
#   bench/kill_extract.sh [DATA] [options of extract]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
kills=${KILLS:-30}
set -- "${1:-$data/ut6/split.csv}" "${@:2}"
out=build/bench/kill
rm -rf "$out"
mkdir -p "$out"
extract() { build/vidclass extract "$data_set" --cache "$1" --quiet "${@:2}"; }
data_set=$1
shift
machine
start=$(date +%s.%N)
extract "$out/undisturbed" "$@"
whole=$(awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { print b - a }')
printf 'undisturbed: %.1f s, %s entries\n' "$whole" "$(find "$out/undisturbed" -name '*.safetensors' | wc -l)"

for ((i = 1; i <= kills; i++)); do
  # No function: it is the program that is to be killed, not a shell about it.
  build/vidclass extract "$data_set" --cache "$out/killed" --quiet "$@" &
  pid=$!
  sleep "$(awk -v w="$whole" -v r="$RANDOM" -v n="$kills" 'BEGIN { print 0.2 + w * 1.6 / n * r / 32768 }')"
  if kill -KILL "$pid" 2>/dev/null; then echo -n "k"; else echo -n "."; fi
  wait "$pid" 2>/dev/null || true
done
echo
extract "$out/killed" "$@"
build/vidclass cache verify --cache "$out/killed"
hashes() { (cd "$1" && find . -name '*.safetensors' -exec sha256sum {} + | sort -k2); }
if diff <(hashes "$out/undisturbed") <(hashes "$out/killed"); then
  echo "after $kills kills: every entry as in the undisturbed run"
else
  echo "after $kills kills: entries differ from the undisturbed run" >&2
  exit 1
fi
