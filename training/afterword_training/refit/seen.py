"""What a champion that stays as it is sees in notes: a vector and label logits for each passage."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from afterword_model.label_head import LabelHead
from afterword_model.labels import LABELS
from afterword_model.reading import Reading
from afterword_training.refit.adapt import Floats, Labels
from afterword_training.refit.team import Rows, witnesses


@dataclass(frozen=True, eq=False)
class Seen:
    """Notes as `m` passages of width `h`, in order."""

    vectors: Any
    """Shape `(m, h)`, dense or sparse."""
    logits: npt.NDArray[np.float32]
    """Label logits, shape `(m, 3)`."""
    note: Rows
    """The number of the note that each passage is of, shape `(m,)`."""

    @classmethod
    def of(cls, readings: Sequence[Reading]) -> "Seen":
        """Return what an encoder read."""
        return cls(
            np.concatenate([reading.pooled for reading in readings]),
            np.concatenate([reading.logits for reading in readings]),
            np.repeat(np.arange(len(readings)), [len(reading.logits) for reading in readings]),
        )

    def take(self, notes: Rows) -> "Seen":
        """Return the given notes, numbered anew in the order they stand here."""
        rows = np.flatnonzero(np.isin(self.note, notes))
        return Seen(self.vectors[rows], self.logits[rows], np.unique(self.note[rows], return_inverse=True)[1])

    def raised(self, head: LabelHead) -> "Seen":
        """Return the same with what `head` adds to the logits."""
        return replace(self, logits=self.logits + head(self.vectors))

    def by_note(self) -> list["NoteLogits"]:
        """Return the logits of each note's passages."""
        if not len(self.note):
            return []
        borders = np.flatnonzero(np.diff(self.note)) + 1
        return [NoteLogits(logits) for logits in np.split(self.logits, borders)]


@dataclass(frozen=True, eq=False)
class NoteLogits:
    """The label logits of one note by passage, shape `(k, 3)`: what the last step asks of a reading."""

    logits: npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Lessons:
    """Passages that a label is learned from: vectors `(m, h)`, the champion's logits `(m, 3)`, labels and weights."""

    vectors: Any
    logits: Floats
    labels: Labels
    weights: Floats


def lessons(seen: Seen, labels: Labels, *, weight: float) -> Lessons:
    """Return the passages that bear witness to the notes' labels; those of one note weigh `weight` together."""
    rows, taught, weights = [], [], []
    starts = np.searchsorted(seen.note, range(len(labels)))
    for note, logits in enumerate(seen.by_note()):
        passages = witnesses(logits, LABELS[labels[note]])
        rows += [starts[note] + passage for passage in passages]
        taught += [labels[note]] * len(passages)
        weights += [weight / len(passages)] * len(passages)
    return Lessons(seen.vectors[rows], seen.logits[rows].astype(np.float64), np.array(taught), np.array(weights))
