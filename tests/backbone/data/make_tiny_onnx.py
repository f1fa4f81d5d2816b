"""Writes tiny.onnx, a network of a file as small as may be, and tiny.csv, what onnxruntime says of
it: python3 make_tiny_onnx.py (with onnx, onnxruntime and numpy).

A convolution (8 maps, 3 x 3, stride 2), ReLU, the global average "pooled", and logits for 4 labels.
It takes any number of square frames of 32 pixels. tiny.csv has the features of one frame, whose
value at (y, x, channel) is (7 y + 13 x + 29 channel) mod 256, normalised as (value - 127.5) / 64.
"""
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(1)
weights = {
    "kernel": random.normal(0, 0.4, (8, 3, 3, 3)),
    "bias": random.normal(0, 0.1, 8),
    "matrix": random.normal(0, 1, (8, 4)),
}
graph = helper.make_graph(
    [
        helper.make_node("Conv", ["frames", "kernel", "bias"], ["map"], strides=[2, 2], pads=[1] * 4),
        helper.make_node("Relu", ["map"], ["last_map"]),
        helper.make_node("GlobalAveragePool", ["last_map"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["features"]),
        helper.make_node("MatMul", ["features", "matrix"], ["logits"]),
    ],
    "tiny",
    [helper.make_tensor_value_info("frames", TensorProto.FLOAT, ["n", 3, 32, 32])],
    [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 4])],
    [numpy_helper.from_array(value.astype(np.float32), name) for name, value in weights.items()],
)
graph.output.append(helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", 8]))
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, "tiny.onnx")

y, x, channel = np.indices((32, 32, 3))
frame = (7 * y + 13 * x + 29 * channel) % 256
ready = ((frame - 127.5) / 64).transpose(2, 0, 1)[None].astype(np.float32)
session = onnxruntime.InferenceSession("tiny.onnx", providers=["CPUExecutionProvider"])
np.savetxt("tiny.csv", session.run(["features"], {"frames": ready})[0], fmt="%.7g", delimiter=",")
