"""The process that trains: a pickled Request on standard input, and on standard output pickled
tuples of what happens, the last one ("done", report) or ("error", exception)."""

from __future__ import annotations

import logging
import os
import pickle
import sys
from dataclasses import dataclass
from typing import IO

from . import _core
from ._dataset import Dataset, LabelledClip
from ._options import Path, TrainOptions


@dataclass(frozen=True, slots=True)
class Request:
    clips: list[LabelledClip]
    classes: list[str]
    source: str
    model: Path
    options: TrainOptions


class _Messages(logging.Handler):
    def __init__(self, answers: IO[bytes]) -> None:
        super().__init__()
        self._answers = answers

    def emit(self, record: logging.LogRecord) -> None:
        _send(self._answers, "message", record.levelno, "%s", record.getMessage())


def _send(answers: IO[bytes], *what: object) -> None:
    pickle.dump(what, answers)
    answers.flush()


def _train(request: Request, answers: IO[bytes]) -> None:
    data = Dataset.from_clips(request.clips, classes=request.classes, source=request.source)

    def epoch(now: _core.Epoch) -> None:
        losses = (now.train_loss, now.val_loss, now.val_top1, now.learning_rate)
        _send(answers, "epoch", now.seed, now.member, now.epoch, *losses)

    def progress(*state: object) -> None:
        _send(answers, "progress", *state)

    try:
        report = _core.train(data._core, request.model, dict(request.options), progress, epoch)
        _send(answers, "done", report)
    except (Exception, KeyboardInterrupt) as error:
        _send(answers, "error", error)


def main() -> None:
    # Standard output is for what is pickled; whatever else is printed goes beside it.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logger = logging.getLogger("vidclass")
    logger.setLevel(logging.INFO)
    logger.addHandler(_Messages(answers))
    logger.propagate = False
    _train(pickle.load(sys.stdin.buffer), answers)
