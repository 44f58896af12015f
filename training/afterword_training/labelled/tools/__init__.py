"""Labelled files as each tool exports them: one small file a tool, each with a `matches` and a `read`."""

from collections.abc import Iterator
from typing import Protocol

from afterword_training.labelled.answer import Answer, SetAside
from afterword_training.labelled.options import Format, LabelOptions
from afterword_training.labelled.sheet import Sheet
from afterword_training.labelled.tools import (
    argilla,
    doccano,
    fasttext,
    label_studio,
    prodigy,
    spacy_textcat,
    table,
)


class Tool(Protocol):
    """Reads what one tool exports."""

    def matches(self, sheet: Sheet) -> bool:
        """Return whether a file is the tool's, judged by content."""
        ...

    def read(self, sheet: Sheet, options: LabelOptions) -> Iterator[Answer | SetAside]:
        """Yield every answer, and word of everything that is none."""
        ...


TOOLS: dict[Format, Tool] = {
    "label-studio": label_studio,
    "argilla": argilla,
    "prodigy": prodigy,
    "spacy": spacy_textcat,
    "doccano": doccano,
    "fasttext": fasttext,
    "table": table,
}
"""Asked in this order whether a file is theirs: the most particular first, plain tables last."""

__all__ = ["TOOLS", "Tool"]
