# What python/src/ binds; a test holds the two against each other.
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_Path = str | os.PathLike[str]
_Options = Mapping[str, object]
_Progress = Callable[[str, int, int, str], object] | None
_Row = tuple[_Path, str, str, str, float, float | None]

def version() -> str: ...

class Clip:
    @staticmethod
    def of_file(path: _Path, start: float, end: float | None) -> Clip: ...
    @staticmethod
    def of_bytes(content: bytes, name: str, start: float, end: float | None) -> Clip: ...
    @staticmethod
    def of_frames(
        pixels: NDArray[np.uint8],
        times: Sequence[float],
        name: str,
        start: float,
        end: float | None,
    ) -> Clip: ...

def read_frames(
    clips: Sequence[Clip], options: _Options, progress: _Progress
) -> list[tuple[NDArray[np.uint8] | None, NDArray[np.float64] | None, str, str]]: ...

class Extractor:
    def __init__(self, options: _Options, progress: _Progress) -> None: ...
    def blocks(self) -> list[tuple[str, int]]: ...
    def extract(
        self, clips: Sequence[Clip], progress: _Progress
    ) -> list[tuple[NDArray[np.float32] | None, NDArray[np.float64] | None, str]]: ...

def fit_linear(
    rows: NDArray[np.float32],
    labels: Sequence[int],
    label_count: int,
    strength: float,
    balanced: bool,
    most_iterations: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...

_Vector = NDArray[np.float32] | None

class Model:
    def __init__(self, file: _Path, options: _Options, progress: _Progress) -> None: ...
    @property
    def labels(self) -> list[str]: ...
    def classify(
        self, clips: Sequence[Clip], progress: _Progress
    ) -> list[
        tuple[_Vector, _Vector, _Vector, float, float, NDArray[np.float64], str]
    ]: ...
    def explain(
        self, clip: Clip, label: str, steps: int, progress: _Progress
    ) -> dict[str, Any]: ...

class Epoch:
    @property
    def seed(self) -> int: ...
    @property
    def member(self) -> int: ...
    @property
    def epoch(self) -> int: ...
    @property
    def train_loss(self) -> float: ...
    @property
    def val_loss(self) -> float: ...
    @property
    def val_top1(self) -> float: ...
    @property
    def learning_rate(self) -> float: ...

class Dataset:
    def __init__(self, source: _Path, labels: Sequence[str], rows: Sequence[_Row]) -> None: ...
    @staticmethod
    def open(data: _Path, options: _Options) -> Dataset: ...
    @property
    def source(self) -> os.PathLike[str]: ...
    @property
    def layout(self) -> str: ...
    @property
    def labels(self) -> list[str]: ...
    @property
    def notes(self) -> list[str]: ...
    def rows(self) -> list[tuple[os.PathLike[str], str, str, str, float, float | None]]: ...
    def write(self, csv: _Path, overwrite: bool) -> None: ...

def train(
    data: Dataset,
    model: _Path,
    options: _Options,
    progress: _Progress,
    epoch: Callable[[Epoch], object] | None,
) -> dict[str, Any]: ...
def evaluate(
    model: _Path, data: Dataset, options: _Options, progress: _Progress
) -> dict[str, Any]: ...
