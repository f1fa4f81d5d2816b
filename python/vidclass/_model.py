"""Models: predict, explain, evaluate."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Unpack, overload

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._clips import ClipLike, as_clip, as_clips, is_one
from ._dataset import Dataset, as_dataset
from ._options import ModelOptions, Path
from ._progress import Progress, shown
from .errors import ClipError


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says of one clip."""

    name: str
    """Path or name of the clip."""
    labels: list[str]
    """[L], those of the model."""
    probabilities: NDArray[np.float32] | None
    """[L], in their order; None if the clip is unusable."""
    appearance: NDArray[np.float32] | None
    """[L], of the model's stream of appearance alone; None where it has no other."""
    motion: NDArray[np.float32] | None
    """The same of its stream of motion."""
    novelty: float
    """How unlike the places that the model was trained in the clip's is, from 0 (like those) to 1
    (unlike all); 0 where the model has appearance alone."""
    motion_weight: float
    """What motion therefore weighs in the probabilities."""
    times: NDArray[np.float64]
    """When the frames were shown that were read, in seconds after the file's first one."""
    error: str
    """Why the clip is unusable, else empty."""

    def top(self, count: int = 5) -> list[tuple[str, float]]:
        """The most probable labels with their probabilities, best first; none of an unusable
        clip."""
        if self.probabilities is None:
            return []
        best = np.argsort(-self.probabilities, kind="stable")[:count]
        return [(self.labels[place], float(self.probabilities[place])) for place in best]

    @property
    def label(self) -> str | None:
        """The most probable one; None of an unusable clip."""
        best = self.top(1)
        return best[0][0] if best else None


@dataclass(frozen=True, slots=True)
class MotionExplanation:
    """What a model's motion stream adds: shares of the label's score against that of the others."""

    probabilities: NDArray[np.float32]
    """[L], of the stream alone."""
    weight: float
    """Of the stream in the model's answer."""
    score: float
    """The sum of all shares."""
    moments: NDArray[np.float64]
    """[T], what moves nearest to each of Explanation.times adds."""
    places: NDArray[np.float32]
    """[T, g, g], what each place of the picture adds."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What each frame and place adds to the log odds ln(p / (1 - p)) of a label by appearance,
    against a clip in which nothing happens. Positive shares speak for the label, negative ones
    against it."""

    label: str
    """The one that is explained."""
    probabilities: NDArray[np.float32]
    """[L], in the order of the model's labels."""
    times: NDArray[np.float64]
    """[T], seconds after the file's first frame."""
    frames: NDArray[np.float64]
    """[T], what each frame adds."""
    places: NDArray[np.float32]
    """[T, g, g], what each place of the window adds in each frame."""
    pictures: NDArray[np.uint8]
    """[T, size, size, 3], RGB, what the network saw."""
    window: tuple[float, float, float, float]
    """Left, top, width and height of what the network saw, as shares of the picture."""
    log_odds: float
    log_odds_of_mean: float
    """Of the clip in which nothing happens."""
    motion: MotionExplanation | None
    """Of the model's motion stream, if it has one."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good a model is on labelled clips. Scores are fractions of 1."""

    clips: int
    top1: float
    top1_interval: tuple[float, float]
    """95 % interval, by bootstrap over the groups."""
    top5: float
    mean_class_accuracy: float
    loss: float
    """Mean of -ln p(true label)."""
    baseline_top1: float | None
    """Of the mean-pool head that was trained beside the model's; none for an imported network."""
    majority: float
    """What always answering the most frequent label scores."""
    chance: float
    labels: list[str]
    confusion: NDArray[np.int64]
    """[L, L], counts by true and predicted label."""
    unusable: list[tuple[str, str]]
    """Paths and reasons."""
    warnings: list[str]
    """What could spoil the score, one sentence each."""


