"""Clips in Ray Data, on as many machines as the cluster has.

    import ray
    from vidclass.ray import Extractor

    clips = ray.data.from_items([{"path": path} for path in paths])
    features = clips.map_batches(Extractor, fn_constructor_kwargs={"backbone": "lite0"},
                                 concurrency=8, num_cpus=1, batch_size=16)
    features.write_parquet("features")

A row is a clip, told by its column `path`, or by `bytes` with a file's content. Rows come back with
columns added, in the same order, so that a batch that Ray runs again gives the same rows. What
cannot be used is a row with an `error`, not a failed batch.

No cache is used unless one is named: a worker that dies takes nothing with it, and a file system
between machines need not keep locks. Each worker computes with `threads` threads: give it as many
CPUs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ._clips import Clip
from ._features import Extractor as _Extractor
from ._model import Model
from ._options import Path
from .errors import UsageError

Batch = dict[str, Any]


def _clips(batch: Batch) -> list[Clip]:
    paths = batch.get("path")
    contents = batch.get("bytes")
    if contents is not None:
        names = [str(i) for i in range(len(contents))] if paths is None else paths
        return [Clip(bytes(content), name=str(name)) for content, name in zip(contents, names)]
    if paths is None:
        raise UsageError(f"rows need a column path or bytes; these have {', '.join(batch)}")
    return [Clip(str(path)) for path in paths]


def _objects(values: list[Any]) -> np.ndarray[Any, Any]:
    """One element each, whatever their shapes."""
    column = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        column[place] = value
    return column


class Extractor:
    """For ray.data.Dataset.map_batches(): adds the columns

    features  float32 [T, W] of each clip, or its mean over the frames, [W]; empty for unusable ones
    times     float64 [T], seconds after the file's first frame
    error     why a clip is unusable, else empty

    Args:
        mean: Over the frames, so that all rows have one shape.
        threads: Of the CPU.
        options: As vidclass.extract() takes them.
    """

    def __init__(self, *, mean: bool = False, threads: int = 1, **options: Any) -> None:
        self._mean = mean
        self._extractor = _Extractor(progress=False, threads=threads, **{"cache": False, **options})

    def __call__(self, batch: Batch) -> Batch:
        found = self._extractor.extract(_clips(batch), progress=False)
        features = list(found.means()) if self._mean else list(found.arrays)
        nothing = np.empty((0, self._extractor.width), np.float32)
        batch["features"] = _objects([nothing if each is None else each for each in features])
        batch["times"] = _objects([np.empty(0) if each is None else each for each in found.times])
        batch["error"] = _objects([found.errors.get(place, "") for place in range(len(found))])
        return batch


class Predictor:
    """For ray.data.Dataset.map_batches(): adds the columns

    label          the most probable one, empty for unusable clips
    probabilities  float32 [L], in the order of the model's labels; NaN for unusable clips
    error          why a clip is unusable, else empty

    Args:
        model: A model file that every worker can read.
        threads: Of the CPU.
        options: As vidclass.load() takes them.
    """

    def __init__(self, model: Path, *, threads: int = 1, **options: Any) -> None:
        self._model = Model(model, progress=False, threads=threads, **options)

    def __call__(self, batch: Batch) -> Batch:
        predictions = self._model.predict(_clips(batch), progress=False)
        nothing = np.full(len(self._model.labels), np.nan, np.float32)
        batch["label"] = _objects([each.label or "" for each in predictions])
        batch["probabilities"] = np.stack(
            [nothing if each.probabilities is None else each.probabilities for each in predictions]
        )
        batch["error"] = _objects([each.error for each in predictions])
        return batch
