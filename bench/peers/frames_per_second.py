"""Frames a second of Xception in other engines, with the frames ready in memory.

    frames_per_second.py ENGINE XCEPTION_NOTOP.h5 CLIPS... [--seconds 10] [--batch 4] [--threads 0]

ENGINE: notebook (as the Keras example: OpenCV decodes and resizes all frames of a clip, Keras
`predict` takes the first 20, a frame a call; its frames/s count those 20), keras-predict (a frame
a call, frames ready), tensorflow (a traced graph),
torch (Keras on PyTorch), onnxruntime, openvino, nncf (int8 by NNCF, run by OpenVINO). Frames are
299 px, cropped and resized by OpenCV. Prints one JSON object: engine, frames_per_second, batch,
and for nncf the cosine to f32 on frames that it was not calibrated on.
"""
import argparse
import json
import os
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("engine")
parser.add_argument("weights")
parser.add_argument("clips", nargs="+")
parser.add_argument("--seconds", type=float, default=10)
parser.add_argument("--batch", type=int, default=4)
parser.add_argument("--threads", type=int, default=0)
args = parser.parse_args()
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
if args.engine == "torch":
    os.environ["KERAS_BACKEND"] = "torch"
import cv2
import keras
import numpy as np

size = 299


def frames_of(clip, count=2):
    capture = cv2.VideoCapture(clip)
    frames = []
    while True:
        ok, frame = capture.read()
        if not ok:
            break
        frames.append(frame)
    count = len(frames) if count is None else min(count, len(frames))
    for i in range(count):
        frame = frames[len(frames) * (2 * i + 1) // (2 * count)]
        side = min(frame.shape[:2])
        top, left = ((n - side) // 2 for n in frame.shape[:2])
        yield cv2.resize(frame[top : top + side, left : left + side], (size, size))[:, :, ::-1]


frames = np.array([frame for clip in args.clips for frame in frames_of(clip)])
frames = frames[: len(frames) // args.batch * args.batch]
inputs = keras.Input((size, size, 3))
xception = keras.applications.Xception(
    weights=args.weights, include_top=False, pooling="avg", input_shape=(size, size, 3))
model = keras.Model(inputs, xception(keras.applications.xception.preprocess_input(inputs)))
batches = [frames[i : i + args.batch] for i in range(0, len(frames), args.batch)]


def measure(run, batches):
    """Runs batches in turn for args.seconds after one that is not counted; counts results."""
    run(batches[0])
    done, i, start = 0, 0, time.perf_counter()
    while time.perf_counter() - start < args.seconds:
        done += len(run(batches[i % len(batches)]))
        i += 1
    return done / (time.perf_counter() - start)


def saved_model(folder):
    model.export(folder, verbose=False)
    return folder


def openvino_runner(network, precision):
    import openvino as ov

    network.reshape([args.batch, size, size, 3])
    properties = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": precision}
    if args.threads:
        properties["INFERENCE_NUM_THREADS"] = args.threads
    request = ov.Core().compile_model(network, "CPU", properties).create_infer_request()
    return lambda x: request.infer({0: x.astype(np.float32)})[0].copy()


result = {"engine": args.engine, "batch": args.batch}
if args.engine == "keras-predict":
    result["batch"] = 1
    run = lambda x: model.predict(x, verbose=0)
    batches = [frames[i : i + 1] for i in range(len(frames))]
elif args.engine == "notebook":
    result["batch"] = 1
    batches = args.clips

    def run(clip):
        decoded = np.array(list(frames_of(clip, None)))
        found = [model.predict(decoded[j : j + 1], verbose=0) for j in range(min(20, len(decoded)))]
        return np.concatenate(found)
elif args.engine == "tensorflow":
    import tensorflow as tf

    if args.threads:
        tf.config.threading.set_intra_op_parallelism_threads(args.threads)
    traced = tf.function(lambda x: model(x, training=False), jit_compile=False)
    run = lambda x: traced(tf.constant(x, tf.float32)).numpy()
elif args.engine == "torch":
    import torch

    if args.threads:
        torch.set_num_threads(args.threads)

    def run(x):
        with torch.inference_mode():
            return model(torch.from_numpy(x.astype(np.float32)), training=False).numpy()
elif args.engine == "onnxruntime":
    import onnxruntime

    folder = tempfile.mkdtemp()
    model(batches[0])  # Keras exports what has been called
    model.export(folder + "/xception.onnx", format="onnx", verbose=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = args.threads
    session = onnxruntime.InferenceSession(folder + "/xception.onnx", options)
    name = session.get_inputs()[0].name
    run = lambda x: session.run(None, {name: x.astype(np.float32)})[0]
elif args.engine == "openvino":
    import openvino as ov

    run = openvino_runner(ov.convert_model(saved_model(tempfile.mkdtemp())), "f32")
elif args.engine == "nncf":
    import nncf
    import openvino as ov

    network = ov.convert_model(saved_model(tempfile.mkdtemp()))
    exact = openvino_runner(network.clone(), "f32")
    half = len(batches) // 2
    network.reshape([args.batch, size, size, 3])
    dataset = nncf.Dataset([x.astype(np.float32) for x in batches[:half]])
    run = openvino_runner(nncf.quantize(network, dataset, subset_size=half), "f32")
    a = np.concatenate([exact(x) for x in batches[half:]])
    b = np.concatenate([run(x) for x in batches[half:]])
    cosines = (a * b).sum(1) / np.sqrt((a * a).sum(1) * (b * b).sum(1))
    result.update(cosine_mean=float(cosines.mean()), cosine_least=float(cosines.min()))
else:
    raise SystemExit(f"unknown engine {args.engine}")
result["frames_per_second"] = measure(run, batches)
print(json.dumps(result))
