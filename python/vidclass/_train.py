"""From a data set to a model file."""

from __future__ import annotations

import logging
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, Unpack, cast

from . import _train_process
from ._dataset import Dataset, as_dataset
from ._options import Path, TrainOptions
from ._progress import Progress, ProgressFunction, shown
from .errors import Error


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
    `model`, which appears whole or not at all. Test clips are not touched. The same options and
    seed give the same model as the program. The work is done in a process of its own.

    After Ctrl-C, or an exception from `on_epoch` or `progress`, the file holds the best epochs so
    far, if there are any, and the same call with `resume=True` goes on.

    Args:
        on_epoch: Called after each epoch of each head.

    Raises:
        UsageError: For a request that cannot be.
        Error: For data and weights that cannot be used.
    """
    labelled = as_dataset(data)
    request = _train_process.Request(
        labelled.clips, labelled.classes, labelled.source, model, options
    )
    with shown(progress) as function:
        found = _run(request, function, on_epoch)
    found["unusable"] = [(os.fspath(path), reason) for path, reason in found["unusable"]]
    return Training(model=os.fspath(model), **found)


def _run(
    request: _train_process.Request,
    progress: ProgressFunction | None,
    on_epoch: Callable[[Epoch], object] | None,
) -> dict[str, Any]:
    """In a process of its own: GRUs are trained by LibTorch, and two versions of it, that of the
    package torch being another, do not live in one process."""
    process = subprocess.Popen(
        [sys.executable, "-c", f"from {_train_process.__name__} import main; main()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,  # Ctrl-C is ours to pass on
    )
    assert process.stdin is not None and process.stdout is not None
    with process, process.stdout as answers:
        try:
            with process.stdin as requests:
                pickle.dump(request, requests)
            return _listen(answers, progress, on_epoch)
        except BaseException:
            process.send_signal(signal.SIGINT)
            # It writes what it has reached.
            while answers.read(1 << 16):
                pass
            raise


def _listen(
    answers: IO[bytes],
    progress: ProgressFunction | None,
    on_epoch: Callable[[Epoch], object] | None,
) -> dict[str, Any]:
    logger = logging.getLogger("vidclass")
    while True:
        try:
            kind, *what = pickle.load(answers)
        except EOFError:
            raise Error("the process that trains has ended before the training") from None
        match kind:
            case "progress" if progress is not None:
                progress(*what)
            case "epoch" if on_epoch is not None:
                on_epoch(Epoch(*what))
            case "message":
                logger.log(*what)
            case "error":
                raise what[0]
            case "done":
                return cast(dict[str, Any], what[0])
