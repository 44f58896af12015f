"""Prodigy: JSON Lines for its choice interface, https://prodi.gy/docs/api-interfaces#choice ."""

import json
from collections.abc import Sequence
from typing import Any

from afterword_model.labels import LABELS
from afterword_serving.review.task import Task

_OPTIONS = [{"id": label.value, "text": label.value} for label in LABELS]


def render(tasks: Sequence[Task], *, model: str) -> str:
    """Return a task a line. No `accept` is set: Prodigy would take it for the person's choice."""
    return "".join(json.dumps(_task(task, model)) + "\n" for task in tasks)


def _task(task: Task, model: str) -> dict[str, Any]:
    guess = {"suggestion": task.suggestion, "score": task.score, "model": model}
    return {
        "text": task.note.text,
        "options": _OPTIONS,
        "config": {"choice_style": "single"},
        "meta": {"id": task.id, **guess, **task.about},
    }
