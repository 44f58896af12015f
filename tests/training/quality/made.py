"""Labelled notes, corpora and what a champion makes of them, made for the tests of the quality report."""

import numpy as np
from datasets import Dataset
from scipy.special import softmax

from afterword_model.labels import LABELS
from afterword_training.corpus import FEATURES
from afterword_training.labelled import LabelledNote
from afterword_training.quality.features import Features


def note(row, text, label=LABELS[0], group=None):
    return LabelledNote(f"n{row}", f"team.csv:{row}", text, label, group or f"n{row}", 1)


def corpus(*texts, label="reflection", name="C"):
    rows = [
        {"id": f"{name}-{at}", "text": text, "label": label, "slice": "plain", "role": "", "author": name}
        | {"pair": None, "markers": []}
        for at, text in enumerate(texts)
    ]
    return Dataset.from_list(rows, features=FEATURES)


def notes_of(labels):
    return [note(row, f"Note {row}.", LABELS[label]) for row, label in enumerate(labels)]


def features_of(labels, *, spread=0.45, seed=3):
    """Return vectors around one centre a label, and a champion that errs about as often as they overlap."""
    draw = np.random.default_rng(seed)
    vectors = np.eye(len(LABELS), 12)[labels] + spread * draw.standard_normal((len(labels), 12))
    return Features(vectors, softmax(6 * vectors[:, : len(LABELS)], axis=1))


def labels_of(count, seed=5):
    return np.random.default_rng(seed).integers(len(LABELS), size=count)
