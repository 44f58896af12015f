"""Diarium's JSON export: one array of entries with HTML in them, by themselves or in a zip with pictures."""

import re
from collections.abc import Iterator

from afterword_serving.entry import Item, Notice, Skip
from afterword_serving.journals.dates import any_date
from afterword_serving.journals.fields import DatedIds, text_in, texts_in
from afterword_serving.journals.html_text import html_to_text, or_too_large
from afterword_serving.journals.json_stream import json_items
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import Source

_OURS = (
    re.compile(r"\A\s*\[\s*\{"),
    re.compile(r'"date"\s*:\s*"'),
    re.compile(r'"html"\s*:'),
    re.compile(r'"(?:heading|rating|tracker|people|sun|lunar)"\s*:'),
)


class Diarium:
    """Reads the words, the day and the tags: no place, weather, people, rating or tracker."""

    name = "diarium"
    app = "Diarium"
    export = "the app's export as JSON; its .diary backup is a database and is not read"

    def matches(self, source: Source) -> bool:
        """Return whether the file begins as an array of Diarium entries."""
        return all(mark.search(source.head_text) for mark in _OURS)

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the entries in the file's order, one in memory at a time."""
        ids = DatedIds()
        for found in json_items(source, level=1):
            if isinstance(found, Skip):
                yield found
            elif isinstance(found[1], dict):
                yield from or_too_large(
                    self._entry(source, f"entry {found[0]}", found[1], ids), f"{source.file}, entry {found[0]}"
                )
            else:
                yield Skip("bad_row", f"{source.file}, entry {found[0]}", "not a Diarium entry")

    def _entry(self, source: Source, locator: str, raw: dict[str, object], ids: DatedIds) -> Iterator[Item]:
        heading, text = text_in(raw, "heading"), html_to_text(text_in(raw, "html"))
        when = any_date(raw.get("date"))
        if when.notice:
            yield Notice(when.notice, f"{source.file}, {locator}")
        yield make_entry(
            source,
            self.name,
            locator,
            text or heading,
            id=ids.next(text_in(raw, "date") if when.local_date else ""),
            written_at=when.written_at,
            local_date=when.local_date,
            title=heading if text else None,
            tags=texts_in(raw, "tags"),
        )
