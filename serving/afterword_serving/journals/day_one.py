"""Day One's JSON export: a zip with one JSON file a journal, or such a file by itself."""

import json
import re
from collections.abc import Iterator
from typing import Any

from afterword_serving.entry import Item, Notice, Skip
from afterword_serving.journals.dates import When, in_zone
from afterword_serving.journals.day_one_text import Written, join_rich_text, read_markdown
from afterword_serving.journals.fields import text_in, texts_in
from afterword_serving.journals.html_text import MarkupTooLarge, or_too_large
from afterword_serving.journals.json_size import holds_too_much
from afterword_serving.journals.json_stream import json_items
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import Source
from afterword_serving.journals.tidy import tidy

_ENTRIES = re.compile(r'"entries"\s*:\s*\[')
_OURS = re.compile(r'"metadata"\s*:\s*\{|"creationDate"\s*:')
_MEDIA = ("photos", "videos", "audios", "pdfAttachments")


class DayOne:
    """Reads the words, the time and the tags of each entry: no place, weather, device or picture."""

    name = "day-one"
    app = "Day One"
    export = "phone: Settings > Import/Export > Export JSON; Mac: File > Export > JSON; give the .zip as it is"

    def matches(self, source: Source) -> bool:
        """Return whether the file begins as a Day One journal does."""
        head = source.head_text
        return head.lstrip().startswith("{") and bool(_ENTRIES.search(head)) and bool(_OURS.search(head))

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the entries in the file's order, one in memory at a time."""
        for found in json_items(source, level=2, key="entries"):
            if isinstance(found, Skip):
                yield found
            elif isinstance(found[1], dict):
                locator = f"entry {found[0]}"
                yield from or_too_large(self._entry(source, locator, found[1]), f"{source.file}, {locator}")
            else:
                yield Skip("bad_row", f"{source.file}, entry {found[0]}", "not a Day One entry")

    def _entry(self, source: Source, locator: str, raw: dict[str, Any]) -> Iterator[Item]:
        where = f"{source.file}, {locator}"
        written = _written(raw)
        if not tidy(written.text) and (written.has_media or any(raw.get(kind) for kind in _MEDIA)):
            yield Skip("media_only", where)
            return
        when = _when(raw)
        if when.notice:
            yield Notice(when.notice, where)
        yield make_entry(
            source,
            self.name,
            locator,
            written.text,
            id=text_in(raw, "uuid"),
            written_at=when.written_at,
            local_date=when.local_date,
            tz=when.tz,
            title=written.title,
            prompt=written.prompt,
            tags=texts_in(raw, "tags"),
        )


def _when(raw: dict[str, Any]) -> When:
    return in_zone(raw.get("creationDate"), raw.get("timeZone"), all_day=raw.get("isAllDay") is True)


def _written(raw: dict[str, Any]) -> Written:
    """Return the words of `text`, or of `richText` where `text` is missing or blank."""
    text = text_in(raw, "text")
    if text.strip():
        return read_markdown(text)
    return read_markdown(join_rich_text(_parsed(raw.get("richText"))), escaped=False)


def _parsed(rich: object) -> object:
    if not isinstance(rich, str):
        return rich
    if holds_too_much(rich):
        raise MarkupTooLarge
    try:
        return json.loads(rich)
    except (ValueError, RecursionError):
        return None
