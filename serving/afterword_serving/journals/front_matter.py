"""The YAML block that may stand before a Markdown note."""

import re
from typing import Any

import yaml

_LARGEST = 64 << 10
_KNOWN = frozenset(
    {"title", "tag", "tags", "alias", "aliases", "id", "uuid", "layout", "permalink", "slug", "draft", "publish"}
    | {"published", "cssclass", "cssclasses", "category", "categories", "keywords", "author", "lang"}
)
"""Keys that apps and site builders write, whatever their values are."""
_DATES = frozenset(
    {"date", "day", "created", "updated", "modified", "lastmod", "date created", "date modified", "date updated"}
)
"""Keys that apps write, and diaries too: `Day: I froze again when she cried.`"""
_WORD = re.compile(r"\b[^\W\d_]+\b")
_KEY = re.compile(r"^([\w -]+):", re.MULTILINE)
_BLOCK = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)(?:^(?:---|\.\.\.)[ \t]*(?:\n|\Z))", re.DOTALL | re.MULTILINE)


def split_front_matter(text: str) -> tuple[dict[str, Any] | None, str]:
    r"""Return the fields (keys in lower case) and the body; no block gives no fields, a broken one gives None.

    Words between two lines of `---` that are the writer's own are no block; `text` has `\n` line ends and no
    byte-order mark.
    """
    match = _BLOCK.match(text)
    if not match or len(match["yaml"]) > _LARGEST:
        return {}, text
    block, body = match["yaml"], text[match.end() :]
    try:
        loaded = yaml.safe_load(block)
    except (
        yaml.YAMLError,
        ValueError,
        ArithmeticError,
        RecursionError,
        LookupError,
        AttributeError,
        TypeError,
    ):  # as tags of YAML's raise
        return (None, body) if _looks_like_fields(block) else ({}, text)
    if not block.strip():
        return {}, body
    fields = {str(key).strip().lower(): value for key, value in loaded.items()} if isinstance(loaded, dict) else {}
    return (fields, body) if _are_fields(fields) else ({}, text)


def _are_fields(fields: dict[str, Any]) -> bool:
    if not _KNOWN.isdisjoint(fields) or any(not _is_prose(fields[key]) for key in _DATES.intersection(fields)):
        return True
    return bool(fields) and not any(_is_prose(part) for pair in fields.items() for part in pair)


def _looks_like_fields(block: str) -> bool:
    """Return whether what is no YAML was meant for fields: it has a key that apps write, or no line of four words."""
    keys = {key.strip().lower() for key in _KEY.findall(block)}
    return not keys.isdisjoint(_KNOWN | _DATES) or all(len(line.split()) < 4 for line in block.splitlines())


def _is_prose(value: object) -> bool:
    """Return whether there is a string of four words, or of two that end as a sentence does."""
    parts = value if isinstance(value, list) else [value]
    for part in (part for part in parts if isinstance(part, str)):
        words = len(_WORD.findall(part))
        if words >= 4 or (words >= 2 and part.rstrip().endswith((".", "!", "?", "\u2026"))):
            return True
    return False
