"""Progress as a bar, where somebody can see one."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm.std import tqdm

ProgressFunction = Callable[[str, int, int, str], object]
"""Called with the stage's name, units done, units in all, and free text such as "24.1 frames/s"."""

Progress = bool | ProgressFunction | None
"""None: a bar in terminals and notebooks; True or False: always or never one; else a function."""


def _in_notebook() -> bool:
    return "ipykernel" in sys.modules


def _bar(**options: Any) -> tqdm[Any]:
    # tqdm's own choice between the two warns where ipywidgets is missing.
    if _in_notebook() and importlib.util.find_spec("ipywidgets"):
        from tqdm.notebook import tqdm as notebook_tqdm

        return notebook_tqdm(**options)
    return tqdm(**options)


class _Bar:
    def __init__(self) -> None:
        self._stage: str | None = None
        self._bar: tqdm[Any] | None = None

    def __call__(self, stage: str, done: int, total: int, detail: str) -> None:
        if self._bar is None or stage != self._stage:
            self.close()
            # Work of a moment shows none.
            self._bar = _bar(total=total, desc=stage, delay=0.5)
            self._stage = stage
        self._bar.total = total
        self._bar.set_postfix_str(detail, refresh=False)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


@contextmanager
def shown(progress: Progress) -> Iterator[ProgressFunction | None]:
    """What the library is to call."""
    if callable(progress):
        yield progress
    elif progress or (progress is None and (sys.stderr.isatty() or _in_notebook())):
        bar = _Bar()
        try:
            yield bar
        finally:
            bar.close()
    else:
        yield None
