"""A verdict as Markdown, for the terminal, the model card and the registry."""

from afterword_training.gate.checks import points
from afterword_training.gate.verdict import Comparison, SliceChange, Verdict
from afterword_training.tables import table

_HEAD = ("", "champion", "challenger")


def verdict_report(verdict: Verdict) -> str:
    """Return decision, reasons, and a table of every figure behind them."""
    return "\n\n".join(
        [
            f"**Verdict: {verdict.decision}.** {' '.join(verdict.reasons)}",
            table(("check", "outcome"), [(check.name, str(check.outcome)) for check in verdict.checks]),
            _comparisons(verdict),
            "\n".join(f"- {whom(item)}" for item in verdict.comparisons),
            _slices(verdict.slices),
            table(
                (*_HEAD, "p of a rise"),
                [
                    (f"{item.figure}, {item.contest}", *_two(item.champion, item.challenger), f"{item.p_value:.3f}")
                    for item in verdict.calibration
                ],
            ),
            table(_HEAD, [(item.figure, f"{item.champion:.1f}", f"{item.challenger:.1f}") for item in verdict.costs]),
        ]
    )


def whom(item: Comparison) -> str:
    """Return for whom the figures of a comparison hold."""
    if item.groups == 1:
        return f"{item.name}: all notes are of one group; the figures hold for further notes of that group only."
    if item.known_groups:
        words = "other notes of some groups were known; the figures hold for further notes of these groups only."
        return f"{item.name}: {words}"
    if item.whole_groups and 2 * item.groups > item.notes:
        return f"{item.name}: most notes are a group of their own; the figures hold for further notes like these."
    if item.whole_groups:
        return f"{item.name}: whole groups were resampled; the figures hold for other groups of the kind too."
    if item.groups < item.notes:
        return f"{item.name}: {item.groups} groups are too few to speak for others; the figures hold for these groups."
    return f"{item.name}: every note stands for itself."


def _comparisons(verdict: Verdict) -> str:
    limits = f"{1 - 2 * verdict.rules.alpha:.0%} interval"
    head = (
        "accuracy",
        "notes",
        "groups",
        "champion",
        "challenger",
        "gained",
        "lost",
        "difference",
        limits,
        "McNemar p",
    )
    rows = [
        (
            item.name,
            *map(str, (item.notes, item.groups)),
            *_two(item.champion, item.challenger),
            *map(str, (item.gained, item.lost)),
            points(item.difference),
            f"{item.low * 100:+.1f} to {item.high * 100:+.1f}",
            f"{item.p_value:.3f}",
        )
        for item in verdict.comparisons
    ]
    return table(head, rows)


def _slices(slices: tuple[SliceChange, ...]) -> str:
    rows = [
        (
            f"{item.name} ({item.contest})",
            str(item.notes),
            *_two(item.champion, item.challenger),
            "too few" if item.p_value is None else f"{item.p_value:.3f}",
        )
        for item in slices
    ]
    return table(("slice", "notes", "champion", "challenger", "p of a fall"), rows)


def _two(champion: float, challenger: float) -> tuple[str, str]:
    return f"{champion:.3f}", f"{challenger:.3f}"
