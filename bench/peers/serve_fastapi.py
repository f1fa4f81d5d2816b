"""The notebook's network behind FastAPI, as its users serve it: OpenCV decodes the upload, Xception
and the trained head are Keras's. A worker thread for each request, one network.

    serve_fastapi.py XCEPTION_NOTOP.h5 HEAD.keras PORT
"""
import os
import sys
import tempfile
import threading

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import cv2
import fastapi
import keras
import numpy as np
import uvicorn

weights, head, port = sys.argv[1:4]
wanted = 20
size = 299
xception = keras.applications.Xception(
    weights=weights, include_top=False, pooling="avg", input_shape=(size, size, 3))
inputs = keras.Input((size, size, 3))
extractor = keras.Model(inputs, xception(keras.applications.xception.preprocess_input(inputs)))
model = keras.models.load_model(head, compile=False)
one_at_a_time = threading.Lock()
app = fastapi.FastAPI()


def frames_of(path):
    capture = cv2.VideoCapture(path)
    frames = []
    while len(frames) < wanted:
        ok, frame = capture.read()
        if not ok:
            break
        y, x = frame.shape[:2]
        side = min(y, x)
        left, top = x // 2 - side // 2, y // 2 - side // 2
        frame = cv2.resize(frame[top : top + side, left : left + side], (size, size))
        frames.append(frame[:, :, [2, 1, 0]])
    return np.array(frames)


def probabilities(content):
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(content)
        file.flush()
        frames = frames_of(file.name)
    features = np.zeros((1, wanted, 2048), np.float32)
    mask = np.zeros((1, wanted), bool)
    mask[0, : len(frames)] = True
    with one_at_a_time:
        # All frames in one call, which is kinder than the notebook's one by one; always as many,
        # so that nothing is compiled anew.
        padded = np.zeros((wanted, size, size, 3), np.float32)
        padded[: len(frames)] = frames
        features[0] = extractor.predict_on_batch(padded)
        return model.predict_on_batch([features, mask])[0]


@app.post("/classify")
async def classify(request: fastapi.Request):
    content = await request.body()
    found = await fastapi.concurrency.run_in_threadpool(probabilities, content)
    return {"probabilities": [float(each) for each in found]}


uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")
