"""Runs an exported network in other programs and tells the largest difference to what was expected.

    run_peer.py ENGINE FILE FOLDER    ENGINE: onnxruntime, openvino, torch or keras

FOLDER holds a folder for each call, with <input>.npy for each input and expected.npy.
"""
import os
import pathlib
import sys
import time

import numpy


def onnxruntime_network(file):
    import onnx
    import onnxruntime

    onnx.checker.check_model(file, full_check=True)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return lambda inputs: session.run(["probabilities"], inputs)[0]


def openvino_network(file):
    import openvino

    network = openvino.Core().compile_model(file, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return lambda inputs: network(inputs)["probabilities"]


def torch_network(file):
    import torch

    network = torch.jit.load(file)
    names = [argument.name for argument in network.forward.schema.arguments][1:]

    def run(inputs):
        with torch.inference_mode():
            return network(*(torch.from_numpy(inputs[name]) for name in names)).numpy()

    return run


def keras_network(file):
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras

    network = keras.saving.load_model(file, safe_mode=True)

    def run(inputs):
        given = []
        for tensor in network.inputs:
            steps = tensor.shape[1] or max(inputs["lengths"])
            if tensor.name == "mask":
                given.append(numpy.arange(steps)[None] < inputs["lengths"][:, None])
                continue
            clips = inputs[tensor.name]
            missing = [(0, 0), (0, steps - clips.shape[1])] + [(0, 0)] * (clips.ndim - 2)
            given.append(numpy.pad(clips, missing))
        return numpy.asarray(network(given, training=False))

    return run


def main(engine, file, folder):
    open_network = {
        "onnxruntime": onnxruntime_network,
        "openvino": openvino_network,
        "torch": torch_network,
        "keras": keras_network,
    }
    network = open_network[engine](file)
    largest = 0.0
    for call in sorted(pathlib.Path(folder).iterdir()):
        arrays = {array.stem: numpy.load(array) for array in call.glob("*.npy")}
        expected = arrays.pop("expected")
        start = time.perf_counter()
        found = network(arrays)
        seconds = time.perf_counter() - start
        difference = numpy.abs(found - expected).max()
        print(f"{call.name}: {difference:.3g}, {seconds:.3f} s", file=sys.stderr)
        largest = max(largest, float(difference))
    print(largest)


main(*sys.argv[1:])
