"""vidclass in scikit-learn's pipelines: clips to vectors, and a linear classifier of vectors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from . import _core
from ._clips import ClipLike
from ._features import Extractor
from ._options import Path, Precision
from ._progress import Progress
from .errors import ClipError

# What is kept of each feature over time, as vidclass's heads `moments` read it: its mean, or its
# deviation and the first coefficients of its cosine transform, which say when in the clip it is
# high.
_cosines = 3


def _moments(values: NDArray[np.float32], over_time: str) -> NDArray[np.float32]:
    """[F], of [T, W]."""
    frames = len(values)
    mean = values.mean(axis=0, dtype=np.float64)
    parts = [mean] if "mean" in over_time else []
    if "changes" in over_time:
        change = values - mean
        steps = np.arange(1, _cosines + 1)[:, None] * (np.arange(frames) + 0.5)
        cosines = np.sqrt(2) / frames * np.cos(np.pi * steps / frames)
        parts += [np.sqrt((change**2).mean(axis=0)), *(cosines @ change)]
    return np.concatenate(parts).astype(np.float32)


class VideoFeatures(TransformerMixin, BaseEstimator):
    """Clips (paths, bytes, arrays, vidclass.Clip) to float32 [N, F], through the cache.

    There is nothing to fit: the same clip gives the same vector. What was computed once is found
    again, so that a search over the rest of a pipeline is quick.

    Args:
        backbone, frames, pooling, size, precision, threads, cache, progress: As
            vidclass.extract() takes them.
        over_time: "mean": of each of the W features of a frame the mean over the frames, F = W.
            "changes": its standard deviation and three coefficients of its cosine transform,
            F = 4 W: what happens, without the place. "mean,changes": both.
        unusable: "raise" ClipError for a clip that cannot be used, or give it a row of "nan".
    """

    def __init__(
        self,
        *,
        backbone: Path = "xception",
        frames: int = 20,
        pooling: str = "auto",
        size: int = 0,
        precision: Precision = "auto",
        over_time: Literal["mean", "changes", "mean,changes"] = "mean,changes",
        unusable: Literal["raise", "nan"] = "raise",
        threads: int = 0,
        cache: Path | None = None,
        progress: Progress = None,
    ) -> None:
        self.backbone = backbone
        self.frames = frames
        self.pooling = pooling
        self.size = size
        self.precision = precision
        self.over_time = over_time
        self.unusable = unusable
        self.threads = threads
        self.cache = cache
        self.progress = progress

    def _extractor(self) -> Extractor:
        options: Any = {
            name: getattr(self, name)
            for name in ("backbone", "frames", "pooling", "size", "precision", "threads", "cache")
        }
        return Extractor(progress=self.progress, **options)

    def fit(self, X: Iterable[ClipLike], y: object = None) -> Self:
        """Nothing but the names of the features."""
        columns = self._extractor().columns
        kinds = ["mean"] if "mean" in self.over_time else []
        if "changes" in self.over_time:
            kinds += ["deviation", *(f"cosine{k}" for k in range(1, _cosines + 1))]
        if not kinds:
            raise ValueError(
                f'over_time is "{self.over_time}": choose "mean", "changes" or "mean,changes"'
            )
        self.feature_names_out_ = np.array(
            [f"{column}_{kind}" for kind in kinds for column in columns], dtype=object
        )
        return self

    def transform(self, X: Iterable[ClipLike]) -> NDArray[np.float32]:
        """Float32 [N, F]."""
        check_is_fitted(self)
        found = self._extractor().extract(list(X), progress=self.progress)
        if found.errors and self.unusable == "raise":
            place, reason = next(iter(found.errors.items()))
            raise ClipError(found.names[place], reason)
        rows = np.full((len(found), len(self.feature_names_out_)), np.nan, np.float32)
        for row, values in zip(rows, found.arrays, strict=True):
            if values is not None:
                row[:] = _moments(values, self.over_time)
        return rows

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """[F], such as "motion_17_mean"."""
        check_is_fitted(self)
        return self.feature_names_out_

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit = True
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.no_validation = True
        return tags


class LinearClassifier(ClassifierMixin, BaseEstimator):
    """Multinomial logistic regression by L-BFGS, as vidclass trains the linear members of its
    heads: in single precision, to the bit the same for the same input.

    Args:
        C: How much the rows count against the penalty on the weights.
        balanced: Let classes count alike, however many rows each has.
        iterations: The most; 0: no limit.
    """

    def __init__(self, *, C: float = 1.0, balanced: bool = False, iterations: int = 400) -> None:
        self.C = C
        self.balanced = balanced
        self.iterations = iterations

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """X: [N, D], y: [N] classes, two at least."""
        values, labels = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(labels)
        self.classes_, places = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("y holds 1 class only; at least two classes are needed")
        # The bias is free, so the middle of the data is as good as its origin, and exact in single
        # precision wherever the data lie.
        self.middle_ = values.mean(axis=0)
        rows = np.ascontiguousarray(values - self.middle_, np.float32)
        self.coef_, self.intercept_ = _core.fit_linear(
            rows, places.tolist(), len(self.classes_), self.C, self.balanced, self.iterations
        )
        return self

    def _logits(self, X: ArrayLike) -> NDArray[np.float64]:
        check_is_fitted(self)
        values = validate_data(self, X, dtype=np.float64, reset=False)
        logits: NDArray[np.float64] = (values - self.middle_) @ self.coef_ + self.intercept_
        return logits

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """[N, L] logits; of two classes [N], that of the second less that of the first."""
        logits = self._logits(X)
        return logits[:, 1] - logits[:, 0] if len(self.classes_) == 2 else logits

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """[N, L]."""
        logits = self._logits(X)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
        return shares

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """[N], the most probable class."""
        best = self._logits(X).argmax(axis=1)
        classes: NDArray[Any] = self.classes_[best]
        return classes
