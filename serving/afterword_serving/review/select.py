"""The choice between candidates: the most worth first, none like another, and not all of one group, file or month."""

from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from afterword_serving.review.note import Note

COPY = 0.95
"""Likeness from which a note hardly differs from one already chosen, and is left out."""
_GROUP, _MONTH = 0.3, 0.2
"""What worth a note loses when all chosen ones are of its group, else of its file, or of its month."""
Numbers = npt.NDArray[np.float64]


def select(notes: Sequence[Note], worth: Sequence[float], limit: int, *, chosen: Sequence[int] = ()) -> list[int]:
    """Return the indexes of up to `limit` notes, in the order in which they were chosen.

    Each step takes the note of most worth, after what it loses for being like a note chosen before, by the cosine of
    their TF-IDF vectors, and for being of a group, a file or a month that many chosen notes are of.

    Args:
        notes: all that can be chosen.
        worth: of each note.
        limit: fewer are returned when the rest are near copies.
        chosen: indexes of notes that are taken anyway; not returned, but the others should not be like them.
    """
    if not notes:
        return []
    choice = _Choice(notes, np.asarray(worth, dtype=np.float64))
    for index in chosen:
        choice.take(index)
    picked: list[int] = []
    while len(picked) < limit and (best := choice.best()) is not None:
        choice.take(best)
        picked.append(best)
    return picked


class _Choice:
    def __init__(self, notes: Sequence[Note], worth: Numbers) -> None:
        vectorizer = TfidfVectorizer(sublinear_tf=True, token_pattern=r"\w+")
        self._vectors = vectorizer.fit_transform(note.text for note in notes)
        self._worth = worth
        self._likeness = np.zeros(len(notes))
        self._open = np.ones(len(notes), dtype=bool)
        self._crowds = [
            (_GROUP, _Crowd([note.group or note.file for note in notes])),
            (_MONTH, _Crowd([note.month for note in notes])),
        ]

    def best(self) -> int | None:
        """Return the note to take next, the earlier of two equal ones, or None when only near copies are left."""
        open_ones = self._open & (self._likeness < COPY)
        if not open_ones.any():
            return None
        gain = self._worth * (1 - self._likeness)
        for weight, crowd in self._crowds:
            gain = gain * (1 - weight * crowd.share())
        return int(np.argmax(np.where(open_ones, gain, -1.0)))

    def take(self, index: int) -> None:
        self._open[index] = False
        likeness = (self._vectors @ self._vectors[[index]].T).toarray().ravel()
        self._likeness = np.maximum(self._likeness, likeness)
        for _, crowd in self._crowds:
            crowd.add(index)


class _Crowd:
    """Which share of the notes taken is of each note's group."""

    def __init__(self, groups: Sequence[Hashable]) -> None:
        numbers = {group: number for number, group in enumerate(Counter(groups))}
        self._group = np.array([numbers[group] for group in groups])
        self._taken = np.zeros(len(numbers))

    def add(self, index: int) -> None:
        self._taken[self._group[index]] += 1

    def share(self) -> Numbers:
        return np.asarray((self._taken / max(self._taken.sum(), 1))[self._group], dtype=np.float64)
