"""Day One Classic's journal: a folder `Journal.dayone` with one property list an entry."""

import plistlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from xml.parsers.expat import ExpatError

from afterword_serving.entry import Item, Notice, Skip
from afterword_serving.journals.beside import lies_beside
from afterword_serving.journals.dates import When, in_zone
from afterword_serving.journals.day_one_text import read_markdown
from afterword_serving.journals.fields import text_in, texts_in
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import LARGEST_WHOLE, Source
from afterword_serving.journals.tidy import tidy

_BINARY = b"bplist00"
_OURS = (b"Entry Text", b"Creation Date")
_DAMAGED = (ValueError, ExpatError, AttributeError, LookupError, TypeError, OverflowError, RecursionError)
"""What a property list that is none may raise, by its damage."""


class DayOneClassic:
    """Reads the words, the time and the tags of each `.doentry`: no place, weather, device or music."""

    name = "day-one-classic"
    app = "Day One Classic"
    export = "nothing needs exporting: give the folder Journal.dayone, or a zip of it; Settings > Sync says where it is"

    def matches(self, source: Source) -> bool:
        """Return whether the file is a property list with the keys of an entry."""
        listed = source.head.startswith(_BINARY) or b"<plist" in source.head
        return listed and any(key in source.head for key in _OURS)

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the entry of the file."""
        with source.open() as stream:
            data = stream.read(LARGEST_WHOLE + 1)
        if len(data) > LARGEST_WHOLE:
            yield Skip("too_large", source.file)
            return
        try:
            raw = plistlib.loads(data)
        except _DAMAGED:
            raw = None
        if isinstance(raw, dict):
            yield from _entry(source, raw)
        else:
            yield Skip("unreadable", source.file, "a damaged property list; take the file from a backup")


def _entry(source: Source, raw: dict[str, object]) -> Iterator[Item]:
    written = read_markdown(text_in(raw, "Entry Text"), escaped=False)
    if not tidy(written.text) and (written.has_media or _has_photo(source)):
        yield Skip("media_only", source.file)
        return
    when = _when(raw)
    if when.notice:
        yield Notice(when.notice, source.file)
    yield make_entry(
        source,
        DayOneClassic.name,
        "",
        written.text,
        id=text_in(raw, "UUID"),
        written_at=when.written_at,
        local_date=when.local_date,
        tz=when.tz,
        title=written.title,
        prompt=written.prompt,
        tags=texts_in(raw, "Tags"),
    )


def _when(raw: dict[str, object]) -> When:
    created = raw.get("Creation Date")
    if isinstance(created, datetime):
        return in_zone(created.isoformat(), raw.get("Time Zone"))
    return When(notice="bad_date" if created else None)


def _has_photo(source: Source) -> bool:
    return lies_beside(source, str(PurePosixPath(source.path).parent.parent / "photos" / f"{source.stem}.jpg"))
