"""The YAML block that may stand before a Markdown note."""

import re
from typing import Any

import yaml

_LARGEST = 64 << 10
_BLOCK = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)(?:^(?:---|\.\.\.)[ \t]*(?:\n|\Z))", re.DOTALL | re.MULTILINE)


def split_front_matter(text: str) -> tuple[dict[str, Any] | None, str]:
    r"""Return the fields (keys in lower case) and the body; no block gives no fields, a broken one gives None.

    `text` has `\n` line ends and no byte-order mark.
    """
    match = _BLOCK.match(text)
    if not match:
        return {}, text
    return _fields(match["yaml"]), text[match.end() :]


def _fields(block: str) -> dict[str, Any] | None:
    if len(block) > _LARGEST:
        return None
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
        return None
    if loaded is None:
        return {}
    return {str(key).strip().lower(): value for key, value in loaded.items()} if isinstance(loaded, dict) else None