class Model:
    """A model file with its network; load() makes one. Several threads may call it, and take
    turns."""

    def __init__(
        self, path: Path, *, progress: Progress = None, **options: Unpack[ModelOptions]
    ) -> None:
        self.path = os.fspath(path)
        self._options = options
        with shown(progress) as function:
            self._core = _core.Model(path, dict(options), function)
        self.labels: list[str] = self._core.labels

    def __repr__(self) -> str:
        return f"<vidclass model {self.path!r}, {len(self.labels)} labels>"

    @overload
    def predict(  # type: ignore[overload-overlap]  # a path is an iterable of texts, too
        self, clips: ClipLike, *, progress: Progress = None
    ) -> Prediction: ...
    @overload
    def predict(
        self, clips: Iterable[ClipLike], *, progress: Progress = None
    ) -> list[Prediction]: ...
    def predict(
        self, clips: ClipLike | Iterable[ClipLike], *, progress: Progress = None
    ) -> Prediction | list[Prediction]:
        """What happens in a clip, or in each of several, which are decoded side by side.

        Args:
            clips: A path, the bytes of a video file, frames (uint8 [T, H, W, 3] at 25 a second), a
                Clip, or an iterable of these.

        Raises:
            ClipError: If the one clip asked for cannot be used. Of several, those that cannot be
                used have an error.
            UsageError: For a feature array where the model reads pixels, and the other way around.
        """
        wanted = as_clips(clips)
        with shown(progress) as function:
            found = self._core.classify([clip._core for clip in wanted], function)
        predictions = [
            Prediction(clip.name, self.labels, *each)
            for clip, each in zip(wanted, found, strict=True)
        ]
        if not is_one(clips):
            return predictions
        (one,) = predictions
        if one.error:
            raise ClipError(one.name, one.error)
        return one

    def explain(
        self,
        clip: ClipLike,
        label: str | None = None,
        *,
        steps: int = 8,
        progress: Progress = None,
    ) -> Explanation:
        """Which frames and places speak for a label, by default the most probable one.

        Args:
            steps: Points of the integration; more are more exact and slower.

        Raises:
            ClipError: If the clip cannot be used.
            UsageError: For a label that the model does not know, and a model of feature arrays.
        """
        with shown(progress) as function:
            found = self._core.explain(as_clip(clip)._core, label or "", steps, function)
        motion = found.pop("motion")
        return Explanation(**found, motion=None if motion is None else MotionExplanation(**motion))

    def evaluate(
        self,
        data: Dataset | Path,
        *,
        split: Literal["train", "val", "test", "all"] = "test",
        refuse_leaks: bool = False,
        report: Path | None = None,
        predictions: Path | None = None,
        progress: Progress = None,
    ) -> Evaluation:
        """Scores the model on the clips of a data set.

        Args:
            split: Splits that the data does not give are those of the model's training, told by
                content, so that no model is tested on a clip that it was trained on.
            refuse_leaks: Fail where clips that were trained on are tested, or splits leak.
            report: A page to write, one HTML file that loads nothing.
            predictions: A CSV of each clip's probabilities to write.

        Raises:
            UsageError: For labels that the model does not know and a split without clips.
            Error: Where no clip is usable.
        """
        options = {
            **self._options,
            "split": split,
            "refuse_leaks": refuse_leaks,
            "report": report,
            "predictions": predictions,
        }
        with shown(progress) as function:
            found = _core.evaluate(self.path, as_dataset(data)._core, options, function)
        found["confusion"] = np.array(found["confusion"], np.int64)
        found["unusable"] = [(os.fspath(path), reason) for path, reason in found["unusable"]]
        return Evaluation(**found)


def load(path: Path, *, progress: Progress = None, **options: Unpack[ModelOptions]) -> Model:
    """Reads a model file and makes its network ready. Features are kept only in a `cache` that is
    named.

    Raises:
        UsageError: If there is no such file.
        Error: For what is wrong with it, and where its network's weights are missing or others.
    """
    return Model(path, progress=progress, **options)
