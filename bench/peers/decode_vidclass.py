"""vidclass.read_frames, one thread: frames come cropped and resized; see decode_timing.py."""

import vidclass
from decode_timing import timed


def frames_of(clip, frames, size):
    return vidclass.read_frames(clip, frames=frames, size=size, threads=1, progress=False).pixels


timed(frames_of)
