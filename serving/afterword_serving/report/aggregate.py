"""What the report needs of a batch, gathered row by row while it runs.

A hundred thousand rows take a few megabytes: counts a day, nine bytes an entry for the runs, and the bounded lists of
`mentions`. Rows are all it reads, so those that an interrupted run left behind count like new ones.
"""

from array import array
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from afterword_model.labels import LABELS, Label, Marker
from afterword_serving.report.bucket import Bucket
from afterword_serving.report.mentions import Mention, Newest, When


@dataclass(frozen=True)
class Run:
    """Entries of one label, one after another by date."""

    label: Label
    length: int
    first: date
    last: date


class Aggregate:
    """Counts of all rows added so far; it keeps words of the newest entries only where `include_text` says so."""

    def __init__(self, *, include_text: bool = False) -> None:
        self._include_text = include_text
        self.total = Bucket()
        self.days: dict[int, Bucket] = {}
        """By ordinal of the day."""
        self.hours: dict[int, Bucket] = {}
        """By hour of the writer's clock, 0 to 23."""
        self.markers: Counter[Marker] = Counter()
        """How many entries hold each."""
        self.warnings: Counter[str] = Counter()
        self.steps, self.without_step = Newest(), Newest()
        self.wordless_steps = 0
        """Entries with a next step in which no words could be pointed at."""
        self._minutes, self._labels = array("q"), array("b")

    def add(self, row: dict[str, Any]) -> None:
        """Count one row of results."""
        when = When.of(row)
        self.total.add(row)
        self.markers.update({Marker(span["kind"]) for span in row["evidence"]})
        self.warnings.update(row["warnings"])
        self._add_mention(Mention.of(row, when, include_text=self._include_text), row["label"])
        if when.time:
            self.hours.setdefault(when.time.hour, Bucket()).add(row)
        if when.day:
            self.days.setdefault(when.day.toordinal(), Bucket()).add(row)
            self._minutes.append(when.minute)
            self._labels.append(LABELS.index(row["label"]))

    def _add_mention(self, mention: Mention, label: str) -> None:
        if label == Label.RUMINATION:
            self.without_step.add(mention)
        elif label == Label.REFLECTION:
            self.steps.add(mention)
            self.wordless_steps += not mention.steps

    @property
    def undated(self) -> int:
        """Entries whose day is not known."""
        return self.total.entries - len(self._minutes)

    @property
    def untimed(self) -> int:
        """Entries whose time of day is not known."""
        return self.total.entries - sum(bucket.entries for bucket in self.hours.values())

    @property
    def span(self) -> tuple[date, date] | None:
        """The first and the last day known."""
        return (date.fromordinal(min(self.days)), date.fromordinal(max(self.days))) if self.days else None

    @property
    def weekdays(self) -> dict[int, Bucket]:
        """Counts by day of the week, Monday 0 to Sunday 6."""
        weekdays: dict[int, Bucket] = {day: Bucket() for day in range(7)}
        for ordinal, bucket in self.days.items():
            weekdays[(ordinal - 1) % 7].merge(bucket)
        return weekdays

    def longest_runs(self, *, each: int = 2) -> list[Run]:
        """Return the longest runs of each label, at least two entries long; of equal ones the latest."""
        runs = self._runs()
        found = []
        for label in LABELS:
            of_label = [run for run in runs if run.label == label and run.length > 1]
            found += sorted(of_label, key=lambda run: (run.length, run.last), reverse=True)[:each]
        return found

    def _runs(self) -> list[Run]:
        order = sorted(range(len(self._minutes)), key=self._minutes.__getitem__)
        runs = []
        for label, places in groupby(order, key=self._labels.__getitem__):
            days = [date.fromordinal(self._minutes[place] // 1440) for place in places]
            runs.append(Run(LABELS[label], len(days), days[0], days[-1]))
        return runs
