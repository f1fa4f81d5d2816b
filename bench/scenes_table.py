"""The work of bench/scenes.sh: scans without groups, and a table of what was found.

    scenes_table.py DATA WORK
"""
import csv
import itertools
import json
import os
import pathlib
import random
import re
import subprocess
import sys

data, work = map(pathlib.Path, sys.argv[1:])
CACHE = "build/bench/cache"


def scan(table, *options):
    program = ["build/vidclass", "scan", str(table), "--cache", CACHE, "--json", "--quiet", *options]
    return json.loads(subprocess.run(program, check=True, capture_output=True).stdout)


def read(table):
    with open(table) as rows:
        return list(csv.DictReader(rows))


def write(table, rows):
    with open(table, "w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def listed(name):
    """Clips of a set with its CSV: path, label, true scene, split."""
    return [dict(path=os.path.abspath(data / name / row["path"]), label=row["label"],
                 group=row["group"], split=row["split"]) for row in read(data / name / "split.csv")]


def named(folder, scene_of):
    """Clips of class folders whose names tell the scene."""
    return [dict(path=os.path.abspath(clip), label=clip.parent.name, group=scene_of(clip), split="")
            for clip in sorted(folder.glob("*/*.avi"))]


def pairs(found, true):
    """Precision and recall over all pairs of clips."""
    same = [(f == g, t == u) for (f, t), (g, u) in itertools.combinations(zip(found, true), 2)]
    both = sum(f and t for f, t in same)
    return both / max(1, sum(f for f, _ in same)), both / max(1, sum(t for _, t in same))


def crossing(true, splits):
    """Test clips that share a true scene with others, of all test clips."""
    trained = {t for t, split in zip(true, splits) if split != "test"}
    tested = [t for t, split in zip(true, splits) if split == "test"]
    return sum(t in trained for t in tested) / len(tested)


sets = {name: listed(name) for name in ("tennis7", "ut6", "crash2")}
sets["ut6, places"] = [dict(row, group="1" if int(row["group"][3:]) <= 10 else "2")
                       for row in sets["ut6"]]
sets["ucf101"] = named(data / "ucf101", lambda clip: re.sub(r"_c\d+$", "", clip.stem))
sets["generated"] = named(work / "generated", lambda clip: re.search(r"_(g\d+)_", clip.stem)[1])

print("| set | clips | scenes found / true | precision | recall | test clips sharing a true scene: "
      "found / random split |\n|---|---|---|---|---|---|")
for name, rows in sets.items():
    plain = work / "plain.csv"
    write(plain, [dict(path=row["path"], label=row["label"]) for row in rows])
    true = [row["group"] for row in rows]
    kept = work / "found.csv"
    scan(plain, "--groups", "found", "--split", "70/15/15", "--write", str(kept), "--overwrite")
    found = read(kept)
    precision, recall = pairs([row["group"] for row in found], true)
    splits = [row["split"] for row in found]
    shuffled = []
    for seed in range(20):
        dealt = list(splits)
        random.Random(seed).shuffle(dealt)
        shuffled.append(crossing(true, dealt))
    print(f"| {name} | {len(rows)} | {len({row['group'] for row in found})} / {len(set(true))} | "
          f"{precision:.2f} | {recall:.2f} | {100 * crossing(true, splits):.0f} % / "
          f"{100 * sum(shuffled) / len(shuffled):.0f} % |")


def recordings(table, *options):
    leaks = [leak for leak in scan(table, *options)["leaks"] if leak["kind"] == "recording"]
    tested = {clip["path"] for leak in leaks for clip in leak["clips"] if clip["split"] == "test"}
    return len(leaks), tested


print("\n| given split | recordings told | test clips told |\n|---|---|---|")
for name in ("tennis7", "ut6", "crash2"):
    count, tested = recordings(data / name / "split.csv")
    print(f"| {name} | {count} | {len(tested)} of "
          f"{sum(row['split'] == 'test' for row in sets[name])} |")
# One long clip, cut into 30 pieces that go to all classes and splits of ut6.
long_clip = max((data / "physio3").glob("*/*.mp4"), key=lambda clip: clip.stat().st_size)
length = float(subprocess.run(
    ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", long_clip],
    check=True, capture_output=True, text=True).stdout)
labels = sorted({row["label"] for row in sets["ut6"]})
planted = []
for piece in range(30):
    path = work / f"piece{piece:02}.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-ss", str(piece * length / 30), "-i", long_clip, "-t",
                    str(length / 30), "-an", "-crf", "23", path], check=True)
    planted.append(dict(path=str(path), label=labels[piece % len(labels)], group="",
                        split="test" if piece % 3 == 0 else "train"))
table = work / "planted.csv"
write(table, [dict(row, group="") for row in sets["ut6"]] + planted)
count, tested = recordings(table, "--groups", "given")
mine = {os.path.abspath(row["path"]) for row in planted if row["split"] == "test"}
told = {os.path.abspath(path) for path in tested}
print(f"| ut6 with 30 pieces of one recording | {count} | {len(told & mine)} of {len(mine)} planted, "
      f"{len(told - mine)} others |")
