"""How many wrong labels the quality report finds: labels of corpus notes are changed at random, and looked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from datasets import Dataset

from afterword_model import Classifier
from afterword_model.labels import LABELS, Label
from afterword_training.corpus import by_author, labels_of
from afterword_training.labelled import LabelledNote
from afterword_training.metrics import Indices
from afterword_training.quality.checking import judge_labels
from afterword_training.quality.features import Features, note_features
from afterword_training.tables import table

Draw = np.random.Generator
Change = Callable[[Indices, Draw], Indices]


@dataclass(frozen=True)
class Clinic:
    """One author's notes, as a team's, and what the champion makes of them."""

    notes: tuple[LabelledNote, ...]
    features: Features


@dataclass(frozen=True)
class Found:
    """What came of one draw."""

    changed: int
    listed: int
    """Rows listed as likely label errors."""
    hits: int
    """Those of them that had been changed."""
    poisoned: bool


def flipped(share: float) -> Change:
    """Return the change of a share of the labels, drawn at random, to one of the other two each."""

    def change(labels: Indices, draw: Draw) -> Indices:
        rows = draw.choice(len(labels), round(share * len(labels)), replace=False)
        changed = labels.copy()
        changed[rows] = (labels[rows] + draw.integers(1, len(LABELS), len(rows))) % len(LABELS)
        return changed

    return change


def swapped(labels: Indices, _: Draw) -> Indices:
    """Return labels with reflection and rumination exchanged, as by a wrong label map."""
    one, two = LABELS.index(Label.REFLECTION), LABELS.index(Label.RUMINATION)
    return np.where(labels == one, two, np.where(labels == two, one, labels))


def shuffled(labels: Indices, draw: Draw) -> Indices:
    """Return labels in another order, as by a table sorted by one column only."""
    return draw.permutation(labels)


CHANGES: dict[str, Change] = {
    "none": flipped(0.0),
    "8 % flipped": flipped(0.08),
    "20 % flipped": flipped(0.2),
    "60 % flipped": flipped(0.6),
    "reflection and rumination exchanged": swapped,
    "shuffled": shuffled,
}
"""What is done to the labels, by its name in the table."""


def clinic(notes: Dataset, author: str, classifier: Classifier) -> Clinic:
    """Return an author's notes as a team's; the notes of a contrast pair are one group."""
    own = by_author(notes, [author])
    read = tuple(
        LabelledNote(name, f"{author}.jsonl:{row}", text, label, pair or name, 1)
        for row, (name, text, label, pair) in enumerate(
            zip(own["id"], own["text"], labels_of(own), own["pair"], strict=True), start=1
        )
    )
    return Clinic(read, note_features(classifier, [note.text for note in read]))


def look(clinic: Clinic, change: Change, *, seed: int) -> Found:
    """Return what is found of the labels that `change` makes wrong."""
    right = np.array([LABELS.index(note.label) for note in clinic.notes])
    labels = change(right, np.random.default_rng(seed))
    notes = [replace(note, label=LABELS[label]) for note, label in zip(clinic.notes, labels, strict=True)]
    wrong = {note.id for note, label, was in zip(notes, labels, right, strict=True) if label != was}
    whole, errors = judge_labels(notes, clinic.features, seed=seed, groups=[note.group for note in notes])
    hits = sum(error.id in wrong for error in errors)
    return Found(len(wrong), len(errors), hits, whole is not None and whole.poisoned)


def simulation_table(kinds: Mapping[str, Sequence[Clinic]], *, draws: int, seed: int) -> str:
    """Return a table of what is found, by kind of clinic and by what was done to its labels in so many `draws`."""
    rows = []
    for kind, clinics in kinds.items():
        for name, change in CHANGES.items():
            found = [look(each, change, seed=seed + draw) for each in clinics for draw in range(draws)]
            rows.append((f"{kind}: {name}", *_cells(found)))
    return table(("labels changed", "draws", "changed", "listed", "found", "right", "called poisoned"), rows)


def _cells(found: Sequence[Found]) -> tuple[str, ...]:
    open_ = [each for each in found if not each.poisoned]
    changed, listed, hits = (sum(getattr(each, name) for each in open_) for name in ("changed", "listed", "hits"))
    return (
        str(len(found)),
        f"{np.mean([each.changed for each in found]):.0f}",
        f"{listed / len(open_):.0f}" if open_ else "",
        f"{hits / changed:.0%}" if changed else "",
        f"{hits / listed:.0%}" if changed and listed else "",
        f"{np.mean([each.poisoned for each in found]):.0%}",
    )
