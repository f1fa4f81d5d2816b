"""What the decoding peers share: which frames, and how they are timed.

decode_PEER.py FRAMES SIZE < LIST samples every clip that stdin names, one a line, uniformly,
and prints the seconds (wall clock and CPU) that it took. The result of a clip is a uint8 array of
FRAMES x SIZE x SIZE x 3: the centre square, resized.
"""

import json
import sys
import time

import cv2
import numpy as np

cv2.setNumThreads(1)


def indices(total, frames):
    """The middle of each of `frames` equal parts, each frame once."""
    return sorted({(2 * k + 1) * total // (2 * frames) for k in range(frames)})


def ready(frames, size):
    """Decoded RGB frames (H x W x 3) as the network takes them. OpenCV's bilinear resize is
    the quickest of those that the peers' users have at hand."""
    result = np.empty((len(frames), size, size, 3), np.uint8)
    for target, frame in zip(result, frames):
        height, width = frame.shape[:2]
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        square = np.ascontiguousarray(frame[top : top + side, left : left + side])
        cv2.resize(square, (size, size), dst=target)
    return result


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


def main(decode):
    """`decode(clip, frames)` gives a list of RGB arrays."""
    timed(lambda clip, frames, size: ready(decode(clip, frames), size))
