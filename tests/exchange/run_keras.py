"""What Keras computes with files that vidclass wrote, loaded in safe mode.

    run_keras.py FOLDER FILE...

FOLDER/features.npy float32 [clips, T, W], FOLDER/mask.npy uint8 [clips, T]. Writes beside each FILE
FILE.npy, float32 [clips, L], all clips at once, and checks that each alone gives the same.
"""
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np

features = np.load(os.path.join(sys.argv[1], "features.npy"))
mask = np.load(os.path.join(sys.argv[1], "mask.npy")).astype(bool)
for file in sys.argv[2:]:
    model = keras.saving.load_model(file, safe_mode=True)
    inputs = [features, mask][: len(model.inputs)]
    together = np.array(model(inputs, training=False))
    alone = np.array(model([x[:1] for x in inputs], training=False))
    assert np.abs(together[:1] - alone).max() < 1e-5, file
    np.save(file + ".npy", together)
    again = file.replace(".keras", ".again.keras")
    model.save(again)
