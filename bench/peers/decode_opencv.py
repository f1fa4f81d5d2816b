"""OpenCV, one thread, in order, only the kept frames converted; see decode_common.py."""

import os

os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "threads;1"

import cv2
from decode_common import indices, main


def decode(clip, frames):
    capture = cv2.VideoCapture(clip, cv2.CAP_FFMPEG)
    total = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
    kept = []
    wanted = indices(total, frames)
    for number in range(wanted[-1] + 1):
        if not capture.grab():
            break
        if number == wanted[len(kept)]:
            kept.append(cv2.cvtColor(capture.retrieve()[1], cv2.COLOR_BGR2RGB))
    capture.release()
    return kept


main(decode)
