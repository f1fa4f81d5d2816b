"""Features from vidclass's cache as one .npz for keras_gru.py.

    cache_to_npz.py CACHE MANIFEST.csv OUT.npz

CACHE must hold at least as many clips, of any data set, in features of 2048 numbers: the time of
a fit does not depend on which.
"""
import csv
import pathlib
import sys

import numpy as np
from safetensors.numpy import load_file

cache, manifest, out = map(pathlib.Path, sys.argv[1:])
entries = [load_file(p) for p in sorted(cache.glob("??/*.safetensors"))]
rows = [r for r in csv.DictReader(manifest.open()) if r["split"] in ("train", "val")]
names = sorted({r["label"] for r in rows})
features = np.zeros((len(rows), 20, 2048), np.float32)
mask = np.zeros((len(rows), 20), bool)
for i, entry in enumerate(entries[: len(rows)]):
    values = entry["avg"][:20]
    features[i, : len(values)] = values
    mask[i, : len(values)] = True
np.savez(
    out, features=features, mask=mask, labels=np.array([names.index(r["label"]) for r in rows]),
    train=np.array([r["split"] == "train" for r in rows]),
)
