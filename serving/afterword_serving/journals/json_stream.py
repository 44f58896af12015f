"""Items out of a JSON file of any size, one at a time."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import ijson
from ijson.common import ObjectBuilder

from afterword_serving.entry import Skip
from afterword_serving.journals.json_size import MOST_PARTS
from afterword_serving.journals.source import Source

DEEPEST = 200
"""Brackets within brackets; no export comes near, and files made to break readers go far beyond."""

_OPENING = frozenset({"start_map", "start_array"})
_CLOSING = frozenset({"end_map", "end_array"})
_TOO_LARGE = object()


def json_items(source: Source, *, level: int, key: str | None = None) -> Iterator[tuple[int, object] | Skip]:
    """Yield number (from 1) and value of each item that lies `level` brackets deep, under `key` of the whole object.

    An item that is too large gives a skip; so does broken JSON, and ends it.
    """
    for found in keyed_items(source, level=level, keys=() if key is None else (key,)):
        yield found if isinstance(found, Skip) else found[1:]


def keyed_items(
    source: Source, *, level: int, keys: Collection[str] = ()
) -> Iterator[tuple[str | None, int, object] | Skip]:
    """Yield what `json_items` does, and before it the key of the whole object it lies under: one of `keys`, if any."""
    number = 0
    with source.open_utf8() as stream:
        try:
            values = _values(ijson.basic_parse(stream, use_float=True), level, keys)
            for number, (key, value) in enumerate(values, 1):
                if value is _TOO_LARGE:
                    yield Skip("too_large", f"{source.file}, entry {number}", "it holds too many values")
                else:
                    yield key, number, value
        except (ijson.JSONError, ValueError, OverflowError):
            place = f"after entry {number}" if number else "at its beginning"
            yield Skip("bad_json", f"{source.file}, {place}", "from there on it cannot be read; export it again")


def _values(
    events: Iterable[tuple[str, Any]], level: int, keys: Collection[str]
) -> Iterator[tuple[str | None, object]]:
    depth, top_key, builder, parts = 0, None, None, 0
    for event, value in events:
        depth -= event in _CLOSING
        if event == "map_key" and depth == 1:
            top_key = value
        wanted = not keys or top_key in keys
        if builder is None and depth == level and wanted and event not in _CLOSING | {"map_key"}:
            builder, parts = ObjectBuilder(), 0
        if builder is not None:
            parts += 1
            if parts <= MOST_PARTS:
                builder.event(event, value)
            if depth == level and event not in _OPENING:
                yield top_key, builder.value if parts <= MOST_PARTS else _TOO_LARGE
                builder = None
        depth += event in _OPENING
        if depth > DEEPEST:
            raise ValueError("nested too deeply")
