"""Video classification: clips to labels, features, frames; training and evaluation.

    import vidclass

    model = vidclass.load("model.safetensors")
    print(model.predict("new.mp4").top(3))

Messages of the library go to the logger "vidclass". Long calls show a bar in terminals and
notebooks, release the interpreter's lock and stop at Ctrl-C.
"""

from . import _openvino  # first: the library needs it

_openvino.load()

from ._clips import Clip
from ._core import version
from ._dataset import Dataset, LabelledClip
from ._features import Extractor, Features, extract
from ._frames import Frames, read_frames
from ._model import Evaluation, Explanation, Model, MotionExplanation, Prediction, load
from ._train import Epoch, Training, train
from .errors import Cancelled, ClipError, Error, UsageError

__version__ = version()
__all__ = [
    "Cancelled",
    "Clip",
    "ClipError",
    "Dataset",
    "Epoch",
    "Error",
    "Evaluation",
    "Explanation",
    "Extractor",
    "Features",
    "Frames",
    "LabelledClip",
    "Model",
    "MotionExplanation",
    "Prediction",
    "Training",
    "UsageError",
    "extract",
    "load",
    "read_frames",
    "train",
    "version",
]
