"""Counts planted copies that were found, and what else was reported.

    python3 bench/leaks_table.py FOLDER SET...   FOLDER/SET.json is what `scan --json` printed,
                                                 FOLDER/SET/planted.tsv what was planted
"""

import collections
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
for name in sys.argv[2:]:
    report = json.loads((folder / f"{name}.json").read_text())
    plants = {}  # planted clip: (kind, source), both as class/file
    planted_list = folder / name / "planted.tsv"
    if planted_list.exists():
        for line in planted_list.read_text().splitlines():
            kind, planted, source = line.split("\t")
            plants[planted] = (kind, source)

    same_footage = {
        frozenset("/".join(pathlib.Path(pair[end]).parts[-2:]) for end in ("first", "second"))
        for pair in report["near_duplicates"]
    }
    found = set()
    explained = []  # a copy of a clip that itself overlaps another clip of the set
    others = []
    for leak in report["leaks"]:
        clips = ["/".join(pathlib.Path(clip["path"]).parts[-2:]) for clip in leak["clips"]]
        copies = [
            clip
            for clip in clips
            if leak["kind"] == "near duplicate" and clip in plants and plants[clip][1] in clips
        ]
        found.update(copies)
        sources = frozenset(plants[clip][1] if clip in plants else clip for clip in clips)
        if copies:
            continue
        if sources in same_footage:
            explained.append((leak["overlap"], clips))
        else:
            others.append((leak["kind"], leak.get("overlap"), clips))

    print(f"{name}: {report['clips']} clips, {len(plants)} planted, {len(found)} found, "
          f"{len(others)} false, {len(explained)} more because two clips of the set itself overlap")
    of_kind = collections.Counter(kind for kind, _ in plants.values())
    for kind, count in of_kind.items():
        print(f"  {kind}: {sum(plants[clip][0] == kind for clip in found)} of {count}")
    for planted, (kind, source) in plants.items():
        if planted not in found:
            print(f"  missed: {planted} ({kind} from {source})")
    for kind, overlap, clips in others:
        sources = [f"{clip} (from {plants[clip][1]})" if clip in plants else clip for clip in clips]
        print(f"  false: {kind}, {overlap} s: {', '.join(sources)}")
    for overlap, clips in explained:
        sources = [f"{clip} (from {plants[clip][1]})" if clip in plants else clip for clip in clips]
        print(f"  overlap of the set itself: {overlap} s: {', '.join(sources)}")
    for warning in report["warnings"]:
        if "footage" in warning:
            print(f"  warning: {warning}")
