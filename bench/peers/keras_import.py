"""The notebook's network trained in Keras on features that vidclass extracted, and what it says.

    keras_import.py train FEATURES MANIFEST.csv OUT      (a folder of .npy files; writes OUT/head.keras,
                                                          OUT/labels.txt, OUT/keras.json, and
                                                          OUT/plain/, the test clips' plain averages)
    keras_import.py compare OUT/keras.json PREDICTIONS.json
"""
import csv
import json
import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np

FRAMES, WIDTH = 20, 2048


def train(features_dir, manifest, out):
    import keras

    keras.utils.set_random_seed(1)
    rows = list(csv.DictReader(open(manifest)))
    labels = sorted({row["label"] for row in rows})
    x = np.zeros((len(rows), FRAMES, WIDTH), np.float32)
    mask = np.zeros((len(rows), FRAMES), bool)
    for i, row in enumerate(rows):
        file = pathlib.Path(features_dir, pathlib.Path(row["path"]).with_suffix(".npy"))
        values = np.load(file)[:, :WIDTH]  # the plain average comes first
        x[i, : len(values)] = values
        mask[i, : len(values)] = True
    y = np.array([labels.index(row["label"]) for row in rows])
    split = np.array([row["split"] for row in rows])

    frames = keras.Input((FRAMES, WIDTH))
    frames_mask = keras.Input((FRAMES,), dtype="bool")
    h = keras.layers.GRU(16, return_sequences=True)(frames, mask=frames_mask)
    h = keras.layers.GRU(8)(h)
    h = keras.layers.Dropout(0.4)(h)
    h = keras.layers.Dense(8, activation="relu")(h)
    model = keras.Model([frames, frames_mask],
                        keras.layers.Dense(len(labels), activation="softmax")(h))
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    chosen = split == "train"
    model.fit([x[chosen], mask[chosen]], y[chosen], epochs=10, verbose=0)
    test = split == "test"
    found = np.array(model([x[test], mask[test]], training=False))
    print(f"Keras {keras.__version__}: {test.sum()} test clips, "
          f"top-1 {(found.argmax(1) == y[test]).mean():.3f}")
    model.save(os.path.join(out, "head.keras"))
    pathlib.Path(out, "labels.txt").write_text("\n".join(labels) + "\n")
    for row, values, clip_mask in zip(rows, x, mask):
        if row["split"] != "test":
            continue
        file = pathlib.Path(out, "plain", pathlib.Path(row["path"]).with_suffix(".npy"))
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, values[clip_mask])
    paths = [row["path"] for row in rows if row["split"] == "test"]
    with open(os.path.join(out, "keras.json"), "w") as stream:
        json.dump({"labels": labels, "clips": dict(zip(paths, found.tolist()))}, stream)


def compare(keras_file, predictions):
    expected = json.load(open(keras_file))
    same, largest, clips = 0, 0.0, json.load(open(predictions))["clips"]
    for clip in clips:
        name = next(p for p in expected["clips"]
                    if clip["path"].endswith(p) or clip["path"].endswith(p.rsplit(".", 1)[0] + ".npy"))
        wanted = dict(zip(expected["labels"], expected["clips"][name]))
        found = {p["label"]: p["probability"] for p in clip["predictions"]}
        same += max(wanted, key=wanted.get) == max(found, key=found.get)
        largest = max(largest, max(abs(found[label] - wanted[label]) for label in wanted))
    print(f"{len(clips)} clips: {same} with the same label, largest difference {largest:.2g}")


{"train": train, "compare": compare}[sys.argv[1]](*sys.argv[2:])
