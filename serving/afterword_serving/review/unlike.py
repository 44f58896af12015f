"""How unlike a note is to those that the model is sure of, in length and in words.

The model's training notes are not at hand where it is used. So the measure is the input itself: a note counts as unlike
when its length, or its share of words that the sure notes do not use, lies far outside what is usual among them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import CountVectorizer

from afterword_serving.review.note import Note
from afterword_serving.review.reasons import Reason

FEWEST = 20
"""Sure notes below which nothing can be said about what is usual."""
_NOVELTY_SPREAD, _LENGTH_SPREAD = 0.05, 0.35
"""Least standard deviations: where notes are all alike, small differences are none; twice the length always is one."""
_FAR = 3.0
"""Standard deviations from the usual that count in full."""
Numbers = npt.NDArray[np.float64]


class Familiar:
    """What is usual among the notes that the model is sure of."""

    def __init__(self, notes: Sequence[Note]) -> None:
        sure = [note for note in notes if note.sure]
        self._known = frozenset(note.position for note in sure)
        self._can_tell = len(sure) >= FEWEST
        if not self._can_tell:
            return
        self._counter = CountVectorizer(binary=True, token_pattern=r"\w+", dtype=np.float64)
        self._used_by = np.asarray(self._counter.fit_transform(note.text for note in sure).sum(axis=0)).ravel()
        self._novelty = _usual(self._novelties(sure), _NOVELTY_SPREAD)
        self._length = _usual(_lengths(sure), _LENGTH_SPREAD)

    def reasons(self, notes: Sequence[Note]) -> list[Reason | None]:
        """Return how unlike each note is; None where nothing can be said."""
        if not (self._can_tell and notes):
            return [None] * len(notes)
        novelty = _deviations(self._novelties(notes), self._novelty)
        length = _deviations(_lengths(notes), self._length)
        return [_reason(float(new), float(long)) for new, long in zip(novelty, length, strict=True)]

    def _novelties(self, notes: Sequence[Note]) -> Numbers:
        """Return the mean rarity of each note's words, from 0 (all sure notes use them) to 1 (none does)."""
        own = np.array([note.position in self._known for note in notes], dtype=np.float64)
        used = self._counter.transform(note.text for note in notes)
        distinct = np.array([len(set(self._counter.build_analyzer()(note.text))) for note in notes], dtype=np.float64)
        return 1 - self._commonness(used, own) / np.maximum(distinct, 1)

    def _commonness(self, used: Any, own: Numbers) -> Numbers:  # noqa: ANN401  # a sparse matrix
        """Return the summed commonness of the words of each note; a sure note does not count as its own witness."""
        total = np.log1p(len(self._known))
        others = np.log1p(self._used_by) / total
        without = np.log1p(np.maximum(self._used_by - 1, 0)) / total
        return np.asarray(np.where(own > 0, used @ without, used @ others), dtype=np.float64)


def _lengths(notes: Sequence[Note]) -> Numbers:
    return np.log([max(note.words, 1) for note in notes])


def _usual(values: Numbers, least: float) -> tuple[float, float]:
    """Return mean and standard deviation, the latter `least` or more."""
    return float(values.mean()), max(float(values.std()), least)


def _deviations(values: Numbers, usual: tuple[float, float]) -> Numbers:
    mean, deviation = usual
    return (values - mean) / deviation


def _reason(novelty: float, length: float) -> Reason:
    strength = min(max(novelty, abs(length), 0.0) / _FAR, 1.0)
    by_length = "much longer" if length > 0 else "much shorter"
    what = "other words than theirs" if novelty >= abs(length) else by_length
    return Reason("unlike", strength, f"unlike the notes that the model is sure of: {what}")
