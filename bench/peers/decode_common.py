"""What the decoding peers share: which frames, and how they are timed.

decode_PEER.py FRAMES SIZE < LIST samples every clip that stdin names, one a line, uniformly,
and prints the seconds (wall clock and CPU) that it took. The result of a clip is a uint8 array of
FRAMES x SIZE x SIZE x 3: the centre square, resized.
"""

import cv2
import numpy as np
from decode_timing import timed

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


def main(decode):
    """`decode(clip, frames)` gives a list of RGB arrays."""
    timed(lambda clip, frames, size: ready(decode(clip, frames), size))
