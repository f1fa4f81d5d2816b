"""vidclass.read_frames, one thread: frames come cropped and resized; see decode_common.py."""

import vidclass
from decode_common import timed


def frames_of(clip, frames, size):
    return vidclass.read_frames(clip, frames=frames, size=size, threads=1, progress=False).pixels


timed(frames_of)
