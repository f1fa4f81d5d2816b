#!/usr/bin/env bash
# Scan of a set as large as UCF101: 13,320 links to the clips of ../shared/data/ucf101, in 101
# classes of 25 groups under UCF101's names. Seconds and peak memory, first without and then with
# what the first scan left in the cache.
#
#   bench/scan.sh [CLIPS]    13320 by default
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
clips=${1:-13320}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
machine

find "$data/ucf101" -name '*.avi' | sort >"$work/files"
mkdir "$work/set" "$work/splits"
awk -v clips="$clips" -v set="$work/set" -v splits="$work/splits" '
{ file[NR - 1] = $0 }
END {
  for (c = 0; c < 101; ++c) printf "%d Class%03d\n", c + 1, c >(splits "/classInd.txt")
  for (n = 0; n < clips; ++n) {
    c = n % 101; g = int(n / 101) % 25 + 1; k = int(n / 101 / 25) + 1
    name = sprintf("Class%03d/v_Class%03d_g%02d_c%02d.avi", c, c, g, k)
    print file[n % NR] "\t" set "/" name
    if (g <= 7) print name >(splits "/testlist01.txt")
    else printf "%s %d\n", name, c + 1 >(splits "/trainlist01.txt")
  }
}' "$work/files" >"$work/links"
cut -f 2 "$work/links" | xargs -d '\n' dirname | sort -u | xargs -d '\n' mkdir -p
while IFS=$'\t' read -r file link; do printf '%s\0%s\0' "$file" "$link"; done <"$work/links" |
  xargs -0 -n 200 bash -c 'while [ $# -gt 0 ]; do ln -s "$1" "$2"; shift 2; done' _

run() { # NAME OPTIONS...
  local name=$1
  shift
  /usr/bin/time -f '%e s, %M kB' -o "$work/time" build/vidclass scan "$work/set" \
    --splits "$work/splits" --cache "$work/cache" --json -q "$@" >"$work/$name.json"
  printf '%-32s %s\n' "$name" "$(cat "$work/time")"
}
echo "$clips clips, $(wc -l <"$work/files") different files"
run "quick" --quick
run "first, with near duplicates"
run "again, with near duplicates"
rm -r "$work/cache"
run "deep" --deep
