"""Extracts clips without what is known of them: frames a second of the library from Python, and of
the program, in turn. One line a round, then the median ratio.

extract.py PROGRAM CSV [ROUNDS] [BACKBONE] [EVERY]     of a CSV every EVERY-th clip
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time

import vidclass

program, data = sys.argv[1:3]
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
backbone = sys.argv[4] if len(sys.argv) > 4 else "lite0"
every = int(sys.argv[5]) if len(sys.argv) > 5 else 8
paths = vidclass.Dataset(data).paths[::every]


def of_python(cache):
    extractor = vidclass.Extractor(backbone=backbone, cache=cache, progress=False)
    start = time.perf_counter()
    found = extractor.extract(paths, progress=False)
    return sum(len(values) for values in found.arrays) / (time.perf_counter() - start)


def of_program(cache):
    words = [program, "extract", *paths, "--backbone", backbone, "--cache", cache]
    done = subprocess.run(
        [*words, "--streams", "appearance", "--json"], capture_output=True, check=True
    )
    return json.loads(done.stdout)["frames_per_second"]


ratios = []
for number in range(rounds):
    ways = [("python", of_python), ("program", of_program)]
    pace = {}
    for name, way in ways if number % 2 else reversed(ways):
        with tempfile.TemporaryDirectory() as cache:
            pace[name] = way(cache)
    ratios.append(pace["python"] / pace["program"])
    paces = f"{pace['python']:.1f} {pace['program']:.1f} frames/s"
    print(f"{paces}, ratio {ratios[-1]:.3f}", flush=True)
print(f"{len(paths)} clips, median ratio {statistics.median(ratios):.3f}")
