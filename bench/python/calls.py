"""Predicts the same array of frames COUNT times: memory, threads and references before and after.

calls.py MODEL [COUNT]
"""

import gc
import os
import sys
import threading
from pathlib import Path

import numpy as np
import vidclass


def kilobytes():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def state(frames):
    gc.collect()
    return {
        "kB resident": kilobytes(),
        "threads": len(os.listdir("/proc/self/task")),
        "Python threads": threading.active_count(),
        "references to the array": sys.getrefcount(frames),
        "objects": len(gc.get_objects()),
    }


model = vidclass.load(sys.argv[1])
count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
frames = np.random.default_rng(1).integers(0, 255, (4, 64, 64, 3), np.uint8)
for _ in range(500):
    model.predict(frames)
before = state(frames)
for done in range(1, count + 1):
    model.predict(frames)
    if done % (count // 4) == 0:
        more = {name: value - before[name] for name, value in state(frames).items()}
        print(done, more, flush=True)
print("at first:", before)
