"""Figures as Markdown tables, for the model card, the README and the terminal."""

from collections.abc import Iterable, Sequence

from afterword_model.labels import LABELS
from afterword_model.manifest import Figure
from afterword_training.evaluate import Evaluation, GroupFigure
from afterword_training.long_pages import LongFigure
from afterword_training.metrics import FEW
from afterword_training.outside import OutsideFigures
from afterword_training.span_metrics import MarkerFigure

NAMES = {
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "two_way_accuracy": "two-way accuracy (notes that are not `neither`)",
    "neither_recall": "recall of `neither`",
    "ece": "expected calibration error",
    "brier": "Brier score",
    "coverage_at_95": "coverage at 95 % accuracy",
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; all columns but the first align right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, rule, *rows])


def figures_table(figures: dict[str, Figure]) -> str:
    """Return the overall figures with their intervals."""
    rows = [(NAMES[name], f"{f.value:.3f}", f"{f.low:.3f} to {f.high:.3f}") for name, f in figures.items()]
    return table(("figure", "value", "95 % interval"), rows)


def confusion_table(confusion: Sequence[Sequence[int]], *, corner: str = "truth \\ answer") -> str:
    """Return the confusion counts, truth in rows; `corner` says what rows and columns are."""
    rows = [(f"**{label}**", *map(str, counts)) for label, counts in zip(LABELS, confusion, strict=True)]
    return table((corner, *LABELS), rows)


def groups_table(name: str, groups: dict[str, GroupFigure]) -> str:
    """Return accuracy by group."""
    return table((name, "notes", "accuracy"), [(k, str(g.notes), f"{g.accuracy:.3f}") for k, g in groups.items()])


def markers_table(markers: dict[str, MarkerFigure]) -> str:
    """Return span F1 by marker; of one that nobody marked there is none to tell."""
    rows = [
        (k, str(m.marked), str(m.found), *(f"{f1:.3f}" if m.marked else "–" for f1 in (m.exact_f1, m.overlap_f1)))
        for k, m in markers.items()
    ]
    return table(("marker", "marked", "found", "exact F1", "overlap F1"), rows)


def intervals_sentence(evaluation: Evaluation) -> str:
    """Return how the intervals of the overall figures were made."""
    units = {len(evaluation.authors): "authors", evaluation.notes: "notes"}.get(evaluation.groups, "groups")
    if evaluation.groups < FEW:
        return f"Intervals leave out each of the {evaluation.groups} {units} in turn, with Student's t for so few."
    return f"Intervals resample {units}."


def sure_sentence(evaluation: Evaluation) -> str:
    """Return how often the model is sure, and how often it is right then."""
    begin = (
        f"Sure from {evaluation.threshold:.3f} on, where there is no warning: {evaluation.sure_share:.1%} of the notes"
    )
    if evaluation.sure_accuracy is None:
        return f"{begin}."
    return f"{begin}, and right on {evaluation.sure_accuracy:.1%} of those."


def outside_sentence(outside: OutsideFigures) -> str:
    """Return how texts that are no notes are met."""
    return (
        f"{outside.texts} texts that are no notes (recipes, contracts, code and the like): {outside.warned:.1%} are "
        f"met with a warning, against {outside.notes_warned:.1%} of the notes (area under the ROC curve: "
        f"{outside.auroc:.3f}). {outside.sure:.1%} are answered as sure, {outside.sure_rumination:.1%} as sure "
        "`rumination`."
    )


def long_pages_table(found: Sequence[LongFigure]) -> str:
    """Return how pages longer than the window are answered."""
    rows = [
        (f"about {f.words}", *(f"{share:.0%}" for share in [*f.recall.values(), *f.turned.values()])) for f in found
    ]
    turned = [f"ends at {label}" for label in found[0].turned]
    told = (
        f"Pages of plain held-out notes, {found[0].pages} of each label and length, in which one held-out note, "
        "somewhere among them, is all that is not plain; for `neither` there is none. And pages of notes of one label "
        "that end with one of the other, which is what they are. Share answered rightly:"
    )
    return f"{told}\n\n{table(('words', *LABELS, *turned), rows)}"


def report(evaluation: Evaluation) -> str:
    """Return every figure of an evaluation as Markdown."""
    return "\n\n".join(
        [
            f"{evaluation.notes} notes by authors {', '.join(evaluation.authors)}; model {evaluation.model}.",
            figures_table(evaluation.figures),
            f"{intervals_sentence(evaluation)} {sure_sentence(evaluation)}",
            *([outside_sentence(evaluation.outside)] if evaluation.outside else []),
            confusion_table(evaluation.confusion),
            *([groups_table("kind of note", evaluation.by_slice)] if evaluation.by_slice else []),
            *([groups_table("author", evaluation.by_author)] if evaluation.by_author else []),
            groups_table("label", evaluation.by_label),
            groups_table("length", evaluation.by_length),
            *([long_pages_table(evaluation.long_pages)] if evaluation.long_pages else []),
            *([markers_table(evaluation.markers)] if any(each.marked for each in evaluation.markers.values()) else []),
        ]
    )
