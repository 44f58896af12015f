"""Whether a note is written in words like those the model learned from.

A model answers any text, and may be certain about one that is nothing like a note: a recipe, a contract, code. The
signal is the mean surprise of the note's word pieces under their shares in the training notes, in nats, less what so
few of them may reach by chance.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from afterword_model.reading import Reading

Floats = npt.NDArray[np.float64]

_SPREAD = 2.0
"""Nats by which the surprise of one piece usually varies; that of a mean of n, by its n-th root less."""


class Familiarity(BaseEstimator):  # type: ignore[misc]
    """Marks notes whose words are stranger than all but a share `tolerated` of validation notes.

    Pieces in fewer than `min_notes` training notes count as never seen, so that no rare word can be told from a saved
    model.
    """

    def __init__(self, *, vocabulary: int, min_notes: int = 5, tolerated: float = 0.02) -> None:
        self.vocabulary = vocabulary
        self.min_notes = min_notes
        self.tolerated = tolerated

    def fit(self, X: Sequence[npt.NDArray[np.int64]], y: object = None) -> Self:  # noqa: ARG002  # as estimators have it
        """Learn the shares of pieces from training notes, each an array of piece ids; Lidstone smoothing by a half."""
        counts = sum((np.bincount(pieces, minlength=self.vocabulary) for pieces in X), np.zeros(self.vocabulary))
        notes = sum((np.bincount(np.unique(pieces), minlength=self.vocabulary) for pieces in X), np.zeros(1))
        counts = np.where(notes >= self.min_notes, counts, 0) + 0.5
        self.surprise_ = -np.log(counts / counts.sum()).astype(np.float32)
        return self

    def set_limit(self, X: Sequence[Reading]) -> Self:
        """Set the limit by validation notes, and keep how strange the strangest of them is."""
        found = self.strangeness([reading.pieces for reading in X])
        self.limit_, self.strangest_ = float(np.quantile(found, 1 - self.tolerated)), float(found.max())
        return self

    def strangeness(self, X: Sequence[npt.NDArray[np.int64]]) -> Floats:
        """Return how strange the pieces of each note are, shape `(n,)`; a note without any is not strange at all."""
        check_is_fitted(self, "surprise_")
        return np.array([self._strangeness(pieces) for pieces in X])

    def unfamiliar(self, strangeness: Floats) -> npt.NDArray[np.bool_]:
        """Return where texts so strange are stranger than the limit."""
        check_is_fitted(self, "limit_")
        return strangeness > self.limit_

    def unlike_any(self, strangeness: Floats) -> npt.NDArray[np.bool_]:
        """Return where texts so strange are stranger than every validation note; older models know of none."""
        return strangeness > getattr(self, "strangest_", np.inf)

    def _strangeness(self, pieces: npt.NDArray[np.int64]) -> float:
        return float(self.surprise_[pieces].mean() - _SPREAD / np.sqrt(len(pieces))) if len(pieces) else -np.inf
