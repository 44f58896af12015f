"""Fields of rows whose names and types no file promises. No message repeats what a field holds."""

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from afterword_model.errors import ConfigError

TEXT_FIELDS = ("text", "note", "content", "body", "entry", "sentence")
LABEL_FIELDS = ("label", "labels", "category")
ID_FIELDS = ("entry_id", "id", "note_id", "uuid")
ANNOTATOR_FIELDS = ("annotator", "annotator_id", "rater", "coder", "labeller", "labeler")
_SAFE_NAME = re.compile(r"[\w.-]{1,30}")
_EPOCH_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_LATEST = 1e15
"""Seconds since 1970 beyond which a number is no moment."""

Fields = Mapping[str, Any]


def find_field(names: Iterable[str], wanted: Sequence[str]) -> str | None:
    """Return the first of `wanted` that is among `names`, as the file spells it; case and outer space do not count."""
    known = {str(name).strip().casefold(): name for name in reversed(list(names))}
    return next((known[name] for each in wanted if (name := each.strip().casefold()) in known), None)


def text_field(names: Iterable[str], asked: str | None, file: str) -> str:
    """Return the field that holds the text.

    Raises:
        ConfigError: there is none, or there are several and none is called `text`.
    """
    return _only_field(list(names), [asked] if asked else TEXT_FIELDS, file, "text")


def label_field(names: Iterable[str], asked: str | None, file: str) -> str:
    """Return the field that holds the label.

    Raises:
        ConfigError: there is none, or there are several and none is called `label`.
    """
    return _only_field(list(names), [asked] if asked else LABEL_FIELDS, file, "label")


def _only_field(names: Sequence[str], wanted: Sequence[str], file: str, what: str) -> str:
    found = [name for each in wanted if (name := find_field(names, [each])) is not None]
    if not found:
        raise ConfigError(
            f"{file} has no field named {', '.join(wanted)}. Say which holds the {what} with --{what}-field."
        )
    if len(found) > 1 and found[0].strip().casefold() != wanted[0]:
        raise ConfigError(f"In {file} {' and '.join(found)} could be the {what}. Say which with --{what}-field.")
    return found[0]


def one_of(names: Sequence[str], asked: str | None, usual: str, *, file: str, what: str) -> str:
    """Return which control or question holds the label: the one asked for, the `usual` one, or the only one.

    Raises:
        ConfigError: it cannot be told, or there is none of the name asked for.
    """
    if asked and names and asked not in names:
        raise ConfigError(f"{file} holds no {what} named {asked}. Check the name given with --label-field.")
    if asked:
        return asked
    if usual in names or not names:
        return usual
    if len(names) == 1:
        return names[0]
    shown = [name for name in names if _SAFE_NAME.fullmatch(name)]
    listed = f" ({', '.join(shown)})" if len(shown) == len(names) else ""
    raise ConfigError(f"{file} holds several {what}{listed}. Say which is the label with --label-field.")


def text_in(value: object) -> str | None:
    """Return a text that holds any words, without halves of characters; None for anything else."""
    if not isinstance(value, str) or not value.strip():
        return None
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def why_no_text(value: object) -> str:
    """Return why `text_in` found none."""
    return "its text is empty" if value is None or isinstance(value, str) else "its text is not text"


def name_in(value: object) -> str:
    """Return a label, an id or a person's name as text; empty when there is none. A whole number loses its `.0`."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float | date) else ""


def names_in(value: object) -> tuple[str, ...]:
    """Return the labels that a field holds: one, a list, or `{"choices": […]}`, the latter two also written as JSON."""
    if isinstance(value, str) and value.lstrip().startswith(("[", '{"choices"')):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return (name_in(value),)
    if isinstance(value, Mapping):
        value = value.get("choices")
    if not isinstance(value, list | tuple):
        value = [value]
    return tuple(name for each in value if (name := name_in(each)))


def mapping_in(value: object) -> Fields:
    """Return a mapping, also one written as JSON; an empty one for anything else."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, Mapping) else {}


def first_name(places: Sequence[Fields], wanted: Sequence[str]) -> str | None:
    """Return what the first of `wanted` that any of the places has, the earlier place first, holds; None without."""
    for each in wanted:
        for place in places:
            field = find_field(place, [each])
            if field is not None and (found := name_in(place[field])):
                return found
    return None


def seconds_in(value: object) -> float | None:
    """Return a moment, written in ISO 8601 or as seconds since 1970, as seconds since 1970."""
    if isinstance(value, str):
        value = _moment(value)
    if isinstance(value, datetime):
        value = (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_LATEST < value < _LATEST:
        return None
    return float(value)


def _moment(text: str) -> datetime | float | None:
    try:
        return float(text) if _EPOCH_DIGITS.fullmatch(text) else datetime.fromisoformat(text)
    except ValueError:
        return None
