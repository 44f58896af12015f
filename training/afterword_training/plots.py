"""The model card's pictures, as SVG that is the same for the same figures."""

import io

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from scipy.stats import binomtest

from afterword_training.evaluate import Evaluation

INK, FAINT, LINE, ACCENT = "#22303a", "#c3cad0", "#14606a", "#c77f2a"
"""Text, rules, what is measured, and what it is held against."""


def reliability_plot(evaluation: Evaluation) -> str:
    """Return how often the model is right at each stated probability, with 95 % Wilson intervals, as SVG."""
    figure = new_figure(5.6, 5.2)
    upper, lower = figure.subplots(2, height_ratios=(4, 1), sharex=True)
    said, right, notes = (np.array(column) for column in zip(*evaluation.reliability, strict=True))
    intervals = [binomtest(round(r * n), n).proportion_ci(method="wilson") for r, n in zip(right, notes, strict=True)]
    spread = np.abs(np.array([(low, high) for low, high in intervals]).T - right)
    upper.plot([0, 1], [0, 1], color=ACCENT, linestyle="--", label="as often as it says")
    upper.errorbar(said, right, spread, color=LINE, marker="o", markersize=5, capsize=2, label="measured")
    upper.set(ylim=(0, 1.03), ylabel="right")
    upper.legend(frameon=False, loc="lower right")
    lower.bar(said, notes, width=0.04, color=LINE)
    lower.set(xlim=(0.3, 1.02), xlabel="probability of the label that the model gives", ylabel="notes")
    for axes in (upper, lower):
        plain(axes)
    upper.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    lower.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return svg(figure, "reliability")


def risk_coverage_plot(evaluation: Evaluation, *, wanted: float) -> str:
    """Return the share of wrong answers when only the surest notes are answered, as SVG.

    `wanted` is the accuracy that the threshold for `sure` was chosen for. The curve is El-Yaniv and Wiener's (2010).
    """
    figure = new_figure(5.6, 3.8)
    axes = figure.subplots()
    _, covered, right = (np.array(column) for column in zip(*evaluation.risk_coverage, strict=True))
    axes.plot(covered, 1 - right, color=LINE, linewidth=2)
    axes.axhline(1 - wanted, color=ACCENT, linestyle="--", label=f"{1 - wanted:.0%} wrong, the aim of “sure”")
    if evaluation.sure_accuracy is not None:
        label = f"“sure”: probability from {evaluation.threshold:.2f}"
        axes.plot(evaluation.sure_share, 1 - evaluation.sure_accuracy, "o", color=LINE, markersize=8, label=label)
    axes.set(xlim=(0, 1.01), ylim=(0, max(0.1, 1.1 * float((1 - right).max()))))
    axes.set(xlabel="notes answered, the surest first", ylabel="wrong among them")
    axes.legend(frameon=False, loc="upper left")
    plain(axes)
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return svg(figure, "risk-coverage")


def new_figure(width: float, height: float) -> Figure:
    """Return an empty white figure of that size in inches; white, since a page behind it may be dark."""
    return Figure(figsize=(width, height), layout="constrained", facecolor="white")


def plain(axes: Axes) -> None:
    """Leave of the frame what is needed to read off a value."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.tick_params(color=FAINT, labelcolor=INK)
    axes.grid(color=FAINT, linewidth=0.4)
    axes.set_axisbelow(True)
    for words in (axes.title, axes.xaxis.label, axes.yaxis.label):
        words.set_color(INK)


def svg(figure: Figure, name: str) -> str:
    """Return the figure as SVG with its words as text; ids are made from `name`, and no date is written."""
    stream = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        FigureCanvasSVG(figure).print_svg(stream, metadata={"Date": None})  # type: ignore[no-untyped-call]
    return stream.getvalue()
