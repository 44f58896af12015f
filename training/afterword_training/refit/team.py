"""The team's notes, parted and put in the form that is learned from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from datasets import Dataset
from scipy.special import softmax
from sklearn.model_selection import GroupKFold, GroupShuffleSplit
from tqdm import tqdm

from afterword_model.decide import Passages
from afterword_model.encoder import OnnxEncoder
from afterword_model.labels import LABELS, Label
from afterword_model.reading import Reading
from afterword_model.text import normalize
from afterword_training.labelled import LabelledNote
from afterword_training.quality import joined_groups

Rows = npt.NDArray[np.int64]
Folds = list[tuple[Rows, Rows]]
"""Of each fold, the rows to learn from and the rows held out."""

_AT_ONCE = 32
"""Notes read between two moves of the bar."""


@dataclass(frozen=True)
class TeamPart:
    """Notes of the team: those that are learned from, and those that only calibrate."""

    learned: list[LabelledNote]
    held: list[LabelledNote]


def part_team(notes: Sequence[LabelledNote], share: float, *, seed: int) -> TeamPart:
    """Return the notes with about `share` of the groups of new ones held back; none where there is one group only.

    Notes that the champion knows are all learned from.
    """
    new = new_rows(notes)
    groups = [notes[row].group for row in new]
    if not share or len(set(groups)) < 2:
        return TeamPart(list(notes), [])
    ((_, drawn),) = GroupShuffleSplit(1, test_size=share, random_state=seed).split(groups, groups=groups)
    held = set(new[drawn])
    return TeamPart(
        [note for row, note in enumerate(notes) if row not in held],
        [note for row, note in enumerate(notes) if row in held],
    )


def team_folds(notes: Sequence[LabelledNote], folds: int, *, seed: int) -> Folds:
    """Return rows to learn from and rows held out, fold by fold; those that the champion knows are never held out.

    Groups are kept whole, and where there is one group only, copies are. Where all new notes are copies, those that are
    known are learned from; where there are none, there are no folds.
    """
    new = new_rows(notes)
    groups = [notes[row].group for row in new]
    if len(set(groups)) == 1:
        groups = joined_groups([notes[row] for row in new], by_group=False)
    parts = min(folds, len(set(groups)))
    if parts < 2:
        held = [new] if 0 < len(new) < len(notes) else []
    else:
        splitter = GroupKFold(parts, shuffle=True, random_state=seed)
        held = [new[rows] for _, rows in splitter.split(groups, groups=groups)]
    return [(np.setdiff1d(range(len(notes)), rows), rows) for rows in held]


def new_rows(notes: Sequence[LabelledNote]) -> Rows:
    """Return the rows of the notes that the champion does not know, on which models may be judged."""
    return np.flatnonzero([not note.known for note in notes])


def held_rows(folds: Folds) -> Rows:
    """Return the rows that any of the folds holds out, in order."""
    return np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *(held for _, held in folds)]))


def some_of(corpus: Dataset, share: float, *, seed: int) -> Dataset:
    """Return about `share` of the notes, one at least, drawn without repeats, in the order they stand."""
    count = max(1, round(len(corpus) * share))
    drawn = np.random.default_rng(seed).choice(len(corpus), count, replace=False)
    return corpus.select(sorted(int(row) for row in drawn))


def normalized(texts: Sequence[str]) -> list[str]:
    """Return the texts in the form that models read."""
    return [normalize(text).text for text in texts]


def labels_of_team(notes: Sequence[LabelledNote]) -> Rows:
    """Return the notes' labels as indices into `LABELS`."""
    return np.array([LABELS.index(note.label) for note in notes], dtype=np.int64)


def progress(total: int, unit: str, what: str) -> tqdm:
    """Return a bar on standard error; it is not shown where that is no terminal."""
    return tqdm(total=total, unit=f" {unit}", desc=what, disable=None)


def read(encoder: OnnxEncoder, texts: Sequence[str], what: str) -> list[Reading]:
    """Return the readings of normalised texts; a bar says how many of `what` are read."""
    readings: list[Reading] = []
    with progress(len(texts), "notes", f"reading {what}") as bar:
        for start in range(0, len(texts), _AT_ONCE):
            readings += encoder.transform(texts[start : start + _AT_ONCE])
            bar.update(len(readings) - start)
    return readings


def witnesses(reading: Passages, label: Label) -> list[int]:
    """Return the passages of a note that bear witness to its label.

    All of them where it is `neither`; else the one in which the champion sees most of the label, for few words decide a
    long note (multiple-instance learning, Andrews et al. 2003).
    """
    if label is Label.NEITHER:
        return list(range(len(reading.logits)))
    return [int(softmax(reading.logits, axis=1)[:, LABELS.index(label)].argmax())]
