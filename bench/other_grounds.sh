#!/usr/bin/env bash
# How a model does in places that it never saw, without a test clip: ut6's training and validation
# clips (one place, a resting camera) are dealt out to five parts with whole groups; a model trained
# on four is tried on the fifth as it is, with coloured noise and with tennis courts behind the
# actors. Top-1 in per cent and loss over all clips.
#
#   bench/other_grounds.sh [OPTIONS OF TRAIN]        such as --augment none
#
# Needs bench/peers/setup.sh (OpenCV makes the clips).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/common.sh
need_shared_data
python=bench/peers/venv/bin/python
[ -x "$python" ] || { echo "SKIPPED: run bench/peers/setup.sh first"; exit 0; }
out=build/bench/other_grounds
mkdir -p "$out"
machine
for grounds in noise courts; do
  [ -e "$out/$grounds/done" ] && continue
  from=noise
  [ $grounds = courts ] && from=$data/tennis7
  "$python" bench/peers/other_grounds.py "$data/ut6/split.csv" "$from" "$out/$grounds"
  touch "$out/$grounds/done"
done
python3 - "$data/ut6" "$out" "$@" <<'PY'
import csv, json, os, pathlib, random, subprocess, sys

plain, out, options = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]
PARTS = 5


def clips(table):
    with open(table) as rows:
        return [(os.path.abspath(table.parent / row["path"]), row["label"], row["group"])
                for row in csv.DictReader(rows) if row.get("split") != "test"]


def vidclass(*words):
    program = ["build/vidclass", *words, "--cache", "build/bench/cache", "--json", "--quiet"]
    return json.loads(subprocess.run(program, check=True, capture_output=True).stdout)


def write(table, rows, split):
    with open(table, "w", newline="") as made:
        writer = csv.writer(made)
        writer.writerow(["path", "label", "group", "split"])
        writer.writerows([*row, split] for row in rows)


sets = {"as it is": clips(plain / "split.csv"), "noise": clips(out / "noise/clips.csv"),
        "courts": clips(out / "courts/clips.csv")}
groups = sorted({group for _, _, group in sets["as it is"]})
random.Random(3).shuffle(groups)
part_of = {group: i % PARTS for i, group in enumerate(groups)}
sums = {name: [0, 0, 0] for name in sets}
for part in range(PARTS):
    write(out / "train.csv", [c for c in sets["as it is"] if part_of[c[2]] != part], "train")
    vidclass("train", str(out / "train.csv"), "-o", str(out / "model.safetensors"), *options)
    for name, of_set in sets.items():
        write(out / "test.csv", [c for c in of_set if part_of[c[2]] == part], "test")
        said = vidclass("evaluate", str(out / "model.safetensors"), str(out / "test.csv"))
        for i, value in enumerate((1, said["top1"], said["loss"])):
            sums[name][i] += value * said["clips"]
for name, (count, top1, loss) in sums.items():
    print(f"{name}: {100 * top1 / count:.1f} % / {loss / count:.3f} of {count} clips")
PY
