"""Evaluation: one classifier on labelled notes, overall and by slice, author, label and length."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from datasets import Dataset
from pydantic import BaseModel
from sklearn.metrics import confusion_matrix

from afterword_model import Classifier
from afterword_model.errors import InputError
from afterword_model.labels import LABELS
from afterword_model.manifest import Figure, Manifest
from afterword_model.prediction import Prediction
from afterword_training.config import Config
from afterword_training.long_pages import LongFigure
from afterword_training.metrics import Scored, accuracy, figures, macro_f1, reliability, risk_coverage
from afterword_training.notes import SLICES
from afterword_training.outside import OutsideFigures
from afterword_training.span_metrics import MarkerFigure, marker_figures

_LENGTHS = (
    (0, 25, "under 25 words"),
    (25, 75, "25 to 74 words"),
    (75, 150, "75 to 149 words"),
    (150, 10**9, "150 words and more"),
)


class GroupFigure(BaseModel):
    """Figures of one group of notes."""

    notes: int
    accuracy: float
    macro_f1: float


class Evaluation(BaseModel):
    """All figures of one classifier on one set of notes."""

    model: str
    notes: int
    authors: list[str]
    groups: int = 0
    """Groups that the intervals are over: authors, or notes where there is one author; 0 in figures of older models."""
    threshold: float
    sure_share: float
    """Share of notes that are answered as sure."""
    sure_accuracy: float | None
    """How often those are right; None where none is sure."""
    figures: dict[str, Figure]
    confusion: list[list[int]]
    by_slice: dict[str, GroupFigure]
    by_author: dict[str, GroupFigure]
    by_label: dict[str, GroupFigure]
    by_length: dict[str, GroupFigure]
    markers: dict[str, MarkerFigure]
    outside: OutsideFigures | None = None
    """How texts that are no notes are met, where they were asked for."""
    long_pages: list[LongFigure] = []
    """How pages longer than the window are answered, by length, where they were asked for."""
    risk_coverage: list[tuple[float, float, float]]
    """Threshold, coverage and accuracy, thinned to at most 101 points."""
    reliability: list[tuple[float, float, int]] = []
    """Mean probability, accuracy and notes by bin of probability; empty in figures of older models."""


def model_name(classifier: Classifier) -> str:
    """Return name and version of a classifier as documents call it."""
    return classifier.manifest.title if classifier.manifest else "not saved"


def trained_otherwise(manifest: Manifest, config: Config, corpus: str) -> str | None:
    """Return why the authors that `config` holds out may not be unseen by a model; None where nothing speaks for it.

    `corpus` is the SHA-256 of the notes at hand.
    """
    if manifest.corpus_sha256 != corpus:
        return "on other notes than these"
    if (manifest.name, manifest.version) != (config.name, config.version):
        return "by another configuration"
    return None


def score(classifier: Classifier, notes: Dataset) -> Scored:
    """Return the classifier's probabilities beside the truth."""
    return Scored(np.array(notes["label"]), classifier.predict_proba(list(notes["text"])), _groups(notes))


def evaluate(classifier: Classifier, notes: Dataset, *, resamples: int, seed: int) -> Evaluation:
    """Return all figures of `classifier` on labelled `notes`, asking it as every user does: through `predict`.

    Raises:
        InputError: there are no notes.
    """
    if not len(notes):
        raise InputError("There are no notes to evaluate on: none of the authors in this part wrote any.")
    return evaluate_predictions(
        classifier.predict(list(notes["text"])),
        notes,
        model=model_name(classifier),
        threshold=classifier.threshold,
        resamples=resamples,
        seed=seed,
    )


def evaluate_predictions(
    predictions: Sequence[Prediction], notes: Dataset, *, model: str, threshold: float, resamples: int, seed: int
) -> Evaluation:
    """Return all figures of predictions for labelled `notes`, one a note, by the model called `model`."""
    probabilities = np.array([[prediction.probabilities[label] for label in LABELS] for prediction in predictions])
    scored = Scored(np.array(notes["label"]), probabilities, _groups(notes))
    sure = np.array([prediction.sure for prediction in predictions])
    right = scored.predicted == scored.truth
    return Evaluation(
        model=model,
        notes=len(notes),
        authors=sorted(set(notes["author"])),
        groups=len(set(scored.groups)),
        threshold=threshold,
        sure_share=float(sure.mean()),
        sure_accuracy=float(right[sure].mean()) if sure.any() else None,
        figures=figures(scored, resamples=resamples, seed=seed),
        confusion=confusion_matrix(scored.truth, scored.predicted, labels=range(len(LABELS))).tolist(),
        by_slice=_by(scored, [None if index is None else SLICES[index] for index in notes["slice"]]),
        by_author=_by(scored, list(notes["author"])),
        by_label=_by(scored, [LABELS[index] for index in notes["label"]]),
        by_length=_by(scored, [_length(text) for text in notes["text"]]),
        markers=marker_figures(notes, [prediction.evidence for prediction in predictions]),
        risk_coverage=_thin(scored),
        reliability=reliability(scored),
    )


def _groups(notes: Dataset) -> npt.NDArray[np.str_]:
    """Return what intervals resample: authors, or single notes where there is one author only."""
    authors = np.array(notes["author"])
    return authors if len(np.unique(authors)) > 1 else np.array([str(row) for row in range(len(notes))])


def _by(scored: Scored, names: Sequence[str | None]) -> dict[str, GroupFigure]:
    """Return the figures of each group by its name; notes without one are in none."""
    column = np.array(names, dtype=object)
    return {name: _group(scored.take(column == name)) for name in sorted({name for name in names if name})}


def _group(scored: Scored) -> GroupFigure:
    return GroupFigure(notes=len(scored.truth), accuracy=accuracy(scored), macro_f1=macro_f1(scored))


def _length(text: str) -> str:
    words = len(text.split())
    return next(name for low, high, name in _LENGTHS if low <= words < high)


def _thin(scored: Scored) -> list[tuple[float, float, float]]:
    curves = risk_coverage(scored)
    at = np.unique(np.linspace(0, len(curves[0]) - 1, 101).astype(int))
    return [(float(a), float(b), float(c)) for a, b, c in zip(*(curve[at] for curve in curves), strict=True)]
