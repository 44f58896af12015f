"""Days folded into weeks, months or years: the finest that still fits a chart."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from afterword_serving.report.bucket import Bucket

Unit = Literal["week", "month", "year"]

LIMIT = 106
"""Periods in one chart: two years of weeks."""
_MOST = 0.95


@dataclass(frozen=True)
class Period:
    """One week (from Monday), month or year, empty or not."""

    start: date
    bucket: Bucket


@dataclass(frozen=True)
class Timeline:
    """Periods one after another without a gap; `outside` counts the dated entries before and after them."""

    unit: Unit
    periods: tuple[Period, ...]
    outside: int


@dataclass(frozen=True)
class _Calendar:
    unit: Unit
    number: Callable[[date], int]
    start: Callable[[int], date]


_CALENDARS = (
    _Calendar("week", lambda day: (day.toordinal() - 1) // 7, lambda number: date.fromordinal(number * 7 + 1)),
    _Calendar(
        "month",
        lambda day: day.year * 12 + day.month - 1,
        lambda number: date(number // 12, number % 12 + 1, 1),
    ),
    _Calendar("year", lambda day: day.year, lambda number: date(number, 1, 1)),
)


def fold(days: Mapping[int, Bucket]) -> Timeline:
    """Return the days as a timeline.

    A wrong date, as a clock set to 1970 leaves behind, would press all others into one corner. So a few entries may
    stay outside when nearly all fit into `LIMIT` periods.
    """
    entries = sum(bucket.entries for bucket in days.values())
    timelines = [_fold(days, calendar) for calendar in _CALENDARS]
    return next((each for each in timelines if each.outside <= entries * (1 - _MOST)), timelines[-1])


def _fold(days: Mapping[int, Bucket], calendar: _Calendar) -> Timeline:
    buckets: dict[int, Bucket] = {}
    for ordinal, bucket in days.items():
        buckets.setdefault(calendar.number(date.fromordinal(ordinal)), Bucket()).merge(bucket)
    first, last = _fullest(buckets)
    periods = tuple(Period(calendar.start(n), buckets.get(n, Bucket())) for n in range(first, last + 1))
    inside = sum(period.bucket.entries for period in periods)
    return Timeline(calendar.unit, periods, sum(bucket.entries for bucket in buckets.values()) - inside)


def _fullest(buckets: Mapping[int, Bucket]) -> tuple[int, int]:
    """Return the first and last number of the `LIMIT` periods in a row that hold most; of equals the latest."""
    numbers = sorted(buckets)
    if not numbers:
        return 0, -1
    sums = [0]
    for number in numbers:
        sums.append(sums[-1] + buckets[number].entries)

    def held(first: int) -> int:
        return sums[bisect_right(numbers, first + LIMIT - 1)] - sums[bisect_left(numbers, first)]

    first = max(numbers, key=lambda number: (held(number), number))
    return first, numbers[bisect_right(numbers, first + LIMIT - 1) - 1]
