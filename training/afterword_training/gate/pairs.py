"""How often two models of one family differ in practice, to hold the simulation's assumptions against."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from datasets import Dataset
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from afterword_model import Classifier
from afterword_model.errors import ConfigError
from afterword_model.reading import Reading
from afterword_model.text import normalize
from afterword_training.evaluate import model_name
from afterword_training.gate.paired import Floats
from afterword_training.metrics import Indices
from afterword_training.tables import table

_FOLDS = 5
_C = 0.01
"""Inverse strength of the head's L2 penalty: few notes, hundreds of features."""


def pairs_report(classifier: Classifier, notes: Dataset) -> str:
    """Return a table of how a label head, fitted anew for each author, differs from the classifier's own.

    Each author in turn stands for a team: the encoder stays as it is, the head is fitted on four fifths of the author's
    notes and asked about the rest, contrast pairs kept together.

    Raises:
        ConfigError: the classifier has no encoder.
    """
    readings = classifier.pipeline[:-1].transform([normalize(text).text for text in notes["text"]])
    if not isinstance(readings, list) or not all(isinstance(reading, Reading) for reading in readings):
        raise ConfigError("Only a classifier with an encoder can have its head refitted; choose another with --model.")
    truth, authors = np.array(notes["label"]), np.array(notes["author"])
    groups = np.array([pair or note for pair, note in zip(notes["pair"], notes["id"], strict=True)])
    champion = classifier.pipeline[-1].predict_proba(readings).argmax(axis=1) == truth
    features, rows = _features(readings), []
    for author in np.unique(authors):
        own = np.flatnonzero(authors == author)
        challenger = _cross_fitted(features[own], truth[own], groups[own]) == truth[own]
        rows.append(_row(str(author), champion[own], challenger))
    head = ("author", "notes", "champion", "refitted", "gained", "lost", "difference", "discordance")
    return f"The champion is {model_name(classifier)}:\n\n{table(head, rows)}"


def _features(readings: Sequence[Reading]) -> Floats:
    pooled = np.stack([reading.pooled.mean(axis=0) for reading in readings])
    logits = np.stack([reading.logits.mean(axis=0) for reading in readings])
    return np.hstack([pooled / pooled.std(), logits]).astype(np.float64)


def _cross_fitted(features: Floats, truth: Indices, groups: Indices) -> Indices:
    found = np.empty_like(truth)
    for fit, held in GroupKFold(_FOLDS).split(features, groups=groups):
        head = LogisticRegression(C=_C, max_iter=1000).fit(features[fit], truth[fit])
        found[held] = head.predict(features[held])
    return found


def _row(author: str, champion: npt.NDArray[np.bool_], challenger: npt.NDArray[np.bool_]) -> tuple[str, ...]:
    notes = len(champion)
    gained, lost = int((challenger & ~champion).sum()), int((champion & ~challenger).sum())
    return (
        author,
        str(notes),
        f"{champion.mean():.3f}",
        f"{challenger.mean():.3f}",
        str(gained),
        str(lost),
        f"{(gained - lost) / notes * 100:+.1f} points",
        f"{(gained + lost) / notes:.3f}",
    )
