"""How well the words found as evidence match the words that were marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from datasets import Dataset
from pydantic import BaseModel

from afterword_model.labels import MARKERS, Marker
from afterword_model.prediction import Evidence

Place = tuple[int, int]


class MarkerFigure(BaseModel):
    """Span F1 of one marker."""

    marked: int
    found: int
    exact_f1: float
    """A found span counts when it has the same words as a marked one, but for edge punctuation."""
    overlap_f1: float
    """A found span counts when it shares a character with a marked one, and the other way round."""


@dataclass(frozen=True)
class _Counts:
    precise: int
    """Found spans that match."""
    found: int
    recalled: int
    """Marked spans that are matched."""
    marked: int

    @property
    def f1(self) -> float:
        precision = self.precise / self.found if self.found else 0.0
        recall = self.recalled / self.marked if self.marked else 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def marker_figures(notes: Dataset, evidence: Sequence[Sequence[Evidence]]) -> dict[str, MarkerFigure]:
    """Return the span F1 of each marker kind over all notes; `evidence` gives the spans found in each note."""
    return {kind: _figure(kind, notes, evidence) for kind in MARKERS}


def _figure(kind: Marker, notes: Dataset, evidence: Sequence[Sequence[Evidence]]) -> MarkerFigure:
    exact, overlap, found_all, marked_all = [0, 0], [0, 0], 0, 0
    for note, spans in zip(notes, evidence, strict=True):
        marked = [_place(note["text"], mark["span"]) for mark in note["markers"] if MARKERS[mark["kind"]] is kind]
        found = [_trim(note["text"], span.start, span.end) for span in spans if span.kind is kind]
        marked_all += len(marked)
        found_all += len(found)
        exact[0] += sum(place in marked for place in found)
        exact[1] += sum(place in found for place in marked)
        overlap[0] += sum(_touches(place, marked) for place in found)
        overlap[1] += sum(_touches(place, found) for place in marked)
    return MarkerFigure(
        marked=marked_all,
        found=found_all,
        exact_f1=_Counts(exact[0], found_all, exact[1], marked_all).f1,
        overlap_f1=_Counts(overlap[0], found_all, overlap[1], marked_all).f1,
    )


def _place(text: str, words: str) -> Place:
    start = text.index(words)
    return _trim(text, start, start + len(words))


def _trim(text: str, start: int, end: int) -> Place:
    """Return the span without white space and punctuation at its edges."""
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _touches(place: Place, others: Sequence[Place]) -> bool:
    return any(place[0] < end and start < place[1] for start, end in others)
