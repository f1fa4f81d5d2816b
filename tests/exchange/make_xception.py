"""Xception with made-up weights in the forms that Keras 3 saves.

    make_xception.py FOLDER

Writes FOLDER/legacy.h5, FOLDER/network.keras, FOLDER/layers.weights.h5 and, with a classifier on top,
FOLDER/with_top.keras, with_top.h5 and with_top.weights.h5, all of equal weights, and last
FOLDER/index.json, a list of them.
"""
import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
shape = (96, 96, 3)
network = keras.applications.Xception(weights=None, include_top=False, pooling="avg",
                                      input_shape=shape)
rng = np.random.default_rng(21)
network.set_weights([rng.normal(size=w.shape).astype(np.float32) for w in network.get_weights()])
with_top = keras.applications.Xception(weights=None, classes=10, input_shape=shape,
                                       classifier_activation=None)
for ours, theirs in zip((x for x in network.layers if x.weights),
                        (x for x in with_top.layers if x.weights)):
    theirs.set_weights(ours.get_weights())
network.save(os.path.join(out, "legacy.h5"))
network.save(os.path.join(out, "network.keras"))
network.save_weights(os.path.join(out, "layers.weights.h5"))
with_top.save(os.path.join(out, "with_top.keras"))
with_top.save(os.path.join(out, "with_top.h5"))
with_top.save_weights(os.path.join(out, "with_top.weights.h5"))
with open(os.path.join(out, "index.json"), "w") as stream:
    json.dump(["legacy.h5", "network.keras", "layers.weights.h5", "with_top.keras", "with_top.h5",
               "with_top.weights.h5"], stream)
