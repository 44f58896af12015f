"""Tasks as each labelling tool imports them: one small file a tool, each with a `render` that returns a file's text.

The model's label goes where the tool keeps guesses, or beside the text; never where the tool keeps labels.
"""

from collections.abc import Sequence
from typing import Literal, Protocol

from afterword_serving.review.task import Task
from afterword_serving.review.tools import argilla, doccano, label_studio, prodigy, spreadsheet

Tool = Literal["label-studio", "prodigy", "argilla", "doccano", "csv"]


class Render(Protocol):
    """Writes tasks for one tool."""

    def __call__(self, tasks: Sequence[Task], *, model: str) -> str:
        """Return the text of the file; `model` names who made the suggestions."""
        ...


TOOLS: dict[Tool, Render] = {
    "label-studio": label_studio.render,
    "prodigy": prodigy.render,
    "argilla": argilla.render,
    "doccano": doccano.render,
    "csv": spreadsheet.render,
}
"""How each tool's file is written, in the order in which help names them."""

__all__ = ["TOOLS", "Render", "Tool"]
