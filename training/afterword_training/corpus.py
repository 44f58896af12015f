"""The corpus: labelled notes in JSON Lines, one file an author, loaded as a `datasets.Dataset`."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from datasets import ClassLabel, Dataset, Features, List, Value

from afterword_model.errors import InputError
from afterword_model.labels import LABELS, MARKERS, Label, Marker
from afterword_model.text import normalize
from afterword_training.augment import Example, Span
from afterword_training.notes import SLICES, Placed, Problem, read_notes

FEATURES = Features(
    {
        "id": Value("string"),
        "text": Value("string"),
        "label": ClassLabel(names=[str(name) for name in LABELS]),
        "slice": ClassLabel(names=list(SLICES)),
        "role": Value("string"),
        "author": Value("string"),
        "pair": Value("string"),
        "markers": List({"span": Value("string"), "kind": ClassLabel(names=[str(name) for name in MARKERS])}),
    }
)

_PLAIN = frozenset({"plain", "admin"})
"""Kinds of `neither` notes of which every sentence is so too; of others it is the whole that makes them so."""


def load_corpus(folder: Path) -> Dataset:
    """Return all notes under `folder` in the order of file names and lines, with typed columns (`FEATURES`).

    They stay in memory: unlike `datasets.load_dataset`, this leaves no copy of a text in a cache on disk.

    Raises:
        InputError: there are no note files, or a line of one is not a note.
    """
    return Dataset.from_list([_row(placed) for file in corpus_files(folder) for placed in read_notes(file)], FEATURES)


def _row(placed: Placed | Problem) -> dict[str, Any]:
    if isinstance(placed, Problem):
        raise InputError(f"{placed} Mend that line; `afterword-train check` lists all such lines.")
    return placed.note.model_dump(mode="json")


def corpus_files(folder: Path) -> list[Path]:
    """Return the note files of a corpus in the order they are read."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise InputError(f"There are no *.jsonl files in {folder}. Give the folder that holds one file an author.")
    return files


def corpus_sha256(folder: Path) -> str:
    """Return one checksum for all note files, names and order included."""
    digest = hashlib.sha256()
    for file in corpus_files(folder):
        digest.update(f"{file.name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def by_author(corpus: Dataset, authors: Iterable[str]) -> Dataset:
    """Return the notes of the given authors, order kept."""
    wanted = set(authors)
    return corpus.select([row for row, author in enumerate(corpus["author"]) if author in wanted])


def labels_of(notes: Dataset) -> list[Label]:
    """Return the label of each note."""
    return [LABELS[index] for index in notes["label"]]


def examples_of(notes: Dataset) -> list[Example]:
    """Return the notes as training examples: normalised text, label, marker spans."""
    return [_example(note) for note in notes]


def _example(note: dict[str, Any]) -> Example:
    normalized = normalize(note["text"])
    spans = [_find(normalized.text, marker["span"], MARKERS[marker["kind"]]) for marker in note["markers"]]
    label = LABELS[note["label"]]
    return Example(normalized.text, label, tuple(span for span in spans if span), plain=is_plain(note))


def is_plain(note: dict[str, Any]) -> bool:
    """Whether a row of the corpus is ordinary prose, of which every sentence is `neither`."""
    return LABELS[note["label"]] is Label.NEITHER and note["slice"] is not None and SLICES[note["slice"]] in _PLAIN


def _find(text: str, words: str, kind: Marker) -> Span | None:
    """Return where the marker's words stand in the normalised text; None where normalising parted them."""
    needle = normalize(words).text
    at = text.find(needle)
    return Span(at, at + len(needle), kind) if at >= 0 and needle else None
