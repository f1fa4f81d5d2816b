"""The exceptions that vidclass raises. Each message is one line that names the file or value and
says what would be right."""

from __future__ import annotations

import os
from typing import Any


class Error(RuntimeError):
    """Something could not be done; the base of the others."""


class UsageError(Error, ValueError):
    """The request is wrong: a value that cannot be, a file that is not there."""


class ClipError(Error):
    """One clip cannot be used. Raised by calls on a single clip; calls on several go on without."""

    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        super().__init__(f"{os.fspath(path)}: {reason}")
        self.path: str = os.fspath(path)
        self.reason: str = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return ClipError, (self.path, self.reason)


class Cancelled(Error):
    """The work was stopped on request."""
