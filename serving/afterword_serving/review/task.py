"""A task: one note for a person to label, with the model's suggestion and why it was picked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from afterword_serving.review.note import Note
from afterword_serving.review.reasons import Kind, Reason

NEXT_IN_LINE = "no reason stands out: next in line"
"""Why, of a note that there was room for."""


@dataclass(frozen=True)
class Task:
    """What a labelling tool is told; `id` is unique among the tasks of a run."""

    id: str
    note: Note
    reasons: tuple[Kind, ...]
    why: str

    @property
    def suggestion(self) -> str:
        """The model's label: a guess for a person to check, never a label by itself."""
        return self.note.label.value

    @property
    def score(self) -> float:
        """The suggestion's calibrated probability."""
        return self.note.probabilities[self.note.label]

    @property
    def about(self) -> dict[str, str]:
        """What is known besides text and id, under the names that every tool gets; the same names in each task."""
        return {
            "why": self.why,
            "reasons": " ".join(self.reasons),
            "date": self.note.date or "",
            "source": self.note.source,
            "file": self.note.file,
            **({} if self.note.group is None else {"group": self.note.group}),
        }


def make_tasks(picked: Sequence[tuple[Note, list[Reason]]]) -> list[Task]:
    """Return the tasks in order; ids that several notes bear get the note's position added, until none is twice there.

    Where one tells its group, all do: an empty one where it is not known.
    """
    ids = _unique_ids([note for note, _ in picked])
    grouped = any(note.group for note, _ in picked)
    return [
        Task(
            id=id,
            note=replace(note, group=note.group or "") if grouped else note,
            reasons=tuple(reason.kind for reason in told),
            why="; ".join(reason.words for reason in told) or NEXT_IN_LINE,
        )
        for id, (note, reasons) in zip(ids, picked, strict=True)
        for told in [[reason for reason in reasons if reason.said]]
    ]


def _unique_ids(notes: Sequence[Note]) -> list[str]:
    ids = [note.id for note in notes]
    while len(bearers := Counter(ids)) < len(ids):
        ids = [id if bearers[id] == 1 else f"{id}#{note.position}" for id, note in zip(ids, notes, strict=True)]
    return ids
