#!/usr/bin/env bash
# What run promises of new places where nobody named groups or splits, beside what the given split
# then shows, and beside the test score of a split at random. Top-1 in per cent, lite0.
#
#   bench/promise.sh [OPTIONS OF RUN]        such as --head moments
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
machine
new_places() { python3 -c 'import json, sys
new = json.load(sys.stdin)["places"]["new"]
print("%.1f" % (100 * new["top1"]) if new else "nobody can know")'; }
test_top1() { python3 -c 'import json, sys
print("%.1f" % (100 * json.load(sys.stdin)["evaluate"]["top1"]))'; }
echo '| set | promised for new places | seen in the given test split | promised by a split at random |'
echo '|---|---|---|---|'
for set in tennis7 ut6 crash2; do
  python3 - "$data/$set" "$work/$set.csv" <<'PY'
import csv, os, sys
with open(sys.argv[1] + "/split.csv") as clips, open(sys.argv[2], "w", newline="") as plain:
    writer = csv.writer(plain)
    writer.writerow(["path", "label"])
    for row in csv.DictReader(clips):
        writer.writerow([os.path.abspath(os.path.join(sys.argv[1], row["path"])), row["label"]])
PY
  run() { build/vidclass run "$@" -o "$work/out" --overwrite --backbone lite0 --no-compare \
    --cache build/bench/cache --json --quiet; }
  promised=$(run "$work/$set.csv" "${@}" | new_places)
  seen=$(run "$data/$set/split.csv" "${@}" | test_top1)
  random=$(run "$work/$set.csv" --groups none "${@}" | test_top1)
  echo "| $set | $promised | $seen | $random |"
done
