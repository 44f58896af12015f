"""The corpus: labelled notes in JSON Lines, one file an author, loaded as a `datasets.Dataset`."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from datasets import ClassLabel, Dataset, Features, List, Value, disable_progress_bars, load_dataset

from afterword_model.errors import InputError
from afterword_model.labels import LABELS, MARKERS, Label, Marker
from afterword_model.text import normalize
from afterword_training.augment import Example, Span

SLICES = tuple(
    "plain admin client_thought telegraphic worry_ahead insight self_kindness past_step polished_empty permission "
    "should_with_step negation_sarcasm pseudo_step concealment arc_up arc_down".split()
)
"""The kinds of note that figures are given for, one by one."""

FEATURES = Features(
    {
        "id": Value("string"),
        "text": Value("string"),
        "label": ClassLabel(names=list(LABELS)),
        "slice": ClassLabel(names=list(SLICES)),
        "role": Value("string"),
        "author": Value("string"),
        "pair": Value("string"),
        "markers": List({"span": Value("string"), "kind": ClassLabel(names=list(MARKERS))}),
    }
)


def load_corpus(folder: Path) -> Dataset:
    """Return all notes under `folder` in the order of file names and lines, with typed columns (`FEATURES`).

    Raises:
        InputError: there are no note files, or a file does not hold notes of this form.
    """
    files = corpus_files(folder)
    disable_progress_bars()
    try:
        return load_dataset("json", data_files=[str(file) for file in files], split="train", features=FEATURES)
    except (ValueError, TypeError) as err:
        raise InputError(f"{folder} holds a file that is not a corpus of notes. Run `afterword-train check` to see where.") from err
    except Exception as err:  # `datasets` wraps whatever its reader met in an exception of its own
        raise InputError(f"{folder} could not be read ({type(err).__name__}). Run `afterword-train check` to see where.") from err


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
    return Example(normalized.text, LABELS[note["label"]], tuple(span for span in spans if span))


def _find(text: str, words: str, kind: Marker) -> Span | None:
    """Return where the marker's words stand in the normalised text; None where normalising parted them."""
    needle = normalize(words).text
    at = text.find(needle)
    return Span(at, at + len(needle), kind) if at >= 0 and needle else None


def texts_of(notes: Dataset) -> Sequence[str]:
    """Return the texts as written."""
    return list(notes["text"])
