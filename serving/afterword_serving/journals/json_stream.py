"""Items out of a JSON file of any size, one at a time."""

from collections.abc import Iterator

import ijson

from afterword_serving.entry import Skip
from afterword_serving.journals.source import Source


def json_items(source: Source, prefix: str) -> Iterator[tuple[int, object] | Skip]:
    """Yield number (from 1) and value of each item at ijson's `prefix`; broken JSON gives a skip, and ends."""
    number = 0
    with source.open_utf8() as stream:
        try:
            for number, item in enumerate(ijson.items(stream, prefix, use_float=True), 1):
                yield number, item
        except (ijson.JSONError, ValueError, RecursionError):
            place = f"after entry {number}" if number else "at its beginning"
            yield Skip("bad_json", f"{source.file}, {place}", "from there on it cannot be read; export it again")
