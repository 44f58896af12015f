"""From an entry and its prediction to a row of results."""

from typing import Any

from afterword_model.labels import Label
from afterword_model.prediction import Prediction
from afterword_serving.entry import Entry

Row = dict[str, Any]
"""JSON values by column name, in the order of the columns."""

_DIGITS = 6
_COLUMNS = (
    *("id", "label", "p_reflection", "p_rumination", "p_neither", "lean", "sure", "warnings"),
    *("written_at", "local_date", "source_format", "source_file", "locator", "evidence"),
)


def make_row(entry: Entry, prediction: Prediction, *, include_text: bool = False) -> Row:
    """Return the result of one entry. Evidence counts characters of the entry's text."""
    probabilities = prediction.probabilities
    row: Row = {
        "id": entry.id,
        "label": prediction.label.value,
        "p_reflection": round(probabilities[Label.REFLECTION], _DIGITS),
        "p_rumination": round(probabilities[Label.RUMINATION], _DIGITS),
        "p_neither": round(probabilities[Label.NEITHER], _DIGITS),
        "lean": round(prediction.lean, _DIGITS),
        "sure": prediction.sure,
        "warnings": list(prediction.warnings),
        "written_at": entry.written_at.isoformat() if entry.written_at else None,
        "local_date": entry.local_date.isoformat() if entry.local_date else None,
        "source_format": entry.source.format,
        "source_file": entry.source.file,
        "locator": entry.source.locator,
        "evidence": [{"kind": span.kind.value, "start": span.start, "end": span.end} for span in prediction.evidence],
    }
    return row | {"title": entry.title, "text": entry.text} if include_text else row


def columns(*, include_text: bool = False) -> list[str]:
    """Return the names of a row's columns, in order."""
    return [*_COLUMNS, "title", "text"] if include_text else list(_COLUMNS)
