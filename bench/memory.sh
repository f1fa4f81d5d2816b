#!/usr/bin/env bash
# Resident memory of `extract` over 1,000 clips: every second from /proc, the greatest of each
# tenth of the time. The clips are spans of tennis7's files, so that none is a copy of another.
#
#   bench/memory.sh [options of extract]     CLIPS=1000
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
clips=${CLIPS:-1000}
out=build/bench/memory
rm -rf "$out"
mkdir -p "$out"
awk -F, -v dir="$data/tennis7" -v n="$clips" '
  NR == 1 { print "path,label,start"; next }
  { path[++files] = $1; label[files] = $2 }
  END { for (i = 0; i < n; ++i) {
    f = i % files + 1
    printf "%s/%s,%s,%.1f\n", dir, path[f], label[f], int(i / files) * 0.2 } }
' "$data/tennis7/split.csv" > "$out/clips.csv"
machine
build/vidclass extract "$out/clips.csv" --cache "$out/cache" --quiet --json "$@" > "$out/extract.json" &
pid=$!
while kill -0 "$pid" 2>/dev/null; do
  awk '/^VmRSS/ { print $2 / 1024 }' "/proc/$pid/status" >> "$out/rss.txt" 2>/dev/null || true
  sleep 1
done
wait "$pid"
awk -v json="$(tr -d '\n ' < "$out/extract.json" | sed 's/.*"clips":\([0-9]*\).*"frames":\([0-9]*\).*/\1 clips, \2 frames/')" '
  { v[NR] = $1; if ($1 > top) top = $1 }
  END {
    printf "%s, greatest resident memory %.0f MB; of each tenth of the time:", json, top
    for (t = 0; t < 10; ++t) {
      m = 0
      for (i = int(NR * t / 10) + 1; i <= int(NR * (t + 1) / 10); ++i) if (v[i] > m) m = v[i]
      printf " %.0f", m
    }
    print " MB" }' "$out/rss.txt"
