"""Counts over some entries: those of a day, an hour, or all."""

from dataclasses import dataclass, field
from typing import Any

from afterword_model.labels import LABELS


@dataclass(slots=True)
class Bucket:
    """How some entries were answered."""

    labels: list[int] = field(default_factory=lambda: [0] * len(LABELS))
    """Entries of each label, in the order of `LABELS`."""
    unsure: int = 0
    reflection: float = 0.0
    """The probabilities of reflection, summed."""
    rumination: float = 0.0

    def add(self, row: dict[str, Any]) -> None:
        """Count one row of results."""
        self.labels[LABELS.index(row["label"])] += 1
        self.unsure += not row["sure"]
        self.reflection += row["p_reflection"]
        self.rumination += row["p_rumination"]

    def merge(self, other: "Bucket") -> None:
        """Count what the other has counted."""
        self.labels = [mine + theirs for mine, theirs in zip(self.labels, other.labels, strict=True)]
        self.unsure += other.unsure
        self.reflection += other.reflection
        self.rumination += other.rumination

    @property
    def entries(self) -> int:
        """How many were counted."""
        return sum(self.labels)

    @property
    def shares(self) -> list[float]:
        """Share of each label, 0 to 1; zeros when there is no entry."""
        return [count / self.entries if self.entries else 0.0 for count in self.labels]

    @property
    def unsure_share(self) -> float | None:
        """Share of entries that could be read either way."""
        return self.unsure / self.entries if self.entries else None

    @property
    def lean(self) -> float | None:
        """The lean of all together, 0 to 1: each entry counts as much as it is about one or the other."""
        both = self.reflection + self.rumination
        return self.reflection / both if both else None
