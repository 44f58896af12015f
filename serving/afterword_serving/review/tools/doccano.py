"""doccano: JSON Lines for a text classification project; every other key becomes metadata of the document."""

import json
from collections.abc import Sequence
from typing import Any

from afterword_serving.review.task import Task


def render(tasks: Sequence[Task], *, model: str) -> str:
    """Return a document a line. `label` is empty: doccano has no place for guesses but among the labels."""
    return "".join(json.dumps(_document(task, model)) + "\n" for task in tasks)


def _document(task: Task, model: str) -> dict[str, Any]:
    guess = {"suggestion": task.suggestion, "score": task.score, "model": model}
    return {"text": task.note.text, "label": [], "entry_id": task.id, **task.about, **guess}
