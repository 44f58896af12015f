"""Argilla 2: the records.json that `dataset.records.from_json` reads."""

import json
from collections.abc import Sequence
from typing import Any

from afterword_serving.review.task import Task


def render(tasks: Sequence[Task], *, model: str) -> str:
    """Return the records as JSON, in ASCII: Argilla opens the file in whatever encoding the system prefers."""
    return json.dumps([_record(task, model) for task in tasks], indent=1) + "\n"


def _record(task: Task, model: str) -> dict[str, Any]:
    return {
        "id": task.id,
        "fields": {"text": task.note.text},
        "metadata": {name: value for name, value in task.about.items() if value},
        "suggestions": {"label": {"value": task.suggestion, "score": task.score, "agent": model}},
        "responses": {},
        "vectors": {},
    }
