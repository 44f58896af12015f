"""The picture of drift: every figure of the recent notes beside that of the reference."""

from math import ceil
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from afterword_training.drift.compare import Drift, Shift, Verdict
from afterword_training.plots import ACCENT, FAINT, INK, LINE, new_figure, plain, svg

_COLUMNS = 2
_MANY = 6
"""Bins from which their names are written small."""
_AXES = {"length": "words in a note", "vocabulary": "share of a note's different words that the reference lists"}
_COLOURS = {Verdict.DRIFTED: ACCENT, Verdict.MOVED: ACCENT}


def drift_picture(drift: Drift, headline: str) -> str:
    """Return the figures as SVG, a panel each with its verdict, under the headline."""
    rows = ceil(len(drift.shifts) / _COLUMNS)
    figure = new_figure(9.0, 2.4 * rows + 0.8)
    panels = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for axes, shift in zip(panels, drift.shifts, strict=False):
        _panel(axes, shift)
    for axes in panels[len(drift.shifts) :]:
        axes.set_axis_off()
    figure.suptitle(fill(headline, 100), color=INK, fontsize=12)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False)
    return svg(figure, "drift")


def _panel(axes: Axes, shift: Shift) -> None:
    for counts, colour, name, place in ((shift.before, FAINT, "reference", -0.2), (shift.now, LINE, "recent", 0.2)):
        shares = [count / sum(counts) for count in counts]
        axes.bar([at + place for at in range(len(counts))], shares, width=0.4, color=colour, label=name)
    axes.set_xticks(range(len(shift.bins)), shift.bins, fontsize=8 if len(shift.bins) < _MANY else 6.5)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_title(f"{shift.name}: {shift.verdict} (PSI {shift.psi:.2f})", fontsize=10)
    axes.set_xlabel(_AXES.get(shift.name, ""), fontsize=8)
    plain(axes)
    axes.grid(visible=False, axis="x")
    axes.title.set_color(_COLOURS.get(shift.verdict, INK))
