"""What a run met and said, in numbers: never a word of a note."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from afterword_model.labels import LABELS
from afterword_serving.entry import HARMLESS, Entry, Item, Notice, NoticeKind, Skip, SkipReason
from afterword_serving.units import By

PLACES_KEPT = 100
"""How many places of each kind are remembered; all are counted."""


@dataclass
class Places:
    """How often something happened, and where the first times."""

    count: int = 0
    where: list[str] = field(default_factory=list)

    def add(self, where: str, detail: str = "") -> None:
        """Count one more."""
        self.count += 1
        if len(self.where) < PLACES_KEPT:
            self.where.append(f"{where} ({detail})" if detail else where)

    def merge(self, other: "Places") -> None:
        """Count what the other has counted, after one's own."""
        self.count += other.count
        self.where += other.where[: PLACES_KEPT - len(self.where)]


@dataclass
class Answers:
    """What the classifier said, in numbers."""

    labels: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LABELS, 0))
    sure: int = 0
    by: By = "entry"
    """What is counted here."""

    def merge(self, other: "Answers") -> None:
        """Count what the other has counted."""
        self.sure += other.sure
        for label, count in other.labels.items():
            self.labels[label] += count

    @property
    def total(self) -> int:
        """How many units were answered."""
        return sum(self.labels.values())


@dataclass
class Tally:
    """Counts of one run."""

    entries: int = 0
    formats: Counter[str] = field(default_factory=Counter)
    skipped: dict[SkipReason, Places] = field(default_factory=dict)
    notices: dict[NoticeKind, Places] = field(default_factory=dict)
    answers: Answers = field(default_factory=Answers)

    def entries_of(self, items: Iterable[Item]) -> Iterator[Entry]:
        """Yield the entries among `items` and count everything."""
        for item in items:
            if isinstance(item, Entry):
                self.entries += 1
                self.formats[item.source.format] += 1
                yield item
            elif isinstance(item, Skip):
                self.skip(item)
            elif isinstance(item, Notice):
                self.notices.setdefault(item.kind, Places()).add(item.where)

    def skip(self, skip: Skip) -> None:
        """Count something left out."""
        self.skipped.setdefault(skip.reason, Places()).add(skip.where, skip.detail)

    def merge(self, other: "Tally") -> None:
        """Count what the other has counted, after one's own."""
        self.entries += other.entries
        self.formats.update(other.formats)
        self.answers.merge(other.answers)
        for reason, places in other.skipped.items():
            self.skipped.setdefault(reason, Places()).merge(places)
        for kind, places in other.notices.items():
            self.notices.setdefault(kind, Places()).merge(places)

    @property
    def left_out(self) -> int:
        """How many items of the journals became no entry, or none that was classified."""
        return sum(places.count for places in self.skipped.values())

    @property
    def failed(self) -> bool:
        """Whether anything could not be read, other than for want of text."""
        return any(reason not in HARMLESS for reason in self.skipped)

    @property
    def fruitless(self) -> bool:
        """Whether something went wrong and nothing was answered."""
        return self.failed and not self.answers.total
