"""Checks of a corpus: what every training run takes for granted. Problems name file, line and id, never text."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neighbors import NearestNeighbors

from afterword_model.labels import Label, Marker
from afterword_model.text import normalize
from afterword_training.config import Split
from afterword_training.corpus import SLICES, corpus_files

NEAR = 0.9
"""Cosine similarity of character 5-gram TF-IDF from which two texts count as near-duplicates."""


class MarkedSpan(BaseModel):
    """One marker of a note."""

    model_config = ConfigDict(extra="forbid")

    span: str = Field(min_length=1)
    kind: Marker


class Note(BaseModel):
    """One line of a corpus file; every field must be there and no other."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1)
    text: str = Field(min_length=1)
    label: Label
    slice: str
    role: str
    author: str = Field(min_length=1)
    pair: str | None
    markers: list[MarkedSpan]


@dataclass(frozen=True)
class Problem:
    """Something wrong with the corpus; `where` is `FILE:LINE`."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class _Placed:
    where: str
    note: Note


def check_corpus(folder: Path, split: Split) -> list[Problem]:
    """Return everything that is wrong with the corpus in `folder`; empty when it is sound.

    Raises:
        InputError: there are no note files in `folder`.
    """
    problems: list[Problem] = []
    notes: list[_Placed] = []
    for file in corpus_files(folder):
        for placed in _read(file):
            (problems if isinstance(placed, Problem) else notes).append(placed)  # type: ignore[arg-type]
    for check in (_spans, _unique_ids, _unique_texts, _pairs):
        problems += check(notes)
    return problems + _split(notes, split) + _near_duplicates(notes, split)


def _read(file: Path) -> Iterator[_Placed | Problem]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        where = f"{file.name}:{number}"
        try:
            yield _Placed(where, Note.model_validate(json.loads(line)))
        except json.JSONDecodeError as err:
            yield Problem(where, f"is not JSON ({err.msg}, column {err.colno}).")
        except ValidationError as err:
            yield Problem(where, "; ".join(f"{_path(item['loc'])}: {item['type']}" for item in err.errors()) + ".")


def _path(parts: Sequence[Any]) -> str:
    return ".".join(str(part) for part in parts)


def _spans(notes: Sequence[_Placed]) -> Iterator[Problem]:
    for placed in notes:
        note = placed.note
        if note.slice not in SLICES:
            yield Problem(placed.where, f"{note.id} has an unknown slice.")
        for number, marker in enumerate(note.markers, start=1):
            if marker.span not in note.text:
                yield Problem(placed.where, f"{note.id}: the words of marker {number} are not in the text.")


def _unique_ids(notes: Sequence[_Placed]) -> Iterator[Problem]:
    yield from _repeated(notes, {placed.where: placed.note.id for placed in notes}, "has the id of")


def _unique_texts(notes: Sequence[_Placed]) -> Iterator[Problem]:
    texts = {placed.where: " ".join(normalize(placed.note.text).text.casefold().split()) for placed in notes}
    yield from _repeated(notes, texts, "has the text of")


def _repeated(notes: Sequence[_Placed], keys: dict[str, str], what: str) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for placed in notes:
        other = first.setdefault(keys[placed.where], placed.where)
        if other != placed.where:
            yield Problem(placed.where, f"{placed.note.id} {what} {other}.")


def _pairs(notes: Sequence[_Placed]) -> Iterator[Problem]:
    groups: dict[str, list[_Placed]] = defaultdict(list)
    for placed in notes:
        if placed.note.pair is not None:
            groups[placed.note.pair].append(placed)
    for pair, group in groups.items():
        if len({placed.note.label for placed in group}) < 2:
            yield Problem(group[0].where, f"pair {pair} does not hold two differing labels.")
        if len({placed.note.author for placed in group}) > 1:
            yield Problem(group[0].where, f"pair {pair} has more than one author, so a split may part it.")


def _split(notes: Sequence[_Placed], split: Split) -> list[Problem]:
    authors = {placed.note.author for placed in notes}
    held = [*split.validation, *split.test]
    problems = [Problem("configuration", f"author {name} is held out but wrote no note.") for name in held if name not in authors]
    both = sorted(set(split.validation) & set(split.test))
    problems += [Problem("configuration", f"author {name} is in validation and in test.") for name in both]
    if authors <= set(held):
        problems.append(Problem("configuration", "no author is left for training."))
    return problems


def _near_duplicates(notes: Sequence[_Placed], split: Split) -> list[Problem]:
    """Return notes that stand in two splits almost word for word."""
    if len(notes) < 2:
        return []
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(5, 5)).fit_transform(placed.note.text for placed in notes)
    near = NearestNeighbors(radius=1 - NEAR, metric="cosine").fit(vectors).radius_neighbors(vectors, return_distance=False)
    parts = ["validation" if p.note.author in split.validation else "test" if p.note.author in split.test else "train" for p in notes]
    return [
        Problem(notes[row].where, f"{notes[row].note.id} ({parts[row]}) is nearly {notes[other].where} ({parts[other]}).")
        for row, others in enumerate(near)
        for other in sorted(others)
        if other > row and parts[row] != parts[other]
    ]
