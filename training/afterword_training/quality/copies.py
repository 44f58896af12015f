"""Notes that stand twice: among themselves, in the corpus, in the notes that models are judged on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from datasets import Dataset
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from afterword_model.labels import Label
from afterword_training.corpus import labels_of
from afterword_training.labelled import LabelledNote
from afterword_training.likeness import near_copies, text_key
from afterword_training.quality.findings import Finding, Kind

_Origin = Literal["team", "evaluation", "corpus"]

_TEAM_KINDS = {
    (True, True): Kind.DUPLICATE,
    (True, False): Kind.CONFLICT,
    (False, True): Kind.NEAR_DUPLICATE,
    (False, False): Kind.NEAR_CONFLICT,
}
"""By whether the texts are the same, and whether the labels are."""


@dataclass(frozen=True)
class _Known:
    """A text that others may be copies of."""

    origin: _Origin
    name: str
    key: str
    label: Label


def find_copies(notes: Sequence[LabelledNote], evaluation: Dataset, corpus: Dataset) -> list[Finding]:
    """Return what is known of each note's text from an earlier note, the evaluation notes or the corpus.

    A note of the evaluation is told as such and as nothing else.
    """
    known = [_Known("team", note.where, text_key(note.text), note.label) for note in notes]
    known += [*_of(evaluation, "evaluation"), *_of(corpus, "corpus")]
    return [
        finding
        for row, others in _alike([each.key for each in known], range(len(notes)))
        for finding in _findings(notes[row], row, others, known)
    ]


def joined_groups(notes: Sequence[LabelledNote], *, by_group: bool = True) -> list[str]:
    """Return a group for each note, such that copies and near-copies share one, as do notes of one group.

    With `by_group=False` only copies are joined. A group is called by the id of its first note.
    """
    keys = [text_key(note.text) for note in notes]
    pairs = [(row, other) for row, others in _alike(keys, range(len(keys))) for other in others]
    first: dict[str, int] = {}
    if by_group:
        pairs += [(row, first.setdefault(note.group, row)) for row, note in enumerate(notes)]
    left, right = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    graph = coo_array((np.ones(len(pairs)), (left, right)), shape=(len(notes), len(notes)))
    _, parts = connected_components(graph, directed=False)
    names: dict[int, str] = {}
    return [names.setdefault(int(part), note.id) for part, note in zip(parts, notes, strict=True)]


def _of(known: Dataset, origin: _Origin) -> Iterator[_Known]:
    for name, text, label in zip(known["id"], known["text"], labels_of(known), strict=True):
        yield _Known(origin, name, text_key(text), label)


def _alike(keys: Sequence[str], rows: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield each of `rows` with all rows of the same key and all that are nearly the same."""
    same: dict[str, list[int]] = {}
    for row, key in enumerate(keys):
        same.setdefault(key, []).append(row)
    near = dict(near_copies(keys, rows))
    for row in rows:
        yield row, sorted({*same[keys[row]], *near.get(row, ())} - {row})


def _findings(note: LabelledNote, row: int, others: Sequence[int], known: Sequence[_Known]) -> Iterator[Finding]:
    held = [known[other] for other in others if known[other].origin == "evaluation"]
    if held:
        yield _finding(Kind.IN_EVALUATION, note, held[0])
        return
    same_first = sorted(others, key=lambda other: known[other].key != known[row].key)
    told: set[Kind] = set()
    for other in same_first:
        kind = _kind(known[row], known[other])
        if (known[other].origin == "corpus" or other < row) and kind not in told:
            told.add(kind)
            yield _finding(kind, note, known[other])


def _kind(own: _Known, other: _Known) -> Kind:
    same_text, same_label = own.key == other.key, own.label is other.label
    if other.origin == "corpus":
        return Kind.CORPUS_CONFLICT if same_text and not same_label else Kind.IN_CORPUS
    return _TEAM_KINDS[same_text, same_label]


def _finding(kind: Kind, note: LabelledNote, other: _Known) -> Finding:
    return Finding(kind=kind, where=note.where, id=note.id, label=note.label, other=other.name, other_label=other.label)
