"""A profile: what many notes and their answers look like, in counts alone."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from afterword_model.labels import LABELS, Label
from afterword_model.text import normalize

LENGTHS = (10, 25, 50, 75, 100, 150, 250, 500)
"""Numbers of words at which a new bin of length begins; the first bin begins at 0."""
TENTHS = 10
"""Bins of equal width for what lies between 0 and 1."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")

Count = Annotated[int, Field(ge=0)]
Tenths = Annotated[tuple[Count, ...], Field(min_length=TENTHS, max_length=TENTHS)]


@dataclass(frozen=True)
class Seen:
    """One note that was answered; `words` and `text` are None where only the answer is known."""

    label: Label
    probabilities: tuple[float, ...]
    """In the order of `LABELS`."""
    sure: bool
    words: int | None = None
    text: str | None = None


class Profile(BaseModel):
    """Counts over notes, each in bins from the lowest value to the highest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    notes: Count
    labels: dict[Label, Count]
    unsure: Count
    scores: dict[Label, Tenths]
    """Notes by probability of each label."""
    lengths: Annotated[tuple[Count, ...], Field(min_length=len(LENGTHS) + 1, max_length=len(LENGTHS) + 1)]
    """Notes by number of words (`LENGTHS`); only those whose length is known."""
    familiar: Tenths
    """Notes by the share of their different words that the reference lists; only those whose text is known."""
    words: dict[str, Count]
    """Notes that use each word the reference lists."""

    @property
    def texts(self) -> int:
        """Of how many notes the text was known."""
        return sum(self.familiar)


def profile(seen: Iterable[Seen], listed: Collection[str]) -> Profile:
    """Return the profile of notes, read one by one; of their words only those that are `listed` are counted."""
    known = frozenset(listed)
    labels = Counter(dict.fromkeys(LABELS, 0))
    scores = np.zeros((len(LABELS), TENTHS), dtype=int)
    lengths, familiar = np.zeros(len(LENGTHS) + 1, dtype=int), np.zeros(TENTHS, dtype=int)
    words = Counter(dict.fromkeys(sorted(known), 0))
    unsure = 0
    for note in seen:
        labels[note.label] += 1
        unsure += not note.sure
        scores[range(len(LABELS)), [_tenth(value) for value in note.probabilities]] += 1
        if note.words is not None:
            lengths[np.searchsorted(LENGTHS, note.words, side="right")] += 1
        if note.text is not None and (used := words_of(note.text)):
            words.update(used & known)
            familiar[_tenth(len(used & known) / len(used))] += 1
    return Profile(
        notes=labels.total(),
        labels=dict(labels),
        unsure=unsure,
        scores={label: tuple(map(int, row)) for label, row in zip(LABELS, scores, strict=True)},
        lengths=tuple(map(int, lengths)),
        familiar=tuple(map(int, familiar)),
        words=dict(words),
    )


def words_of(text: str) -> frozenset[str]:
    """Return the different words of a text, in lower case."""
    return frozenset(_WORD.findall(normalize(text).text.casefold()))


def _tenth(value: float) -> int:
    return min(int(value * TENTHS), TENTHS - 1)
