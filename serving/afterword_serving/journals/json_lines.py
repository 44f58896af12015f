"""JSON Lines: one record a line. What `-` is taken for."""

import json
from collections.abc import Iterator

from afterword_serving.entry import Item, Skip
from afterword_serving.journals.json_size import holds_too_much
from afterword_serving.journals.reader import ReadOptions
from afterword_serving.journals.records import Records
from afterword_serving.journals.source import HEAD, Source

_SUFFIXES = (".jsonl", ".ndjson")
_LOOKED_AT = 20


class JsonLines:
    """Reads `{"id": …, "text": …}`, one a line; blank lines do not count."""

    name = "jsonl"
    app = "JSON Lines"
    export = 'one {"id": …, "text": …} a line, from any program; also what - (standard input) is taken for'

    def matches(self, source: Source) -> bool:
        """Return whether one of the first lines is a whole record."""
        head = source.head_text
        if not head.lstrip().startswith("{"):
            return False
        lines = head.split("\n")
        whole = lines[:-1] if len(source.head) >= HEAD else lines
        return not whole or source.suffix in _SUFFIXES or any(_is_record(line) for line in whole[:_LOOKED_AT])

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the records in order; a broken line is skipped by its number."""
        records = Records(source, self.name, options)
        with source.open_text() as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip("\ufeff \t\r\n"):
                    continue
                if holds_too_much(line):
                    yield Skip("too_large", f"{source.file}, line {number}", "it holds too many values")
                elif isinstance(record := _parse(line), dict):
                    yield from records.items(record, f"line {number}")
                else:
                    yield Skip("bad_json", f"{source.file}, line {number}", "the line is not a JSON object")
        yield from records.lacking()


def _parse(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _is_record(line: str) -> bool:
    return isinstance(_parse(line), dict)
