"""Argilla 2: the records.json that `dataset.records.from_json` reads."""

import json
import re
from collections.abc import Sequence
from typing import Any

from afterword_serving.review.task import Task

_NO_AGENT = re.compile(r"[^a-zA-Z0-9_:./\s-]")
_LONGEST_AGENT = 200


def render(tasks: Sequence[Task], *, model: str) -> str:
    """Return the records as JSON, in ASCII: Argilla opens the file in whatever encoding the system prefers."""
    return json.dumps([_record(task, model) for task in tasks], indent=1) + "\n"


def _record(task: Task, model: str) -> dict[str, Any]:
    return {
        "id": task.id,
        "fields": {"text": task.note.text},
        "metadata": {name: value for name, value in task.about.items() if value},
        "suggestions": {"label": {"value": task.suggestion, "score": task.score, "agent": _agent(model)}},
        "responses": {},
        "vectors": {},
    }


def _agent(model: str) -> str:
    """Return the model's name in the letters that Argilla's server accepts there."""
    return _NO_AGENT.sub("_", model)[:_LONGEST_AGENT]
