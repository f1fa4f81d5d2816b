"""How reading frames is timed: clips whose names come on stdin, FRAMES and SIZE as arguments."""

import json
import sys
import time


def timed(frames_of):
    """`frames_of(clip, frames, size)` gives the array of a clip."""
    frames, size = int(sys.argv[1]), int(sys.argv[2])
    clips = [line.strip() for line in sys.stdin]
    for clip in clips[:3]:
        frames_of(clip, frames, size)
    start, cpu = time.perf_counter(), time.process_time()
    count = sum(len(frames_of(clip, frames, size)) for clip in clips)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds, "frames": count}))
