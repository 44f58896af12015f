"""Evidence from the encoder: token scores of the marker head, joined into spans of whole words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Self

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator

from afterword_model.labels import MARKERS, Marker
from afterword_model.prediction import Evidence
from afterword_model.reading import Reading
from afterword_model.segment import Span, sentences

_GRID = np.linspace(0.1, 0.9, 17)
_GAP = 3
"""Up to so many tokens below the threshold are bridged within a sentence."""
_LEAST_LETTERS = 4


class TokenMarkers(BaseEstimator):  # type: ignore[misc]
    """Finds markers where the token scores of one kind stay above that kind's threshold."""

    def fit(self, X: Sequence[Reading], texts: Sequence[str], marked: Sequence[Sequence[Evidence]]) -> Self:
        """Set each kind's threshold to the one with the best overlap F1 against the spans `marked` in `texts`."""
        borders = [sentences(text) for text in texts]
        self.thresholds_ = {}
        for kind in MARKERS:
            truth = [[(span.start, span.end) for span in spans if span.kind is kind] for spans in marked]
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


def _spans(
    text: str, borders: Sequence[Span], reading: Reading, kind: Marker, least: float
) -> Iterator[tuple[int, int]]:
    """Yield the character spans of one kind: runs of tokens above `least`, per sentence, widened to whole words."""
    above = np.flatnonzero(expit(reading.markers[:, MARKERS.index(kind)]) >= least)
    if not len(above):
        return
    of_token = np.searchsorted([border.end for border in borders], reading.tokens[above, 0], side="right")
    parts = np.flatnonzero((np.diff(above) > _GAP) | (np.diff(of_token) > 0)) + 1
    for run in np.split(above, parts):
        start, end = _whole_words(text, int(reading.tokens[run[0], 0]), int(reading.tokens[run[-1], 1]))
        if sum(char.isalpha() for char in text[start:end]) >= _LEAST_LETTERS:
            yield start, end


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and _in_word(text[start - 1]) and _in_word(text[start]):
        start -= 1
    while end < len(text) and _in_word(text[end - 1]) and _in_word(text[end]):
        end += 1
    while start < end and not text[start].isalnum() and text[start] not in "\"'(":
        start += 1
    while end > start and text[end - 1] in " \n,;:-":
        end -= 1
    return start, end


def _in_word(char: str) -> bool:
    return char.isalnum() or char in "'-"


def _overlap_f1(found: Sequence[Sequence[tuple[int, int]]], truth: Sequence[Sequence[tuple[int, int]]]) -> float:
    hits = sum(_touches(span, marked) for spans, marked in zip(found, truth, strict=True) for span in spans)
    reached = sum(_touches(span, spans) for spans, marked in zip(found, truth, strict=True) for span in marked)
    precision = hits / max(1, sum(map(len, found)))
    recall = reached / max(1, sum(map(len, truth)))
    return 2 * precision * recall / max(1e-12, precision + recall)


def _touches(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)
