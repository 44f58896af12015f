"""The notes of a request as what is labelled: each as it is, or cut into passages or sentences as in a batch."""

from dataclasses import dataclass, field

from afterword_serving.entry import Entry, Origin
from afterword_serving.schemas import ManyNotes, Note, OneNote
from afterword_serving.units import By, Part, split

_ORIGIN = Origin("http", "request")


@dataclass(frozen=True)
class NoteUnit:
    """A text to label; `note` is the place of its note in the request, `place` where in that note it stands."""

    note: int
    id: str | None = field(repr=False)
    text: str = field(repr=False)
    place: dict[str, int] = field(default_factory=dict)
    """`start` and `end` of a part; nothing for a note as it is."""


def units_of(asked: OneNote | ManyNotes) -> list[NoteUnit]:
    """Return what is to be labelled, in reading order. Cutting a long note takes a part of a second."""
    notes: list[tuple[str | None, OneNote | Note]] = (
        [(note.id, note) for note in asked.notes] if isinstance(asked, ManyNotes) else [(None, asked)]
    )
    return [
        unit for number, (note_id, note) in enumerate(notes) for unit in _units(number, note_id, note.text, asked.by)
    ]


def _units(number: int, note_id: str | None, text: str, by: By) -> list[NoteUnit]:
    if by == "entry":
        return [NoteUnit(number, note_id, text)]
    parts = split(Entry(note_id or "", text, _ORIGIN), by)
    return [
        NoteUnit(number, note_id, part.text, {"start": part.start, "end": part.end})
        for part in parts
        if isinstance(part, Part)
    ]
