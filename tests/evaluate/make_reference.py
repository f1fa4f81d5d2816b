"""Writes reference.json: what scikit-learn (and SciPy and NumPy under it) says of made-up predictions.

    python -m venv venv && venv/bin/pip install scikit-learn
    venv/bin/python tests/evaluate/make_reference.py tests/evaluate/reference.json
"""

import json
import sys
import warnings

import numpy as np
import scipy.stats
import sklearn
from sklearn import metrics
from sklearn.calibration import calibration_curve

BINS = 15
RESAMPLES = 200
SEED = 7
LEVEL = 0.9


class SplitMix64:
    """The generator of include/vidclass/core/random.hpp, so that the same clips are drawn."""

    MASK = 2**64 - 1

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & self.MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self.MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self.MASK
        return z ^ (z >> 31)

    def below(self, bound):
        limit = self.MASK - self.MASK % bound
        value = self.next()
        while value >= limit:
            value = self.next()
        return value % bound


def scores(probabilities, labels):
    """The numbers of one set of clips. Equal probabilities rank by the lower index with us, by
    the higher one in top_k_accuracy_score, so they are set apart by less than any difference."""
    count = probabilities.shape[1]
    names = np.arange(count)
    apart = probabilities - names * 1e-12
    predicted = apart.argmax(axis=1)
    top5 = (
        metrics.top_k_accuracy_score(labels, apart, k=5, labels=names) if count > 5 else 1.0
    )
    return predicted, {
        "top1": metrics.accuracy_score(labels, predicted),
        "top5": top5,
        "mean_class_accuracy": metrics.balanced_accuracy_score(labels, predicted),
        "loss": metrics.log_loss(labels, np.maximum(probabilities, 1e-7), labels=names),
    }


def calibration(probabilities, labels, predicted):
    """ECE from calibration_curve, which leaves empty bins out."""
    confidence = probabilities.max(axis=1)
    right = predicted == labels
    accuracy, mean = calibration_curve(right, confidence, n_bins=BINS, strategy="uniform")
    edges = np.linspace(0.0, 1.0, BINS + 1)
    which = np.searchsorted(edges[1:-1], confidence)
    counts = np.bincount(which, minlength=BINS)
    weights = counts[counts > 0] / len(labels)
    return {
        "ece": float((weights * np.abs(accuracy - mean)).sum()),
        "accuracy": accuracy.tolist(),
        "confidence": mean.tolist(),
        "clips": counts.tolist(),
    }


def bootstrap(probabilities, labels, groups):
    members = {}
    for clip, group in enumerate(groups):
        members.setdefault(group or f"clip {clip}", []).append(clip)
    members = list(members.values())
    random = SplitMix64(SEED)
    drawn = []
    for _ in range(RESAMPLES):
        clips = [c for _ in members for c in members[random.below(len(members))]]
        drawn.append(scores(probabilities[clips], labels[clips])[1])
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    return {
        "groups": len(members),
        **{key: np.quantile([d[key] for d in drawn], tails).tolist() for key in drawn[0]},
    }


def mcnemar(first, second, labels):
    a = first == labels
    b = second == labels
    only_first = int((a & ~b).sum())
    only_second = int((~a & b).sum())
    n = only_first + only_second
    return {
        "only_first": only_first,
        "only_second": only_second,
        "p_value": scipy.stats.binomtest(only_first, n, 0.5).pvalue if n else 1.0,
    }


def case(name, probabilities, labels, groups=None, other=None):
    probabilities = np.asarray(probabilities, np.float32).astype(np.float64)
    labels = np.asarray(labels)
    count = probabilities.shape[1]
    groups = groups or [""] * len(labels)
    other = probabilities if other is None else np.asarray(other, np.float32).astype(np.float64)
    predicted, numbers = scores(probabilities, labels)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, predicted, labels=np.arange(count), zero_division=0
    )
    return {
        "name": name,
        "probabilities": [[float(f"{p:.9g}") for p in row] for row in probabilities],
        "other": [[float(f"{p:.9g}") for p in row] for row in other],
        "labels": labels.tolist(),
        "groups": groups,
        "scores": numbers,
        "confusion": metrics.confusion_matrix(labels, predicted, labels=np.arange(count)).tolist(),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        "calibration": calibration(probabilities, labels, predicted),
        "bootstrap": bootstrap(probabilities, labels, groups),
        "mcnemar": mcnemar(predicted, scores(other, labels)[0], labels),
    }


def made_up(random, labels, count, skill):
    """Softmax of noise that leans towards the true label."""
    logits = random.normal(size=(len(labels), count))
    logits[np.arange(len(labels)), labels] += skill
    exponents = np.exp(logits)
    return exponents / exponents.sum(axis=1, keepdims=True)


def cases():
    random = np.random.default_rng(20)
    labels = random.integers(0, 8, 60)
    yield case("random", made_up(random, labels, 8, 1.5), labels,
               other=made_up(random, labels, 8, 0.5))

    labels = random.integers(0, 7, 50)
    groups = [f"scene {g}" for g in random.integers(0, 9, 50)]
    yield case("groups", made_up(random, labels, 7, 1), labels, groups,
               other=made_up(random, labels, 7, 1))

    labels = random.choice([0, 1, 3, 5, 6], 40)
    yield case("classes absent", made_up(random, labels, 7, 1), labels,
               other=made_up(random, labels, 7, 2))

    # Eighths tie often, and lie on the edges of no bin but 0 and 1.
    labels = random.integers(0, 6, 40)
    yield case("ties", random.multinomial(8, [1 / 6] * 6, 40) / 8, labels,
               other=random.multinomial(8, [1 / 6] * 6, 40) / 8)

    labels = random.integers(0, 6, 12)
    yield case("all labels equally probable", np.full((12, 6), 1 / 6), labels)

    yield case("one clip, right", [[0.1, 0.7, 0.2]], [1])
    yield case("one clip, wrong", [[0.1, 0.7, 0.2]], [0], other=[[0.8, 0.1, 0.1]])
    yield case("sure and wrong", [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0])

    labels = random.integers(0, 2, 30)
    yield case("two labels", made_up(random, labels, 2, 1), labels,
               other=made_up(random, labels, 2, 3))

    labels = np.zeros(20, int)
    yield case("one label only", made_up(random, labels, 6, 1), labels)

    labels = random.integers(0, 5, 25)
    probabilities = made_up(random, labels, 5, 1)
    probabilities[:, 2] = 0
    yield case("a label never given", probabilities / probabilities.sum(axis=1, keepdims=True),
               labels)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    document = {
        "made_by": f"make_reference.py with scikit-learn {sklearn.__version__}, "
                   f"SciPy {scipy.__version__}, NumPy {np.__version__}",
        "bins": BINS, "resamples": RESAMPLES, "seed": SEED, "level": LEVEL,
        "cases": list(cases()),
    }
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(document, file, separators=(",", ":"))
        file.write("\n")
