"""The sampler by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Unpack, overload

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._clips import ClipLike, as_clips, is_one
from ._options import ReadOptions
from ._progress import Progress, shown
from .errors import ClipError


@dataclass(frozen=True, slots=True)
class Frames:
    """What was read of one clip."""

    name: str
    """Path or name of the clip."""
    pixels: NDArray[np.uint8] | None
    """[T, size, size, 3], RGB, in order of time; None if the clip is unusable."""
    times: NDArray[np.float64] | None
    """[T], when each is shown, in seconds after the file's first frame."""
    note: str
    """What is to be known of it, such as that it breaks off; empty for most."""
    error: str
    """Why the clip is unusable, else empty."""


@overload
def read_frames(  # type: ignore[overload-overlap]  # a path is an iterable of texts, too
    clips: ClipLike, *, progress: Progress = None, **options: Unpack[ReadOptions]
) -> Frames: ...
@overload
def read_frames(
    clips: Iterable[ClipLike], *, progress: Progress = None, **options: Unpack[ReadOptions]
) -> list[Frames]: ...
def read_frames(
    clips: ClipLike | Iterable[ClipLike],
    *,
    progress: Progress = None,
    **options: Unpack[ReadOptions],
) -> Frames | list[Frames]:
    """Frames of a clip as a network takes them: by default 20 spread over the clip, the square in
    the middle, 224 pixels wide.

    A clip is decoded with one thread; of several, `threads` at once.

    Raises:
        ClipError: If the one clip asked for cannot be used. Of several, those that cannot be used
            have an error.
        UsageError: For options out of range.
    """
    wanted = as_clips(clips)
    with shown(progress) as function:
        found = _core.read_frames([clip._core for clip in wanted], dict(options), function)
    frames = [Frames(clip.name, *each) for clip, each in zip(wanted, found, strict=True)]
    if not is_one(clips):
        return frames
    (one,) = frames
    if one.error:
        raise ClipError(one.name, one.error)
    return one
