"""Labelled clips."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Unpack, overload

from . import _core
from ._clips import Clip
from ._options import DatasetOptions, Path
from .errors import Error, UsageError

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class LabelledClip:
    """A clip of a data set."""

    path: str
    label: str
    group: str = ""
    """Clips of one group (one scene, one person) stay on one side of every split; empty: a group of
    its own."""
    split: str = ""
    """"train", "val", "test", or empty where the data gives none."""
    start: float = 0
    """Seconds after the first frame; the clip is a span of its file."""
    end: float | None = None
    """The same; None: to the end."""

    def as_clip(self) -> Clip:
        """For predict(), extract() and read_frames()."""
        return Clip(self.path, self.start, self.end)


class Dataset:
    """Labelled clips, of which none is opened.

    Dataset("clips") reads any layout that the program reads: one folder a class, UCF101, HMDB51,
    Kinetics, lists, a CSV. Others are made of clips at hand by from_clips(), from_pandas() and
    from_video_folder().

    Attributes:
        source: What errors call it.
        classes: The labels' names, in the order in which models have them.
        clips: The clips, in a stable order.
        notes: What was left out or taken in another way than it says, one sentence each.

    Raises:
        UsageError: Where the layout asked for does not fit or none is recognised.
        Error: With file and line for what is wrong within.
    """

    def __init__(self, data: Path, **options: Unpack[DatasetOptions]) -> None:
        self._set(_core.Dataset.open(data, dict(options)))

    def _set(self, core: _core.Dataset) -> None:
        self._core = core
        self.source = os.fspath(core.source)
        self.classes: list[str] = core.labels
        self.notes: list[str] = core.notes
        self.clips = [LabelledClip(os.fspath(row[0]), *row[1:]) for row in core.rows()]

    @classmethod
    def from_clips(
        cls,
        clips: Iterable[LabelledClip],
        *,
        classes: Sequence[str] = (),
        source: str = "the data set",
    ) -> Dataset:
        """Of clips in the order given. Without `classes` the labels are sorted, as numbers if all
        of them are. What is wrong with the clips is told when they are used."""
        rows = list(clips)
        data = cls.__new__(cls)
        names = list(classes) or _sorted_labels({clip.label for clip in rows})
        data._set(
            _core.Dataset(
                source,
                names,
                [
                    (clip.path, clip.label, clip.group, clip.split, clip.start, clip.end)
                    for clip in rows
                ],
            )
        )
        return data

    @classmethod
    def from_lists(
        cls,
        paths: Sequence[Path],
        labels: Sequence[object],
        groups: Sequence[object] | None = None,
        splits: Sequence[str] | None = None,
    ) -> Dataset:
        """Of one path, label, group and split a clip."""
        others = [each for each in (labels, groups, splits) if each is not None]
        if any(len(each) != len(paths) for each in others):
            lengths = ", ".join(str(len(each)) for each in (paths, *others))
            raise UsageError(f"the lists of a data set must be of one length, not of {lengths}")
        return cls.from_clips(
            LabelledClip(
                os.fspath(path),
                str(labels[place]),
                "" if groups is None else str(groups[place]),
                "" if splits is None else splits[place],
            )
            for place, path in enumerate(paths)
        )

    @classmethod
    def from_pandas(
        cls,
        table: pandas.DataFrame,
        *,
        path: str = "path",
        label: str = "label",
        group: str = "group",
        split: str = "split",
        start: str = "start",
        end: str = "end",
        root: Path = "",
    ) -> Dataset:
        """Of a row a clip; the columns for groups, splits and spans may be missing, and paths are
        relative to `root`."""
        for column in (path, label):
            if column not in table:
                raise UsageError(f"the table has no column {column!r}: it has {list(table)}")

        def of(row: dict[str, Any], column: str) -> Any:
            value = row.get(column)
            return None if value is None or value != value else value  # NaN stands for nothing

        return cls.from_clips(
            LabelledClip(
                os.path.join(root, os.fspath(row[path])),
                str(row[label]),
                str(of(row, group) or ""),
                str(of(row, split) or ""),
                float(of(row, start) or 0),
                None if of(row, end) is None else float(row[end]),
            )
            for row in table.to_dict("records")
        )

    @classmethod
    def from_video_folder(cls, folder: Path, *, label: str = "label") -> Dataset:
        """Of a Hugging Face VideoFolder with metadata.csv or metadata.jsonl: of each such file the
        columns `file_name`, relative to it, and `label`. The folders train, validation and test are
        splits. (One without metadata is one folder a class, which Dataset(folder) reads.)

        Raises:
            Error: Where there is no metadata, or a line lacks a column.
        """
        clips = list(_video_folder(FilePath(folder), label))
        if not clips:
            raise Error(f"{os.fspath(folder)}: there is no metadata.csv or metadata.jsonl in it")
        return cls.from_clips(clips, source=os.fspath(folder))

    def __len__(self) -> int:
        return len(self.clips)

    def __iter__(self) -> Iterator[LabelledClip]:
        return iter(self.clips)

    @overload
    def __getitem__(self, place: int) -> LabelledClip: ...
    @overload
    def __getitem__(self, place: slice) -> Dataset: ...
    def __getitem__(self, place: int | slice) -> LabelledClip | Dataset:
        if not isinstance(place, slice):
            return self.clips[place]
        return Dataset.from_clips(self.clips[place], classes=self.classes, source=self.source)

    def __repr__(self) -> str:
        return f"<{self.source!r}, {len(self)} clips of {len(self.classes)} classes>"

    @property
    def paths(self) -> list[str]:
        """One a clip."""
        return [clip.path for clip in self.clips]

    @property
    def labels(self) -> list[str]:
        """One a clip."""
        return [clip.label for clip in self.clips]

    @property
    def groups(self) -> list[str]:
        """One a clip; a clip without a group has its path, which is a group of its own."""
        return [clip.group or clip.path for clip in self.clips]

    @property
    def splits(self) -> list[str]:
        """One a clip."""
        return [clip.split for clip in self.clips]

    def of_split(self, split: str) -> Dataset:
        """The clips of one split."""
        chosen = [clip for clip in self.clips if clip.split == split]
        return Dataset.from_clips(chosen, classes=self.classes, source=self.source)

    def write(self, csv: Path, *, overwrite: bool = False) -> None:
        """As a CSV path,label,group,split,start,end, which the program reads, too.

        Raises:
            UsageError: Where a file is in its place.
        """
        self._core.write(csv, overwrite)


def as_dataset(data: Dataset | Path) -> Dataset:
    return data if isinstance(data, Dataset) else Dataset(data)


def _sorted_labels(labels: set[str]) -> list[str]:
    numbers = all(label.isascii() and label.isdigit() for label in labels)
    return sorted(labels, key=(lambda label: (int(label), label)) if numbers else None)


# The names that Hugging Face's loader takes for each split.
_split_names = {
    "train": "train",
    "training": "train",
    "validation": "val",
    "valid": "val",
    "dev": "val",
    "val": "val",
    "test": "test",
    "testing": "test",
    "eval": "test",
    "evaluation": "test",
}


def _video_folder(folder: FilePath, label: str) -> Iterator[LabelledClip]:
    for file in sorted([*folder.rglob("metadata.csv"), *folder.rglob("metadata.jsonl")]):
        parts = file.parent.relative_to(folder).parts
        split = next((_split_names[part] for part in parts if part in _split_names), "")
        for number, row in enumerate(_rows(file), 1):
            for column in ("file_name", label):
                if not row.get(column) and row.get(column) != 0:
                    raise Error(f"{file}: clip {number} has no {column}")
            yield LabelledClip(str(file.parent / row["file_name"]), str(row[label]), split=split)


def _rows(file: FilePath) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="") as text:
        if file.suffix == ".csv":
            yield from csv.DictReader(text)
        else:
            yield from (json.loads(line) for line in text if line.strip())
