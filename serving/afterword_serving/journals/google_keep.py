"""Google Keep as Google Takeout hands it out: a zip with one JSON file a note, and the same again as HTML."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from afterword_serving.entry import Item, Notice, Skip
from afterword_serving.journals.beside import lies_beside
from afterword_serving.journals.dates import When, since_1970
from afterword_serving.journals.fields import text_in
from afterword_serving.journals.html_text import html_to_text, or_too_large
from afterword_serving.journals.json_stream import json_items
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import Source
from afterword_serving.journals.tidy import tidy

_START = re.compile(r'\A\s*\{\s*(?:"title"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*)?"(?:textContent(?:Html)?|listContent)"\s*:')
_CONTENT = re.compile(r'"(?:userEditedTimestampUsec|createdTimestampUsec|textContent|textContentHtml|listContent)"\s*:')
_STATE = re.compile(r'"is(?:Trashed|Archived|Pinned)"\s*:')
_LABELS = re.compile(r"(?:^|/)Keep/Labels\.txt$")
_INDEX = re.compile(r"(?:^|/)archive_browser\.html$")


class GoogleKeep:
    """Reads the words, the time and the labels of each note: no picture, link preview or person it is shared with."""

    name = "google-keep"
    app = "Google Keep"
    export = "takeout.google.com > Deselect all > Keep > Next step > Create export; give the .zip as it is"

    def matches(self, source: Source) -> bool:
        """Return whether the file is a note, or one of those that Takeout adds and that hold no other words."""
        head = source.head_text
        if head.lstrip().startswith("{"):
            return bool(_START.match(head) or (_CONTENT.search(head) and _STATE.search(head)))
        return _is_addition(source)

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the file's note; nothing for what Takeout adds."""
        if _is_addition(source):
            return
        for found in json_items(source, level=0):
            if isinstance(found, Skip):
                yield found
            elif isinstance(found[1], dict):
                yield from or_too_large(self._note(source, found[1]), source.file)
            else:
                yield Skip("bad_row", source.file, "not a Keep note")

    def _note(self, source: Source, raw: dict[str, object]) -> Iterator[Item]:
        title, text = text_in(raw, "title"), _words(raw)
        if raw.get("isTrashed") is True:
            yield Skip("trashed", source.file)
            return
        if raw.get("attachments") and not tidy(text or title):
            yield Skip("media_only", source.file)
            return
        when = _when(raw)
        if when.notice:
            yield Notice(when.notice, source.file)
        yield make_entry(
            source,
            self.name,
            "",
            text or title,
            written_at=when.written_at,
            local_date=when.local_date,
            title=title if text else None,
            tags=tuple(text_in(label, "name") for label in _records(raw, "labels")),
        )


def _is_addition(source: Source) -> bool:
    """Return whether the file is the HTML twin of a note, the list of labels, or the index of the export."""
    path = source.path
    if source.suffix == ".html":
        return lies_beside(source, str(PurePosixPath(path).with_suffix(".json"))) or bool(
            source.around and _INDEX.search(path)
        )
    return bool(source.around and _LABELS.search(path))


def _words(raw: Mapping[str, object]) -> str:
    """Return the note's text, or that of its list, a line an item; HTML is read where nothing else is there."""
    items = "\n".join(filter(None, (text_in(item, "text") for item in _records(raw, "listContent"))))
    plain = "\n".join(part for part in (text_in(raw, "textContent"), items) if tidy(part))
    return plain or html_to_text(text_in(raw, "textContentHtml"))


def _when(raw: Mapping[str, object]) -> When:
    """Return when the note was begun; exports of some years tell only when it was last changed."""
    return since_1970(raw.get("createdTimestampUsec") or raw.get("userEditedTimestampUsec"), per_second=1_000_000)


def _records(raw: Mapping[str, object], key: str) -> list[dict[str, object]]:
    value = raw.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
