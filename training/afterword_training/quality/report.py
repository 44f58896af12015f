"""A quality report as Markdown, for the terminal and for files; rows by name, never a text."""

from afterword_training.quality.findings import Finding, Identifier, Kind, QualityReport
from afterword_training.tables import table

_SHOWN = 20
"""Rows listed of each kind; the JSON form has all."""

_ADVICE = {
    Kind.IN_EVALUATION: "Models are judged on these notes, so they are refused: nothing is trained on them.",
    Kind.NO_WORDS: "These hold no words, and nothing can be learned from them.",
    Kind.NOT_ENGLISH: "Afterword reads English; leave these out, or see whether they are English after all.",
    Kind.CONFLICT: "One of the two labels is wrong.",
    Kind.NEAR_CONFLICT: "One of the two labels may be wrong, unless the few words that differ decide.",
    Kind.CORPUS_CONFLICT: "The corpus has these texts under another label.",
    Kind.DUPLICATE: "A text that stands twice counts twice.",
    Kind.NEAR_DUPLICATE: "These are nearly the same; only one part of a split may have them.",
    Kind.IN_CORPUS: "These bring little, and no model is judged on them: it has learned from the corpus.",
    Kind.LABEL_ERROR: "Look at these again, the likeliest first; many may be right as they are.",
    Kind.IDENTIFIER: "Counted by plain patterns, which do not find everything.",
}


def quality_markdown(report: QualityReport) -> str:
    """Return the verdict on the labels, the warnings, the balance, and the rows of each kind of finding."""
    parts = [_summary(report)]
    if report.whole is not None:
        parts.append(f"**{'Poisoned labels' if report.poisoned else 'Labels as a whole'}.** {report.whole.message}")
    parts += [f"- {warning}" for warning in report.warnings]
    parts.append(_balance(report))
    parts += [_section(kind, found) for kind in Kind if (found := report.of(kind))]
    return "\n\n".join(parts)


def _summary(report: QualityReport) -> str:
    refused = f"; {len(report.refused)} refused" if report.refused else ""
    return f"{report.notes} notes in {report.groups} groups{refused}."


def _balance(report: QualityReport) -> str:
    rows = [
        (label, str(share.notes), f"{share.share:.0%}", *map(str, share.words))
        for label, share in report.labels.items()
    ]
    return table(("label", "notes", "share", "words: first quartile", "median", "third quartile"), rows)


def _section(kind: Kind, found: tuple[Finding, ...]) -> str:
    lines = [f"- {_line(finding)}" for finding in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(f"- and {len(found) - _SHOWN} more")
    return f"**{kind.capitalize()}: {len(found)}.** {_ADVICE[kind]}\n\n" + "\n".join(lines)


def _line(finding: Finding) -> str:
    if finding.kind is Kind.IDENTIFIER:
        counts = ", ".join(f"{sort} {finding.identifiers[sort]}" for sort in Identifier if sort in finding.identifiers)
        return f"{finding.where}: {counts}"
    if finding.kind is Kind.LABEL_ERROR:
        return (
            f"{finding.where}: labelled {finding.label} (probability {finding.probability:.2f}), "
            f"rather {finding.other_label}"
        )
    if finding.other is None:
        return finding.where
    if finding.label is finding.other_label:
        return f"{finding.where}: like {finding.other}"
    return f"{finding.where} ({finding.label}): like {finding.other} ({finding.other_label})"
