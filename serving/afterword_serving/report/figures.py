"""Each chart of the report with its heading, its words and the table of its numbers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from afterword_model.labels import LABELS
from afterword_serving.report import charts, words
from afterword_serving.report.aggregate import Aggregate
from afterword_serving.report.bucket import Bucket
from afterword_serving.report.periods import Timeline, fold
from afterword_serving.report.words import Noun

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LABELS = tuple(label.capitalize() for label in LABELS)
_Cells = Callable[[Bucket], Sequence[str]]


@dataclass(frozen=True)
class Table:
    """The numbers of a chart, as words; the first cell of a row names it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """One chart as the page shows it."""

    name: str
    heading: str
    about: str
    chart: Markup
    table: Table
    legend: bool = False
    """Whether the colours stand for labels."""


@dataclass(frozen=True)
class Figures:
    """All charts of a report; none for what is not known of any entry."""

    over_time: tuple[Figure, ...]
    by_habit: tuple[Figure, ...]
    outside: int
    """Dated entries that lie outside the charts over time."""


def draw(aggregate: Aggregate, noun: Noun) -> Figures:
    """Return the charts of what was gathered; `noun` says what was."""
    timeline = fold(aggregate.days)
    over_time = tuple(_over_time(timeline, noun)) if timeline.periods else ()
    return Figures(over_time, tuple(_by_habit(aggregate, noun)), timeline.outside)


def _over_time(timeline: Timeline, noun: Noun) -> Iterator[Figure]:
    unit = timeline.unit
    yield Figure(
        "shares",
        f"The three labels by {unit}",
        f"Each bar is one {unit}. With few {noun.many} in it, one of them moves a bar a long way.",
        charts.shares_chart(timeline, words.shares_alt(timeline, noun)),
        _table(timeline, "Share of each label", (noun.title, *_LABELS), _share_cells),
        legend=True,
    )
    yield Figure(
        "lean",
        "Lean over time",
        "Reflection against rumination alone: higher is nearer to reflection. "
        f"{noun.title} about neither hardly count.",
        charts.lean_chart(timeline, words.lean_alt(timeline)),
        _table(timeline, "Lean, 0 rumination to 1 reflection", ("Lean",), lambda one: (words.decimal(one.lean),)),
    )
    yield Figure(
        "unsure",
        f"{noun.title} that could be read either way",
        "The share the model is not sure of. There your own reading counts, and only that.",
        charts.unsure_chart(timeline, words.unsure_alt(timeline)),
        _table(
            timeline,
            f"Unsure {noun.many}",
            ("Unsure", "Share"),
            lambda one: (str(one.unsure), words.percent(one.unsure_share)),
        ),
    )


def _by_habit(aggregate: Aggregate, noun: Noun) -> Iterator[Figure]:
    if aggregate.days:
        names = dict(enumerate(_WEEKDAYS))
        weekdays = aggregate.weekdays
        yield Figure(
            "weekdays",
            "Day of the week",
            f"How many {noun.many}, by the day they were written.",
            charts.weekday_chart(weekdays, words.groups_alt(names, weekdays, "a weekday", "on a {}", noun)),
            _counts(f"{noun.title} by day of the week", "Day", names, weekdays),
            legend=True,
        )
    if aggregate.hours:
        hours = {hour: aggregate.hours.get(hour, Bucket()) for hour in range(24)}
        names = {hour: f"{hour:02}:00" for hour in hours}
        yield Figure(
            "hours",
            "Time of day",
            f"How many {noun.many}, by the hour on the writer’s clock.",
            charts.hour_chart(hours, words.groups_alt(names, hours, "an hour", "in the hour from {}", noun)),
            _counts(f"{noun.title} by hour of the day", "From", names, aggregate.hours),
            legend=True,
        )


def _share_cells(bucket: Bucket) -> Sequence[str]:
    if not bucket.entries:
        return ("0", *("–" for _ in LABELS))
    return (str(bucket.entries), *map(words.percent, bucket.shares))


def _table(timeline: Timeline, caption: str, columns: tuple[str, ...], cells: _Cells) -> Table:
    unit = timeline.unit
    name = words.short_day if unit == "week" else partial(words.period_words, unit)
    rows = tuple((name(one.start), *cells(one.bucket)) for one in timeline.periods)
    first = "Week from" if unit == "week" else unit.capitalize()
    return Table(f"{caption}, by {unit}", (first, *columns), rows)


def _counts(caption: str, first: str, names: Mapping[int, str], groups: Mapping[int, Bucket]) -> Table:
    rows = tuple((names[group], *map(str, groups[group].labels)) for group in sorted(groups))
    return Table(caption, (first, *_LABELS), rows)
