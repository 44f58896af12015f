"""Journey's export: a zip with one JSON file an entry, its text often HTML."""

import re
from collections.abc import Iterator

from afterword_serving.entry import Item, Notice, Skip
from afterword_serving.journals.dates import since_1970
from afterword_serving.journals.day_one_text import Written, read_markdown
from afterword_serving.journals.fields import text_in, texts_in
from afterword_serving.journals.html_text import html_to_text, looks_like_html, or_too_large
from afterword_serving.journals.json_stream import json_items
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import Source
from afterword_serving.journals.tidy import tidy

_ID = re.compile(r'\A\s*\{\s*"id"\s*:\s*"\d{12,13}-[0-9A-Za-z]+"')
_DATE = re.compile(r'"date_journal"\s*:\s*\d')
_REIMPORTED = "dayone-moment:"


class Journey:
    """Reads the words, the time and the tags: no place, weather, mood, music or picture."""

    name = "journey"
    app = "Journey"
    export = "the app's export as a .zip file, not as PDF or Word; give the .zip as it is"

    def matches(self, source: Source) -> bool:
        """Return whether the file begins as an entry does."""
        head = source.head_text
        return head.lstrip().startswith("{") and bool(_ID.match(head) or _DATE.search(head))

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the file's entry."""
        for found in json_items(source, level=0):
            if isinstance(found, Skip):
                yield found
            elif isinstance(found[1], dict):
                yield from or_too_large(self._entry(source, found[1]), source.file)
            else:
                yield Skip("bad_row", source.file, "not a Journey entry")

    def _entry(self, source: Source, raw: dict[str, object]) -> Iterator[Item]:
        written = _written(raw)
        if not tidy(written.text) and (written.has_media or raw.get("photos")):
            yield Skip("media_only", source.file)
            return
        when = since_1970(raw.get("date_journal"), raw.get("timezone"), per_second=1000)
        if when.notice:
            yield Notice(when.notice, source.file)
        yield make_entry(
            source,
            self.name,
            "",
            written.text,
            id=text_in(raw, "id"),
            written_at=when.written_at,
            local_date=when.local_date,
            tz=when.tz,
            title=written.title,
            prompt=written.prompt,
            tags=texts_in(raw, "tags"),
        )


def _written(raw: dict[str, object]) -> Written:
    """Return the words; `type` is not to be trusted, and entries that came from Day One have kept its marks."""
    text = text_in(raw, "text")
    if raw.get("type") == "html" or looks_like_html(text):
        text = html_to_text(text)
    return read_markdown(text) if _REIMPORTED in text else Written(text, title=None, prompt=None, has_media=False)
