"""Clips: files, bytes or arrays."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from . import _core
from .errors import UsageError

Content: TypeAlias = "str | os.PathLike[str] | bytes | NDArray[np.uint8]"
ClipLike: TypeAlias = "Content | Clip"


class Clip:
    """A video file, a folder of numbered pictures, the bytes of a file, or decoded frames; or a
    span of time in one. Nothing is opened before somebody asks for its frames.

    Args:
        content: A path, the bytes of a whole file, or frames: uint8 [T, H, W, 3], RGB, which are
            copied.
        start: Seconds after the first frame.
        end: The same; None: to the end.
        times: Of frames, T ascending seconds at which each is shown.
        fps: Of frames without times, how many are shown in a second.
        name: What results and errors call it; of bytes, its ending (".mp4") tells FFmpeg what the
            content leaves open.

    Raises:
        UsageError: For an array of another shape or type.
        ClipError: For times that do not ascend.
    """

    def __init__(
        self,
        content: Content,
        start: float = 0,
        end: float | None = None,
        *,
        times: Sequence[float] | NDArray[np.float64] | None = None,
        fps: float = 25,
        name: str | None = None,
    ) -> None:
        if isinstance(content, np.ndarray):
            self.name = name or "frames"
            self._core = _of_frames(content, start, end, times, fps, self.name)
        elif isinstance(content, (bytes, bytearray, memoryview)):
            self.name = name or "bytes"
            self._core = _core.Clip.of_bytes(bytes(content), self.name, start, end)
        else:
            self.name = os.fspath(content)
            self._core = _core.Clip.of_file(content, start, end)

    def __repr__(self) -> str:
        return f"Clip({self.name!r})"


def _of_frames(
    frames: NDArray[np.uint8],
    start: float,
    end: float | None,
    times: Sequence[float] | NDArray[np.float64] | None,
    fps: float,
    name: str,
) -> _core.Clip:
    if frames.dtype != np.uint8 or frames.ndim != 4 or frames.shape[3] != 3:
        raise UsageError(
            f"{name}: frames must be uint8 of shape [T, H, W, 3], not {frames.dtype} of shape "
            f"{list(frames.shape)}"
        )
    if times is None:
        if not fps > 0:
            raise UsageError(f"{name}: fps must be above 0, not {fps}")
        times = np.arange(len(frames)) / fps
    seconds = [float(time) for time in times]
    return _core.Clip.of_frames(np.ascontiguousarray(frames), seconds, name, start, end)


def as_clip(clip: ClipLike) -> Clip:
    return clip if isinstance(clip, Clip) else Clip(clip)


def is_one(clips: ClipLike | Iterable[ClipLike]) -> bool:
    """One clip, or several?"""
    return isinstance(clips, (str, os.PathLike, bytes, bytearray, memoryview, np.ndarray, Clip))


def as_clips(clips: ClipLike | Iterable[ClipLike]) -> list[Clip]:
    if is_one(clips):
        return [as_clip(cast(ClipLike, clips))]
    return [as_clip(clip) for clip in cast("Iterable[ClipLike]", clips)]
