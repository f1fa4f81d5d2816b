#!/usr/bin/env bash
# Extracts a data set in four shards, kills one (SIGKILL) half-way and runs it again, merges them, and
# compares each entry, byte for byte, with those of one run into a cache.
#
#   bench/shards.sh [DATA] [options of extract]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
data_set=${1:-$data/ut6/split.csv}
[[ $# -eq 0 ]] || shift
out=build/bench/shards
rm -rf "$out"
mkdir -p "$out"
machine
part() {
  build/vidclass extract "$data_set" --shard "$1/4" -o "$out/part-$1.safetensors" --quiet "${@:2}"
}
build/vidclass extract "$data_set" --cache "$out/one-run" --quiet "$@"
for shard in 0 1 3; do part "$shard" "$@"; done

# No function: it is the program that is to be killed, not a shell about it.
build/vidclass extract "$data_set" --shard 2/4 -o "$out/part-2.safetensors" --quiet "$@" &
pid=$!
while (($(find "$out" -path '*part-2*entries*' -name '*.safetensors' | wc -l) < 10)); do sleep 0.05; done
kill -KILL "$pid"
wait "$pid" 2>/dev/null || true
[[ ! -e $out/part-2.safetensors ]] || { echo 'the killed shard left a file' >&2; exit 1; }
printf 'killed shard 2 after %s entries\n' \
  "$(find "$out" -path '*part-2*entries*' -name '*.safetensors' | wc -l)"

build/vidclass cache merge "$out"/part-*.safetensors --cache "$out/merged" || true
part 2 "$@"
build/vidclass cache merge "$out"/part-*.safetensors --cache "$out/merged"
hashes() { (cd "$1" && find . -name '*.safetensors' -exec sha256sum {} + | sort -k2); }
hashes "$out/one-run" | wc -l
diff <(hashes "$out/one-run") <(hashes "$out/merged") && echo 'every entry as in one run'
