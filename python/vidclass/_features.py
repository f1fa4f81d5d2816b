"""From clips to features."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Unpack

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._clips import ClipLike, as_clips
from ._options import ExtractOptions
from ._progress import Progress, shown
from .errors import Error

if TYPE_CHECKING:
    import pandas
    import pyarrow


class Features:
    """Features of several clips, in the order in which they were asked for.

    Attributes:
        names: Path or name of each clip.
        arrays: Of each clip float32 [T, W]: T frames in order of time, W values of each; None if
            the clip is unusable.
        times: Of each clip [T], when the frames are shown, in seconds after the file's first one;
            None if the clip is unusable.
        errors: Why a clip is unusable, by its place.
        columns: Names of the W values, "avg_0", "avg_1", ...
    """

    def __init__(
        self,
        names: list[str],
        found: list[tuple[NDArray[np.float32] | None, NDArray[np.float64] | None, str]],
        columns: list[str],
    ) -> None:
        self.names = names
        self.arrays = [values for values, _, _ in found]
        self.times = [times for _, times, _ in found]
        self.errors = {place: error for place, (_, _, error) in enumerate(found) if error}
        self.columns = columns

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, place: int) -> NDArray[np.float32] | None:
        return self.arrays[place]

    def __iter__(self) -> Iterator[NDArray[np.float32] | None]:
        return iter(self.arrays)

    def means(self) -> NDArray[np.float32]:
        """[N, W]: of each clip the mean over its frames; NaN for unusable ones."""
        means = np.full((len(self), len(self.columns)), np.nan, np.float32)
        for mean, values in zip(means, self.arrays, strict=True):
            if values is not None:
                mean[:] = values.mean(axis=0, dtype=np.float64)
        return means

    def to_pandas(self) -> pandas.DataFrame:
        """A row a clip: path, error (empty for usable ones), and the mean of each value over the
        frames."""
        import pandas

        table = pandas.DataFrame(self.means(), columns=self.columns)
        table.insert(0, "path", self.names)
        table.insert(1, "error", [self.errors.get(place, "") for place in range(len(self))])
        return table

    def to_arrow(self) -> pyarrow.Table:
        """A row a clip: path, times (list of T seconds), features (list of T lists of W values) and
        error (null for usable ones). The lists share the arrays' memory where Arrow can."""
        import pyarrow

        width = len(self.columns)
        values = [
            None if array is None else pyarrow.FixedSizeListArray.from_arrays(array.ravel(), width)
            for array in self.arrays
        ]
        kind = pyarrow.list_(pyarrow.list_(pyarrow.float32(), width))
        return pyarrow.table(
            {
                "path": self.names,
                "times": pyarrow.array(self.times, pyarrow.list_(pyarrow.float64())),
                "features": _listed(values, kind),
                "error": [self.errors.get(place) for place in range(len(self))],
            }
        )


def _listed(values: list[pyarrow.Array | None], kind: pyarrow.DataType) -> pyarrow.Array:
    """One element each."""
    import pyarrow

    lengths = [0 if each is None else len(each) for each in values]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    there = [each for each in values if each is not None]
    flat = pyarrow.concat_arrays(there) if there else pyarrow.array([], kind.value_type)
    mask = pyarrow.array([each is None for each in values])
    return pyarrow.ListArray.from_arrays(pyarrow.array(offsets), flat, kind, mask=mask)


class Extractor:
    """A network for frames behind a cache on disk; keep it for many calls. Several threads may call
    it, and take turns.

    Args:
        options: As extract() takes them.

    Raises:
        UsageError: For options that do not go together.
        Error: Where the network's weights are missing.
    """

    def __init__(self, *, progress: Progress = None, **options: Unpack[ExtractOptions]) -> None:
        with shown(progress) as function:
            self._core = _core.Extractor(dict(options), function)
        self.columns: list[str] = [
            f"{pooling}_{place}"
            for pooling, width in self._core.blocks()
            for place in range(width)
        ]

    @property
    def width(self) -> int:
        """Values of a frame, W."""
        return len(self.columns)

    def extract(
        self, clips: ClipLike | Iterable[ClipLike], *, progress: Progress = None
    ) -> Features:
        """As extract()."""
        wanted = as_clips(clips)
        with shown(progress) as function:
            found = self._core.extract([clip._core for clip in wanted], function)
        return Features([clip.name for clip in wanted], found, self.columns)


def extract(
    clips: ClipLike | Iterable[ClipLike],
    *,
    progress: Progress = None,
    **options: Unpack[ExtractOptions],
) -> Features:
    """Features of clips, those that are in the cache from there.

    Clips that cannot be used are no error of the call: `Features.errors` names them. The arrays are
    the library's own memory; nothing is copied between.

    Raises:
        UsageError: For options that do not go together.
        Error: Where weights are missing, the cache cannot be written, or no clip is usable.
    """
    extractor = Extractor(progress=progress, **options)
    features = extractor.extract(clips, progress=progress)
    if len(features) and len(features.errors) == len(features):
        raise Error(f"no clip is usable; the first, {features.names[0]}: {features.errors[0]}")
    return features
