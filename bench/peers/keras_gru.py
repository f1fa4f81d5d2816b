"""The Keras example's head: 10 epochs on features that are ready in memory.

    keras_gru.py FEATURES.npz

FEATURES.npz: features float32 [clips, 20, 2048], mask bool [clips, 20], labels int [clips],
train bool [clips]. Prints the seconds of the fit and of all but its first epoch.
"""
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np

data = np.load(sys.argv[1])
features, mask, labels, train = (data[k] for k in ("features", "mask", "labels", "train"))
classes = int(labels.max()) + 1

frames = keras.Input(features.shape[1:])
frames_mask = keras.Input(features.shape[1:2], dtype="bool")
x = keras.layers.GRU(16, return_sequences=True)(frames, mask=frames_mask)
x = keras.layers.GRU(8)(x)
x = keras.layers.Dropout(0.4)(x)
x = keras.layers.Dense(8, activation="relu")(x)
model = keras.Model([frames, frames_mask], keras.layers.Dense(classes, activation="softmax")(x))
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])


class EpochTimes(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.ends = []

    def on_epoch_end(self, epoch, logs=None):
        self.ends.append(time.perf_counter())


times = EpochTimes()
start = time.perf_counter()
model.fit(
    [features[train], mask[train]], labels[train],
    validation_data=([features[~train], mask[~train]], labels[~train]),
    epochs=10, verbose=0, callbacks=[times],
)
end = time.perf_counter()
print(f"fit {end - start:.2f} s, epochs 2 to 10 {times.ends[-1] - times.ends[0]:.2f} s")
