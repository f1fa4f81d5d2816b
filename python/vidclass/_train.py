"""From a data set to a model file."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Unpack, cast

from . import _core
from ._dataset import Dataset, as_dataset
from ._options import Path, TrainOptions
from ._progress import Progress, shown


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch of one of the heads whose answers are averaged."""

    seed: int
    """Of the training."""
    member: int
    """Which of the heads, from 0."""
    epoch: int
    """From 1."""
    train_loss: float
    """Means of -ln p(true label)."""
    val_loss: float
    val_top1: float
    """A fraction of 1."""
    learning_rate: float
    """At the epoch's last step."""


@dataclass(frozen=True, slots=True)
class Training:
    """What came of a training. Scores are fractions of 1, on the validation clips."""

    model: str
    """The file that was written."""
    val_top1: float
    val_loss: float
    """Mean of -ln p(true label)."""
    baseline_val_top1: float
    """Of the mean-pool baseline."""
    train_clips: int
    val_clips: int
    seconds: float
    """Without the extraction."""
    unusable: list[tuple[str, str]]
    """Paths and reasons."""


def train(
    data: Dataset | Path,
    model: Path,
    *,
    on_epoch: Callable[[Epoch], object] | None = None,
    progress: Progress = None,
    **options: Unpack[TrainOptions],
) -> Training:
    """Extracts what is missing in the cache, trains a head and the mean-pool baseline, and writes
    `model`, which appears whole or not at all. Test clips are not touched. The same options and seed
    give the same model as the program.

    After Ctrl-C, or an exception from `on_epoch` or `progress`, the file holds the best epochs so
    far, if there are any, and the same call with `resume=True` goes on.

    Args:
        on_epoch: Called after each epoch of each head.

    Raises:
        UsageError: For a request that cannot be.
        Error: For data and weights that cannot be used.
    """
    def epoch(now: _core.Epoch) -> None:
        losses = (now.train_loss, now.val_loss, now.val_top1, now.learning_rate)
        cast(Callable[[Epoch], object], on_epoch)(
            Epoch(now.seed, now.member, now.epoch, *losses)
        )

    labelled = as_dataset(data)
    with shown(progress) as function:
        found = _core.train(
            labelled._core, model, dict(options), function, epoch if on_epoch else None
        )
    found["unusable"] = [(os.fspath(path), reason) for path, reason in found["unusable"]]
    return Training(model=os.fspath(model), **found)
