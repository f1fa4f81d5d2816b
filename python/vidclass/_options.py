"""Keyword arguments that several calls share. Their defaults are those of the program, and stand in
the library alone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Literal, TypedDict

Path = str | os.PathLike[str]
Precision = Literal["auto", "f32", "bf16", "int8"]


class MachineOptions(TypedDict, total=False):
    """Where and within what bounds work is done. Changes no numbers."""

    threads: int
    """Of the CPU; 0: all."""
    cache: Path | Literal[False]
    """Folder of the feature cache; for features False: none."""
    max_pixels: int
    """Of a frame. A clip beyond this limit, or one of the next two, cannot be used."""
    max_duration: float
    """Seconds."""
    max_stall: float
    """Seconds without a frame out of the decoder."""
    allow_codecs: Sequence[str]
    """Codecs that are decoded besides the usual ones, by FFmpeg's names."""


class FrameOptions(TypedDict, total=False):
    """Which frames of a clip are taken, and how they become squares."""

    size: int
    """Side of the square frames in pixels; of features 0: the network's own."""
    frames: int
    """Of a clip, 1 to 10000; shorter clips give those that they have."""
    sampling: Literal["uniform", "first", "segment", "dense"]
    stride: int
    """Of dense: the distance of its frames."""
    candidates: int
    """Of segment: frames read for each one drawn."""
    fps: float
    """Sample from so many frames a second only; 0: from all."""
    crop: Literal["centre", "motion"]
    preprocess: Literal["standard", "keras"]


class FeatureOptions(FrameOptions, total=False):
    """The network for frames, and what is kept of each."""

    backbone: Path
    """"xception", "lite0", "mini", or a file: ONNX, or OpenVINO's .xml."""
    precision: Precision
    device: str
    pooling: Literal["auto", "avg", "avg,motion", "avg,middle", "avg,motion,middle"]
    half: bool
    """Rounded to float16."""
    batch: int
    """Frames computed together; speed only."""
    mean: Sequence[float]
    """Of a network of a file, as scale and the next three: subtracted from R, G and B."""
    scale: Sequence[float]
    input_layout: Literal["auto", "nchw", "nhwc"]
    feature: str
    middle: str


class ExtractOptions(FeatureOptions, MachineOptions, total=False):
    """All that extract() takes."""


class ReadOptions(FrameOptions, MachineOptions, total=False):
    """All that read_frames() takes."""


class ModelOptions(MachineOptions, total=False):
    """How a model's network runs; the rest of it is the model's own."""

    precision: Precision
    device: str
    network: Path
    """Where a model's network of a file is now."""
    sequences: int
    """Taken from each clip, whose probabilities are averaged."""


class DatasetOptions(TypedDict, total=False):
    """How a data set on disk is read."""

    layout: Literal["folders", "ucf101", "hmdb51", "kinetics", "lists", "csv"]
    splits: Path
    """The split lists, where they do not lie within the data."""
    fold: int
    root: Path
    """The folder that listed paths are relative to."""
    label_names: Path
    split_folders: bool
    encoding: str
    start: float
    end: float


class TrainOptions(FeatureOptions, MachineOptions, total=False):
    """What is trained, and how. What is left out takes the recipe of the head's kind."""

    split: str
    """Shares of train, validation and test where the data gives no splits, "70/15/15"."""
    head: Literal["gru", "moments", "keras-gru", "mean"]
    ensemble: Literal["motion", "balanced", "appearance"]
    motion: bool
    """Train a motion stream beside the head."""
    faded: bool
    refit: bool
    epochs: int
    batch_size: int
    members: int
    learning_rate: float
    balanced: bool
    seed: int
    seeds: int
    resume: bool
    overwrite: bool
