"""Clips as a PyTorch data set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

import numpy as np
import torch
from torch.utils.data import Dataset as TorchDataset

from ._dataset import Dataset, as_dataset
from ._features import extract
from ._frames import read_frames
from ._options import Path
from ._progress import Progress
from .errors import ClipError


class ClipDataset(TorchDataset[tuple[Any, int]]):
    """A map-style data set of (clip, place of its label in `classes`), for a DataLoader with
    workers.

    All items have `frames` frames: a shorter clip's last one is repeated, so that items stack.

    Args:
        data: Labelled clips.
        split: "train", "val" or "test"; None: all clips.
        kind: "frames": uint8 [T, size, size, 3], decoded when an item is asked for, with one
            thread. "features": float32 [T, W], all extracted when the data set is made, through the
            cache.
        transform: Called with the tensor of an item; what it returns takes its place. Of frames for
            torchvision: ``lambda x: x.permute(0, 3, 1, 2)``.
        progress: Of the extraction.
        options: As read_frames() or extract() take them.

    Raises:
        ClipError: For a clip that cannot be used: of features at once, of frames when it is asked
            for.
    """

    def __init__(
        self,
        data: Dataset | Path,
        *,
        split: str | None = None,
        kind: Literal["frames", "features"] = "frames",
        frames: int = 20,
        transform: Callable[[torch.Tensor], Any] | None = None,
        progress: Progress = None,
        **options: Any,
    ) -> None:
        data = as_dataset(data)
        self.clips = [clip for clip in data if split is None or clip.split == split]
        self.classes = data.classes
        self._places = {label: place for place, label in enumerate(self.classes)}
        self._frames = frames
        self._transform = transform
        self._options = {**options, "frames": frames}
        self._features: list[np.ndarray[Any, Any]] | None = None
        if kind == "features":
            self._features = self._extract(progress)

    def _extract(self, progress: Progress) -> list[np.ndarray[Any, Any]]:
        found = extract([clip.as_clip() for clip in self.clips], progress=progress, **self._options)
        for place, reason in found.errors.items():
            raise ClipError(found.names[place], reason)
        return [values for values in found.arrays if values is not None]

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, place: int) -> tuple[Any, int]:
        clip = self.clips[place]
        if self._features is None:
            pixels = read_frames(clip.as_clip(), progress=False, **self._options).pixels
            values = torch.from_numpy(cast("np.ndarray[Any, Any]", pixels))
        else:
            values = torch.from_numpy(self._features[place])
        values = _filled(values, self._frames)
        if self._transform is not None:
            values = self._transform(values)
        return values, self._places[clip.label]


def _filled(values: torch.Tensor, frames: int) -> torch.Tensor:
    """The last one repeated."""
    missing = frames - len(values)
    if missing <= 0:
        return values
    return torch.cat([values, values[-1:].expand(missing, *values.shape[1:])])
