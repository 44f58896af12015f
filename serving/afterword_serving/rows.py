"""From an entry and its prediction to a row of results."""

from typing import Any

from afterword_model.labels import Label
from afterword_model.prediction import Prediction
from afterword_serving.entry import Entry
from afterword_serving.units import By, Part

Row = dict[str, Any]
"""JSON values by column name, in the order of the columns."""

_DIGITS = 6
_PLACE = ("entry_id", "start", "end")
_COLUMNS = (
    *("label", "p_reflection", "p_rumination", "p_neither", "lean", "sure", "warnings", "words"),
    *("written_at", "local_date", "source_format", "source_file", "locator", "evidence"),
)


def make_row(entry: Entry, prediction: Prediction, *, include_text: bool = False) -> Row:
    """Return the result of one entry, or of a part of one. Evidence counts characters of its own text.

    Without its text, a digest stands for the path within a folder or zip. A group stands in it where the entry has one.
    """
    probabilities = prediction.probabilities
    row: Row = {
        "id": entry.id,
        **({name: getattr(entry, name) for name in _PLACE} if isinstance(entry, Part) else {}),
        "label": prediction.label.value,
        "p_reflection": round(probabilities[Label.REFLECTION], _DIGITS),
        "p_rumination": round(probabilities[Label.RUMINATION], _DIGITS),
        "p_neither": round(probabilities[Label.NEITHER], _DIGITS),
        "lean": round(prediction.lean, _DIGITS),
        "sure": prediction.sure,
        "warnings": list(prediction.warnings),
        "words": len(entry.text.split()),
        "written_at": entry.written_at.isoformat() if entry.written_at else None,
        "local_date": entry.local_date.isoformat() if entry.local_date else None,
        "source_format": entry.source.format,
        "source_file": entry.source.file if include_text else entry.source.untitled_file,
        "locator": entry.source.locator,
        "evidence": [{"kind": span.kind.value, "start": span.start, "end": span.end} for span in prediction.evidence],
    }
    if include_text:
        row |= {"title": entry.title, "text": entry.text}
    return row | {"group": entry.group} if entry.group else row


def columns(*, by: By = "entry", include_text: bool = False) -> list[str]:
    """Return the names of a row's columns, in order."""
    names = ["id", *(() if by == "entry" else _PLACE), *_COLUMNS]
    return [*names, "title", "text"] if include_text else names
