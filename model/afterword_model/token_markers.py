"""Evidence from the encoder: token scores of the marker head, widened to the clauses they stand in."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.base import BaseEstimator

from afterword_model.labels import MARKERS, Marker
from afterword_model.prediction import Evidence
from afterword_model.reading import Reading
from afterword_model.segment import Span, clauses, sentences

_GRID = np.linspace(0.1, 0.9, 17)
_EVEN = 0.5
_LEAST_LETTERS = 4

Place = tuple[int, int]
"""Start and end (exclusive) of a span in characters."""


class TokenMarkers(BaseEstimator):  # type: ignore[misc]
    """Finds markers where the token scores of one kind stay above that kind's threshold."""

    def fit(self, X: Sequence[Reading], texts: Sequence[str], marked: Sequence[Sequence[Evidence]]) -> Self:
        """Set each kind's threshold to the one with the best overlap F1 against the spans `marked` in `texts`.

        A kind that none of them marks gets even odds.
        """
        borders = [sentences(text) for text in texts]
        self.thresholds_ = {}
        for kind in MARKERS:
            truth = [[(span.start, span.end) for span in spans if span.kind is kind] for spans in marked]
            if not any(truth):
                self.thresholds_[kind] = _EVEN
                continue
            scores = [
                _overlap_f1(
                    [list(_spans(*note, kind, float(at))) for note in zip(texts, borders, X, strict=True)], truth
                )
                for at in _GRID
            ]
            self.thresholds_[kind] = float(_GRID[int(np.argmax(scores))])
        return self

    def find(self, texts: Sequence[str], features: Sequence[Reading]) -> list[list[Evidence]]:
        """Return the evidence of each normalised text, in reading order."""
        return [_evidence(text, reading, self.thresholds_) for text, reading in zip(texts, features, strict=True)]


def _evidence(text: str, reading: Reading, thresholds: Mapping[Marker, float]) -> list[Evidence]:
    if not (expit(reading.markers) >= min(thresholds.values())).any():
        return []
    borders = sentences(text)
    found = [
        Evidence(kind, start, end)
        for kind in MARKERS
        for start, end in _spans(text, borders, reading, kind, thresholds[kind])
    ]
    return sorted(found, key=lambda span: (span.start, span.end))


def _spans(text: str, borders: Sequence[Span], reading: Reading, kind: Marker, least: float) -> Iterator[Place]:
    """Yield the character spans of one kind: the clauses that hold tokens above `least`, neighbours as one."""
    above = np.flatnonzero(expit(reading.markers[:, MARKERS.index(kind)]) >= least)
    starts = reading.tokens[above, 0]
    of_token = np.searchsorted([border.end for border in borders], starts, side="right")
    for sentence in np.unique(of_token[of_token < len(borders)]):
        marked = starts[of_token == sentence]
        for start, end in _runs(clauses(text, borders[sentence]), marked):
            start, end = _trimmed(text, start, end)
            if sum(char.isalpha() for char in text[start:end]) >= _LEAST_LETTERS:
                yield start, end


def _runs(parts: Sequence[Span], marked: npt.NDArray[np.int64]) -> Iterator[Place]:
    """Yield the stretches of neighbouring clauses that each hold a marked place."""
    held = [bool(((marked >= part.start) & (marked < part.end)).any()) for part in parts]
    for holds, group in groupby(zip(held, parts, strict=True), key=lambda pair: pair[0]):
        if holds:
            run = [part for _, part in group]
            yield run[0].start, run[-1].end


def _trimmed(text: str, start: int, end: int) -> Place:
    """Return the span without white space and loose punctuation at its edges."""
    while start < end and not text[start].isalnum() and text[start] not in "\"'(":
        start += 1
    while end > start and text[end - 1] in " \n,;:(-\u2013\u2014":
        end -= 1
    return start, end


def _overlap_f1(found: Sequence[Sequence[Place]], truth: Sequence[Sequence[Place]]) -> float:
    hits = sum(_touches(span, marked) for spans, marked in zip(found, truth, strict=True) for span in spans)
    reached = sum(_touches(span, spans) for spans, marked in zip(found, truth, strict=True) for span in marked)
    precision = hits / max(1, sum(map(len, found)))
    recall = reached / max(1, sum(map(len, truth)))
    return 2 * precision * recall / max(1e-12, precision + recall)


def _touches(span: Place, others: Sequence[Place]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)
