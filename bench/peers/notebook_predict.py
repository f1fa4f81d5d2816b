"""One clip through the Keras example's own code: OpenCV decodes every frame, Xception runs
a frame a call, the trained head reads the sequence.

    notebook_predict.py XCEPTION_NOTOP.h5 HEAD.keras CLIP [FRAMES]
"""
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import cv2
import keras
import numpy as np

weights, head, clip = sys.argv[1:4]
wanted = int(sys.argv[4]) if len(sys.argv) > 4 else 20
size = 299


def crop_center_square(frame):
    y, x = frame.shape[0:2]
    side = min(y, x)
    left, top = (x // 2) - (side // 2), (y // 2) - (side // 2)
    return frame[top : top + side, left : left + side]


capture = cv2.VideoCapture(clip)
frames = []
while True:
    ok, frame = capture.read()
    if not ok:
        break
    frame = cv2.resize(crop_center_square(frame), (size, size))
    frames.append(frame[:, :, [2, 1, 0]])
frames = np.array(frames)

inputs = keras.Input((size, size, 3))
xception = keras.applications.Xception(
    weights=weights, include_top=False, pooling="avg", input_shape=(size, size, 3))
extractor = keras.Model(
    inputs, xception(keras.applications.xception.preprocess_input(inputs)))
features = np.zeros((1, wanted, 2048), np.float32)
mask = np.zeros((1, wanted), bool)
for i in range(min(wanted, len(frames))):
    features[0, i] = extractor.predict(frames[None, i], verbose=0)[0]
    mask[0, i] = True
model = keras.models.load_model(head, compile=False)
print(model.predict([features, mask], verbose=0)[0])
