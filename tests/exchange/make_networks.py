"""Small networks, made and saved by whichever Keras runs this, with what it computes with them.

    make_networks.py FOLDER

Writes FOLDER/index.json, a list of {"name", "file", "refused"}: `refused` is a word of the refusal
that is expected, or null; then FOLDER/NAME.npz has features float32 [clips, T, D], zero behind the
clips' lengths int32 [clips], and probabilities float32 [clips, L].
"""
import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np

L = keras.layers
T, D, CLASSES = 7, 5, 3
LENGTHS = np.array([7, 1, 3, 6, 7, 2], np.int32)
VERSION = int(keras.__version__.split(".")[0])
out = sys.argv[1]
os.makedirs(out, exist_ok=True)
rng = np.random.default_rng(21)
index = []


def clips():
    x = rng.normal(size=(len(LENGTHS), T, D)).astype(np.float32)
    mask = np.arange(T)[None] < LENGTHS[:, None]
    return x * mask[..., None], mask


def set_random(model):
    for weight in model.weights:
        if "seed" in weight.name or weight.dtype in ("uint32", "int64"):
            continue
        value = rng.normal(size=weight.shape) * 0.5
        if "variance" in weight.name:
            value = np.abs(value) + 0.3
        weight.assign(value)


def rounded(value, dtype):
    if dtype == "bfloat16":
        bits = value.astype(np.float32).view(np.uint32)
        bits = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
        return bits.view(np.float32)
    return value.astype(dtype).astype(np.float32)


def network(layers, mask, frames=T):
    """`layers`: functions that make layers, the first recurrent one gets the mask."""
    if mask != "input":
        made = [keras.Input((frames, D))]
        if mask == "masking":
            made.append(L.Masking())
        return keras.Sequential(made + [make() for make in layers])
    x, m = keras.Input((frames, D)), keras.Input((frames,), dtype="bool")
    y, given = x, False
    for make in layers:
        layer = make()
        if not given and isinstance(layer, (L.GRU, L.LSTM, L.Bidirectional)):
            y, given = layer(y, mask=m), True
        else:
            y = layer(y)
    return keras.Model([x, m], y)


def add(name, layers, mask="none", form="keras", dtype="float32", refused=None, frames=T):
    name = f"keras{VERSION}_{name}_{form.replace('.', '_')}"
    ending = {"keras": ".keras", "h5": ".h5", "weights": ".weights.h5"}[form]
    file = os.path.join(out, name + ending)
    model = network(layers, mask, frames)
    set_random(model)
    saved = model
    if dtype != "float32":
        model.set_weights([rounded(np.array(w), dtype) for w in model.get_weights()])
        policy = (keras.config.set_dtype_policy if VERSION > 2
                  else keras.mixed_precision.set_global_policy)
        policy(dtype)
        saved = network(layers, mask, frames)
        policy("float32")
        saved.set_weights([w.astype(saved.weights[i].dtype) if VERSION > 2 else w
                           for i, w in enumerate(model.get_weights())])
    if form == "weights":
        saved.save_weights(file)
    else:
        saved.save(file)
    if refused is None:
        x, m = clips()
        inputs = [x, m] if mask == "input" else x
        found = np.array(model(inputs, training=False), np.float32)
        if found.shape[1] == 1:  # of the second of two labels
            found = np.concatenate([1 - found, found], axis=1)
        np.savez(os.path.join(out, name + ".npz"), features=x, lengths=LENGTHS,
                 probabilities=found)
    index.append({"name": name, "file": os.path.basename(file), "refused": refused})


def rnn(cell, units, sequences=False, **options):
    return lambda: cell(units, return_sequences=sequences, **options)


def both(cell, units, sequences=False, merge="concat", **options):
    return lambda: L.Bidirectional(cell(units, return_sequences=sequences, **options),
                                   merge_mode=merge)


def dense(units=CLASSES, activation="softmax", **options):
    return lambda: L.Dense(units, activation=activation, **options)


def dropout():
    return L.Dropout(0.3)


