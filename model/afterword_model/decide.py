"""The last step: from what was read, passage by passage, to the probabilities of the whole note.

A note is what it ends up at (rule 6 of the labelling guide), and one decisive passage among many plain ones decides. So
the passages are taken in order: each keeps the answer so far as far as it is `neither`, and otherwise replaces it.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.metrics import log_loss
from sklearn.utils.validation import check_is_fitted

from afterword_model.labels import LABELS, Label
from afterword_model.reading import Reading

Floats = npt.NDArray[np.float64]

_NEITHER = LABELS.index(Label.NEITHER)
_LEAST, _MOST = 0.2, 8.0
"""Temperatures that are searched."""


class NoteDecider(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Turns readings into calibrated probabilities: one temperature (Guo et al. 2017), and the rule for long notes.

    `sharpness` is how clearly a passage of a long note must speak before it counts: above 1, many passages that are
    each a little suspicious do not add up to a verdict.
    """

    def __init__(self, *, sharpness: float = 2.0) -> None:
        self.sharpness = sharpness

    def fit(self, X: Sequence[Reading], y: Sequence[int]) -> Self:
        """Set the temperature that gives the true labels, indices into `LABELS`, the least log loss."""
        self.classes_ = np.arange(len(LABELS))

        def loss(temperature: float) -> float:
            return float(log_loss(y, self._probabilities(X, temperature), labels=self.classes_))

        self.temperature_ = float(minimize_scalar(loss, bounds=(_LEAST, _MOST), method="bounded").x)
        return self

    def predict_proba(self, X: Sequence[Reading]) -> Floats:
        """Return probabilities, shape `(n, 3)` in the order of `LABELS`."""
        check_is_fitted(self)
        return self._probabilities(X, self.temperature_)

    def predict(self, X: Sequence[Reading]) -> npt.NDArray[np.int64]:
        """Return the index of the most probable label of each note."""
        return np.asarray(self.predict_proba(X).argmax(axis=1))

    def _probabilities(self, readings: Sequence[Reading], temperature: float) -> Floats:
        rows = [self._note(softmax(reading.logits.astype(np.float64) / temperature, axis=1)) for reading in readings]
        return np.array(rows).reshape(-1, len(LABELS))

    def _note(self, passages: Floats) -> Floats:
        if len(passages) == 1:
            return np.asarray(passages[0])
        state = np.eye(len(LABELS))[_NEITHER]
        for passage in self._sharpened(passages):
            keeps = passage[_NEITHER]
            state = keeps * state + passage * (np.arange(len(LABELS)) != _NEITHER)
        return np.asarray(state / state.sum())

    def _sharpened(self, passages: Floats) -> Floats:
        """Return the passages with P(`neither`) moved away from one half; the other two keep their ratio."""
        neither = passages[:, [_NEITHER]].clip(1e-6, 1 - 1e-6)
        sharper = expit(self.sharpness * logit(neither))
        scaled = passages * (1 - sharper) / (1 - neither)
        scaled[:, [_NEITHER]] = sharper
        return np.asarray(scaled)
