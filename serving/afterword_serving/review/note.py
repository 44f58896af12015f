"""A classified note, as far as choosing between notes needs it."""

from dataclasses import dataclass
from functools import cached_property

from afterword_model.labels import LABELS, Label, Marker
from afterword_serving.rows import Row


@dataclass(frozen=True)
class Note:
    """A note with what the model says about it; `position` counts the notes of a run from 0."""

    position: int
    id: str
    text: str
    label: Label
    probabilities: dict[Label, float]
    sure: bool
    markers: frozenset[Marker]
    file: str
    locator: str
    date: str | None
    group: str | None = None
    """Who or what it belongs to, as a client, where the user named the column that says so."""

    @classmethod
    def from_row(cls, position: int, row: Row) -> "Note":
        """Return the note of a row of results that holds its text."""
        return cls(
            position=position,
            id=row["id"],
            text=row["text"],
            label=Label(row["label"]),
            probabilities={label: row[f"p_{label}"] for label in LABELS},
            sure=row["sure"],
            markers=frozenset(Marker(span["kind"]) for span in row["evidence"]),
            file=row["source_file"],
            locator=row["locator"],
            date=row["local_date"],
            group=row.get("group"),
        )

    @property
    def source(self) -> str:
        """Where it was read."""
        return f"{self.file}, {self.locator}" if self.locator else self.file

    @property
    def month(self) -> str | None:
        """Year and month, where the day is known."""
        return self.date[:7] if self.date else None

    @cached_property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())
