"""The report's charts, drawn by matplotlib at the width of a phone."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from afterword_model.labels import LABELS
from afterword_serving.report.bucket import Bucket
from afterword_serving.report.periods import Timeline, Unit
from afterword_serving.report.svg import COLOURS, inline_svg

_WIDTH, _HEIGHT = 5.0, 2.7
"""Inches of 72 units: 360 units are about as many pixels on a phone, so that letters keep their size."""
_TICKS = 4
_DATES: Mapping[Unit, str] = {"week": "{0.day} {0:%b} ’{0:%y}", "month": "{0:%b} ’{0:%y}", "year": "{0.year}"}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def shares_chart(timeline: Timeline, alt: str) -> Markup:
    """Return stacked bars: the share of each label, a bar a period."""
    figure, axes = _axes()
    _stack(axes, [period.bucket.shares for period in timeline.periods])
    _percent(axes)
    _dates(axes, timeline)
    return inline_svg(figure, "shares", alt)


def lean_chart(timeline: Timeline, alt: str) -> Markup:
    """Return the lean as a line that breaks where there is no entry."""
    figure, axes = _axes()
    leans = [float("nan") if (lean := period.bucket.lean) is None else lean for period in timeline.periods]
    axes.axhline(0.5, color=COLOURS["faint"], linewidth=1, linestyle="--")
    axes.plot(leans, color=COLOURS["ink"], linewidth=2, marker="o", markersize=4)
    axes.set_ylim(-0.04, 1.04)
    axes.set_yticks([0, 0.5, 1], ["rumination", "between", "reflection"])
    _dates(axes, timeline)
    return inline_svg(figure, "lean", alt)


def unsure_chart(timeline: Timeline, alt: str) -> Markup:
    """Return bars: the share of unsure entries, a bar a period."""
    figure, axes = _axes()
    shares = [period.bucket.unsure_share or 0.0 for period in timeline.periods]
    axes.bar(range(len(shares)), shares, color=COLOURS["unsure"], width=0.8)
    _percent(axes)
    _dates(axes, timeline)
    return inline_svg(figure, "unsure", alt)


def weekday_chart(weekdays: Mapping[int, Bucket], alt: str) -> Markup:
    """Return stacked bars: entries of each label, a bar a day of the week."""
    figure, axes = _axes()
    _stack(axes, [weekdays[day].labels for day in range(7)])
    axes.set_xticks(range(7), _DAYS)
    _counted(axes)
    return inline_svg(figure, "weekdays", alt)


def hour_chart(hours: Mapping[int, Bucket], alt: str) -> Markup:
    """Return stacked bars: entries of each label, a bar an hour of the day."""
    figure, axes = _axes()
    _stack(axes, [hours[hour].labels for hour in range(24)])
    axes.set_xticks(range(0, 24, 6), [f"{hour:02}:00" for hour in range(0, 24, 6)])
    _counted(axes)
    return inline_svg(figure, "hours", alt)


def _axes() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH, _HEIGHT), layout="constrained")
    axes = figure.add_subplot()
    figure.patch.set_visible(False)
    axes.patch.set_visible(False)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(COLOURS["faint"])
    axes.tick_params(length=0, labelsize=12, labelcolor=COLOURS["ink"])
    axes.tick_params(axis="x", pad=11)
    axes.grid(axis="y", color=COLOURS["faint"], linewidth=0.5)
    axes.set_axisbelow(True)
    return figure, axes


def _stack(axes: Axes, bars: Sequence[Sequence[float]]) -> None:
    bottoms = [0.0] * len(bars)
    for place, label in enumerate(LABELS):
        heights = [bar[place] for bar in bars]
        axes.bar(range(len(bars)), heights, bottom=bottoms, color=COLOURS[label], width=0.8)
        bottoms = [bottom + height for bottom, height in zip(bottoms, heights, strict=True)]


def _percent(axes: Axes) -> None:
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])


def _counted(axes: Axes) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))


def _dates(axes: Axes, timeline: Timeline) -> None:
    last = len(timeline.periods) - 1
    places = sorted({round(last * tick / (_TICKS - 1)) for tick in range(_TICKS)})
    words = [_DATES[timeline.unit].format(timeline.periods[place].start) for place in places]
    axes.set_xticks(places, words)
    axes.set_xlim(-0.6, last + 0.6)
