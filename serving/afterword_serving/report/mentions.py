"""Single entries that the report speaks of: a bounded number, the newest."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from afterword_model.labels import Marker
from afterword_model.segment import sentences
from afterword_model.text import normalize

KEPT = 100
"""Entries shown in one list."""
_MOSTLY = 0.4
_LONGEST = 6_000


@dataclass(frozen=True)
class When:
    """When an entry was written, as far as is known; an entry with a time has a day."""

    day: date | None = None
    time: datetime | None = None

    @classmethod
    def of(cls, row: dict[str, Any]) -> "When":
        """Return when the entry of a row of results was written."""
        time = datetime.fromisoformat(row["written_at"]) if row["written_at"] else None
        if row["local_date"]:
            return cls(date.fromisoformat(row["local_date"]), time)
        return cls(time.date() if time else None, time)

    @property
    def minute(self) -> int:
        """Minutes since the first day of the calendar, on the writer's clock; 0 when no day is known."""
        minutes = self.time.hour * 60 + self.time.minute if self.time else 0
        return self.day.toordinal() * 1440 + minutes if self.day else 0


@dataclass(frozen=True)
class Mention:
    """One entry; title and text only when the user wants them shown."""

    id: str
    when: When
    sure: bool
    steps: tuple[tuple[int, int], ...]
    title: str | None = None
    text: str | None = None

    @classmethod
    def of(cls, row: dict[str, Any], when: When, *, include_text: bool) -> "Mention":
        """Return what the report keeps of a row of results."""
        spans = (span for span in row["evidence"] if span["kind"] == Marker.NEXT_STEP)
        steps = tuple((span["start"], span["end"]) for span in spans)
        words = (row["title"], row["text"]) if include_text else (None, None)
        return cls(row["id"], when, row["sure"], steps, *words)

    @property
    def step_sentences(self) -> list[str]:
        """The sentences that the next step fills for a good part, else the one it fills most; none without text.

        They come without the marks of Markdown and HTML.
        """
        if not self.text or not self.steps:
            return []
        note = normalize(self.text)
        spans = sentences(note.text)
        filled = [self._filled(*note.raw_span(span.start, span.end)) for span in spans]
        least = min(_MOSTLY, max(filled, default=0))
        return [
            note.text[span.start : span.end] for span, share in zip(spans, filled, strict=True) if share >= least > 0
        ]

    @property
    def shown_text(self) -> str | None:
        """The text, cut where it is very long."""
        if self.text is None or len(self.text) <= _LONGEST:
            return self.text
        return self.text[:_LONGEST].rstrip() + " […]"

    def _filled(self, start: int, end: int) -> float:
        inside = {place for step in self.steps for place in range(max(start, step[0]), min(end, step[1]))}
        return len(inside) / (end - start)


class Newest:
    """Counts all mentions and keeps the newest; those without a day count as oldest."""

    def __init__(self, kept: int = KEPT) -> None:
        self.count = 0
        self._kept = kept
        self._heap: list[tuple[int, int, Mention]] = []

    def add(self, mention: Mention) -> None:
        """Take one more; of one minute, the first met is kept."""
        self.count += 1
        heapq.heappush(self._heap, (mention.when.minute, -self.count, mention))
        if len(self._heap) > self._kept:
            heapq.heappop(self._heap)

    def __iter__(self) -> Iterator[Mention]:
        """Yield the kept ones, newest first."""
        return (mention for _, _, mention in sorted(self._heap, key=lambda kept: kept[:2], reverse=True))

    @property
    def left_out(self) -> int:
        """How many were counted and not kept."""
        return self.count - len(self._heap)
