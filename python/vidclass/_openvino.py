"""OpenVINO's libraries, which the package "openvino" brings."""

import ctypes
import importlib.util
from pathlib import Path


def load() -> None:
    """Loads them, so that vidclass finds them by name, wherever the package lies. Without the
    package the loader looks where vidclass was built."""
    package = importlib.util.find_spec("openvino")
    for folder in (package.submodule_search_locations or []) if package else []:
        for library in Path(folder, "libs").glob("libopenvino.so.*"):
            ctypes.CDLL(str(library))
