"""CSV, for labelling in a spreadsheet: the empty column `label` is to be filled in."""

import io
from collections.abc import Sequence

from afterword_model.labels import LABELS
from afterword_serving.review.task import Task
from afterword_serving.rows import Row
from afterword_serving.sinks import write_csv

MARK = "\ufeff"
"""Begins the file: without it Excel takes UTF-8 for another encoding, and saves the letters that it then shows."""
COLUMNS = ["id", "text", "label", "suggestion", *(f"p_{label}" for label in LABELS)]
COLUMNS += ["why", "reasons", "date", "source", "file"]


def render(tasks: Sequence[Task], *, model: str) -> str:
    """Return the table; as in all our tables, cells that look like formulas begin with an apostrophe."""
    table = io.StringIO(newline="")
    grouped = ["group"] if any("group" in task.about for task in tasks) else []
    write_csv((_row(task, model) for task in tasks), table, [*COLUMNS, *grouped, "model"])
    return MARK + table.getvalue()


def _row(task: Task, model: str) -> Row:
    probabilities = {f"p_{label}": task.note.probabilities[label] for label in LABELS}
    known = {"id": task.id, "text": task.note.text, "label": "", "suggestion": task.suggestion, "model": model}
    return known | probabilities | task.about
