"""The last step: from what was read, passage by passage, to the probabilities of the whole note.

A note is what it ends up at (rule 6 of the labelling guide), and one decisive passage among many plain ones decides. So
the passages are taken in order: each keeps the answer so far as far as it is `neither`, and otherwise replaces it.
"""

from collections.abc import Sequence
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.metrics import log_loss
from sklearn.utils.validation import check_is_fitted

from afterword_model.labels import LABELS, Label

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

_NEITHER = LABELS.index(Label.NEITHER)
_LEAST, _MOST = 0.2, 8.0
"""Temperatures that are searched."""
_FLOOR = 0.001
"""Probability from which down label smoothing is no longer undone, but probabilities keep their proportions."""


class Passages(Protocol):
    """What is asked of a reading."""

    @property
    def logits(self) -> npt.NDArray[np.float32]:
        """Label logits by passage, shape `(k, 3)`."""
        ...


class NoteDecider(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Turns readings into calibrated probabilities: one temperature (Guo et al. 2017), and the rule for long notes.

    A network trained with label smoothing (Szegedy et al. 2016) is taught never to be sure beyond a point, which no
    temperature mends without spoiling the rest. So what `smoothing` added to each probability is taken off first.
    """

    smoothing: float = 0.0  # for artifacts from before there was any

    def __init__(self, smoothing: float = 0.0) -> None:
        self.smoothing = smoothing

    def fit(
        self, X: Sequence[Passages], y: Sequence[int] | Indices, sample_weight: Sequence[float] | None = None
    ) -> Self:
        """Set the temperature that gives the true labels, indices into `LABELS`, the least log loss.

        `sample_weight`, one a note, says how much each counts.
        """
        self.classes_ = np.arange(len(LABELS))
        unsmoothed = self._unsmoothed(X)

        def loss(temperature: float) -> float:
            found = _probabilities(unsmoothed, temperature)
            return float(log_loss(y, found, sample_weight=sample_weight, labels=self.classes_))

        self.temperature_ = float(minimize_scalar(loss, bounds=(_LEAST, _MOST), method="bounded").x)
        return self

    def predict_proba(self, X: Sequence[Passages]) -> Floats:
        """Return probabilities, shape `(n, 3)` in the order of `LABELS`."""
        check_is_fitted(self)
        return _probabilities(self._unsmoothed(X), self.temperature_)

    def predict(self, X: Sequence[Passages]) -> npt.NDArray[np.int64]:
        """Return the index of the most probable label of each note."""
        return np.asarray(self.predict_proba(X).argmax(axis=1))

    def _unsmoothed(self, readings: Sequence[Passages]) -> list[Floats]:
        """Return logits of the probabilities that, smoothed, are those of each reading; no order of theirs is lost."""
        exact = [reading.logits.astype(np.float64) for reading in readings]
        return [_without_smoothing(logits, self.smoothing) for logits in exact] if self.smoothing else exact


def _without_smoothing(logits: Floats, smoothing: float) -> Floats:
    added = smoothing / len(LABELS)
    found = log_softmax(logits, axis=1)
    solved = np.maximum((np.exp(found) - added) / (1 - smoothing), _FLOOR)
    below = np.minimum(found - np.log((1 - smoothing) * _FLOOR + added), 0)
    return np.asarray(np.log(solved) + below)


def _probabilities(notes: Sequence[Floats], temperature: float) -> Floats:
    rows = [_note(softmax(logits / temperature, axis=1)) for logits in notes]
    return np.array(rows).reshape(-1, len(LABELS))


def _note(passages: Floats) -> Floats:
    """Return the probabilities of a note from those of its passages, in order."""
    if len(passages) == 1:
        return np.asarray(passages[0])
    state = np.eye(len(LABELS))[_NEITHER]
    for passage in _corrected(passages):
        state = passage[_NEITHER] * state + passage * (np.arange(len(LABELS)) != _NEITHER)
    return np.asarray(state / state.sum())


def _corrected(passages: Floats) -> Floats:
    """Return the passages with the odds of `neither` of each multiplied by how many are looked at: it, and the plain.

    The more plain passages there are, the likelier one of them seems decisive by chance; this is Bonferroni's
    correction. Passages that decide are no such chances: what a page of them ends up at is held against none of them.
    """
    neither = passages[:, _NEITHER]
    looked_at = 1 + neither.sum() - neither
    weighed = passages * np.where(np.arange(len(LABELS)) == _NEITHER, looked_at[:, None], 1)
    return np.asarray(weighed / weighed.sum(axis=1, keepdims=True))