G, M = L.GRU, L.LSTM
# JAX has no orthogonal start in float16; all weights are replaced anyway.
SMALL = {"recurrent_initializer": "glorot_uniform"}
FORMS = ["keras", "h5"]
for form in FORMS:
    for mask in ("none", "input", "masking"):
        add(f"gru_{mask}", [rnn(G, 4), dense()], mask, form)
        add(f"lstm_{mask}", [rnn(M, 4), dense()], mask, form)
        add(f"stacked_{mask}",
            [rnn(G, 6, True), rnn(M, 4), dropout, dense(8, "relu"), dense()], mask, form)
        add(f"both_{mask}", [both(G, 4, True), both(M, 3), dense()], mask, form)
    add("before", [rnn(G, 4, reset_after=False), dense()], "input", form)
    add("notebook", [rnn(G, 16, True), rnn(G, 8), dropout, dense(8, "relu"), dense()], "input",
        form)
    add("norms", [L.BatchNormalization, both(G, 4, True), L.LayerNormalization, rnn(M, 4),
                  L.BatchNormalization, dense(6, "tanh"), dense()], "input", form)
    for merge in ("sum", "ave", "mul"):
        add(f"both_{merge}", [both(M, 4, merge=merge), dense()], "masking", form)
    add("mean", [rnn(G, 4, True), lambda: L.TimeDistributed(L.Dense(5, activation="elu")),
                 L.GlobalAveragePooling1D, dense()], "masking", form)
    add("mean_all", [rnn(G, 4, True), L.GlobalAveragePooling1D, dense()], "none", form)
    add("max_all", [rnn(M, 4, True), L.GlobalMaxPooling1D, dense()], "none", form)
    add("flat", [rnn(M, 4, True), L.Flatten, dense()], "none", form)
    add("any_length", [rnn(G, 4), dense()], "masking", form, frames=None)
    add("no_bias", [rnn(G, 4, use_bias=False), dense(use_bias=False)], "masking", form)
    add("relu", [rnn(G, 4, activation="relu"), L.ReLU, dense(None or CLASSES, None), L.Softmax],
        "input", form)
    for activation in ("sigmoid", "selu", "gelu", "softplus", "softsign", "swish", "hard_sigmoid",
                       "leaky_relu"):
        add(activation, [rnn(G, 4), dense(4, activation), dense()], "none", form)
    add("leaky", [rnn(G, 4), dense(4, None), L.LeakyReLU, dense(4, None), L.ELU, dense()], "input",
        form)
    add("two_labels", [rnn(G, 4), dense(1, "sigmoid")], "input", form)
    add("two_labels_apart",
        [rnn(M, 4), dense(1, None), lambda: L.Activation("sigmoid")], "masking", form)
    add("separate_activation",
        [rnn(M, 4), dense(CLASSES, None), lambda: L.Activation("softmax")], "none", form)
for mask in ("none", "input"):
    add(f"stacked_{mask}", [rnn(G, 6, True), rnn(G, 4), dropout, dense(8, "relu"), dense()], mask,
        "weights")
    add(f"lstm_{mask}", [rnn(M, 4), dense(8, "relu"), dense()], mask, "weights")
    add(f"both_{mask}", [both(G, 4, True), both(M, 3), dense()], mask, "weights")
add("before", [rnn(G, 4, reset_after=False), dense()], "input", "weights")
add("two_labels", [rnn(G, 4), dense(1, "sigmoid")], "input", "weights")
add("doubt", [L.BatchNormalization, rnn(G, D), L.LayerNormalization, dense(D), dense()], "input",
    "weights", refused="order")
for dtype in ("float16", "bfloat16"):
    for form in ("keras", "weights"):
        add(f"gru_{dtype}", [rnn(G, 4, **SMALL), dense()], "input", form, dtype)
        add(f"lstm_{dtype}", [both(M, 4, **SMALL), dense()], "none", form, dtype)

for form in FORMS:
    add("conv", [lambda: L.Conv1D(4, 3), rnn(G, 4), dense()], "none", form, refused="Conv1D")
    add("simple", [lambda: L.SimpleRNN(4), dense()], "none", form, refused="SimpleRNN")
    add("backwards", [rnn(G, 4, go_backwards=True), dense()], "none", form, refused="go_backwards")
    add("lambda", [lambda: L.Lambda(lambda x: x * 2), rnn(G, 4), dense()], "none", form,
        refused="Lambda")
    add("hard", [rnn(G, 4, recurrent_activation="hard_sigmoid"), dense()], "none", form,
        refused="hard_sigmoid")
    add("prelu", [rnn(G, 4), L.PReLU, dense()], "none", form, refused="PReLU")
    add("many_labels", [rnn(G, 4), dense(activation="sigmoid")], "none", form, refused="sigmoid")
    add("masked_flat", [rnn(G, 4, True), L.Flatten, dense()], "masking", form, refused="Flatten")

x = keras.Input((T, D))
y = L.Concatenate()([L.GRU(3)(x), L.LSTM(3)(x)])
branches = keras.Model(x, L.Dense(CLASSES, activation="softmax")(y))
for form in FORMS:
    name = f"keras{VERSION}_branches_{form}"
    branches.save(os.path.join(out, f"{name}.{form}"))
    index.append({"name": name, "file": f"{name}.{form}", "refused": "concatenate"})

with open(os.path.join(out, "index.json"), "w") as stream:
    json.dump(index, stream, indent=1)
