"""Checks of a corpus: what every training run takes for granted. Problems name file, line and id, never text."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from afterword_model.labels import LABELS
from afterword_training.config import Split, part_of
from afterword_training.corpus import corpus_files
from afterword_training.likeness import near_copies, text_key
from afterword_training.notes import Placed, Problem, read_notes


def check_corpus(folder: Path, split: Split) -> list[Problem]:
    """Return everything that is wrong with the corpus in `folder`; empty when it is sound.

    Raises:
        InputError: there are no note files in `folder`.
    """
    read = [item for file in corpus_files(folder) for item in read_notes(file)]
    problems = [item for item in read if isinstance(item, Problem)]
    notes = [item for item in read if isinstance(item, Placed)]
    for check in (_unique_ids, _unique_texts, _pairs):
        problems += check(notes)
    return problems + _split(notes, split) + list(_labels(notes, split)) + _near_duplicates(notes, split)


def _unique_ids(notes: Sequence[Placed]) -> Iterator[Problem]:
    yield from _repeated(notes, {placed.where: placed.note.id for placed in notes}, "has the id of")


def _unique_texts(notes: Sequence[Placed]) -> Iterator[Problem]:
    yield from _repeated(notes, {placed.where: text_key(placed.note.text) for placed in notes}, "has the text of")


def _repeated(notes: Sequence[Placed], keys: dict[str, str], what: str) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for placed in notes:
        other = first.setdefault(keys[placed.where], placed.where)
        if other != placed.where:
            yield Problem(placed.where, f"{placed.note.id} {what} {other}.")


def _pairs(notes: Sequence[Placed]) -> Iterator[Problem]:
    groups: dict[str, list[Placed]] = defaultdict(list)
    for placed in notes:
        if placed.note.pair is not None:
            groups[placed.note.pair].append(placed)
    for pair, group in groups.items():
        if len({placed.note.label for placed in group}) < 2:
            yield Problem(group[0].where, f"pair {pair} does not hold two differing labels.")
        if len({placed.note.author for placed in group}) > 1:
            yield Problem(group[0].where, f"pair {pair} has more than one author, so a split may part it.")


def _split(notes: Sequence[Placed], split: Split) -> list[Problem]:
    authors = {placed.note.author for placed in notes}
    held = [*split.validation, *split.test]
    problems = [
        Problem("configuration", f"author {name} is held out but wrote no note.")
        for name in held
        if name not in authors
    ]
    both = sorted(set(split.validation) & set(split.test))
    problems += [Problem("configuration", f"author {name} is in validation and in test.") for name in both]
    if authors <= set(held):
        problems.append(Problem("configuration", "no author is left for training."))
    return problems


def _labels(notes: Sequence[Placed], split: Split) -> Iterator[Problem]:
    """Yield each label that is missing where fitting or calibrating needs all; figures on test notes do without."""
    for part, name in (("train", "training"), ("validation", "validation")):
        found = {placed.note.label for placed in notes if part_of(placed.note.author, split) == part}
        for label in LABELS:
            if found and label not in found:
                yield Problem("configuration", f"no {name} author wrote a note labelled {label}.")


def _near_duplicates(notes: Sequence[Placed], split: Split) -> list[Problem]:
    """Return notes that stand in two splits almost word for word; of two such notes, one at least is held out."""
    parts = [part_of(placed.note.author, split) for placed in notes]
    held = [row for row, part in enumerate(parts) if part != "train"]
    return [
        Problem(
            notes[row].where, f"{notes[row].note.id} ({parts[row]}) is nearly {notes[other].where} ({parts[other]})."
        )
        for row, others in near_copies([placed.note.text for placed in notes], held)
        for other in others
        if parts[row] != parts[other] and (parts[other] == "train" or other > row)
    ]
