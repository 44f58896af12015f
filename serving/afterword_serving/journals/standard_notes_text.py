"""The text of a note as the editors of Standard Notes keep it: plain, HTML, or a tree of nodes in JSON."""

import json
import re

from afterword_serving.journals.fields import text_in
from afterword_serving.journals.html_text import MarkupTooLarge, html_to_text
from afterword_serving.journals.json_size import holds_too_much
from afterword_serving.journals.tidy import tidy

NOT_WORDS = frozenset({"authentication", "spreadsheet"})
"""Kinds of note that hold secrets or cells, not words."""

_INLINE = frozenset({"link", "autolink"})
_BLANK_RUN = re.compile(r"\n{3,}")


def words(text: str, kind: object) -> str:
    """Return the words of a note of this `noteType`, or nothing; text that is not what its kind says stays as it is.

    Raises:
        MarkupTooLarge: it is no note.
    """
    if kind == "rich-text":
        return html_to_text(text)
    root = _root(text) if kind == "super" else None
    return tidy(text if root is None else _joined(root))


def _root(text: str) -> object:
    if holds_too_much(text):
        raise MarkupTooLarge
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed.get("root") if isinstance(parsed, dict) else None


def _joined(root: object) -> str:
    """Return the text of all nodes below `root` in order, a line for each block."""
    pieces: list[str] = []
    left: list[object] = [root]
    while left:
        node = left.pop()
        if isinstance(node, str):
            pieces.append(node)
        elif isinstance(node, dict):
            left.extend(reversed(_parts(node)))
    return _BLANK_RUN.sub("\n\n", "".join(pieces))


def _parts(node: dict[str, object]) -> list[object]:
    children = node.get("children")
    if isinstance(children, list):
        return list(children) if text_in(node, "type") in _INLINE else [*children, "\n"]
    if node.get("type") == "linebreak":
        return ["\n"]
    text = node.get("text")
    return [text] if isinstance(text, str) else []
