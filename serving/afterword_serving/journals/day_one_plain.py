"""Day One's plain text export: one file, in which each entry begins with a line `Date:` between tabs."""

import re
from collections.abc import Iterator

from afterword_serving.entry import Item, Notice, Skip
from afterword_serving.journals.day_one_text import read_markdown
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import LARGEST_WHOLE, Source
from afterword_serving.journals.spelled_dates import spelled_date
from afterword_serving.journals.tidy import tidy

_START = "\tDate:\t"
_BEGINNING = re.compile(r"\s*?^\tDate:\t", re.MULTILINE)
_FIELD = re.compile(r"\t(?P<name>[A-Z][A-Za-z ]*):\t(?P<value>.*)")
_MEDIA = frozenset({"Photo", "Photos", "Video", "Videos", "Audio", "PDF"})


class DayOnePlain:
    """Reads the words, the day and the tags of each entry: no place or weather."""

    name = "day-one-text"
    app = "Day One (plain text)"
    export = "the app's export as plain text; its JSON export keeps more: time zones and ids"

    def matches(self, source: Source) -> bool:
        """Return whether the first line is an entry's date as the export writes it."""
        return bool(_BEGINNING.match(source.head_text))

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the entries in the file's order, one in memory at a time."""
        for number, lines in enumerate(_blocks(source), 1):
            yield from _entry(source, f"entry {number}", lines)


def _blocks(source: Source) -> Iterator[list[str]]:
    block: list[str] = []
    with source.open_text() as stream:
        for line in stream:
            if line.startswith(_START) and any(map(str.strip, block)):
                yield block
                block = []
            block.append(line)
    if any(map(str.strip, block)):
        yield block


def _entry(source: Source, locator: str, lines: list[str]) -> Iterator[Item]:
    where = f"{source.file}, {locator}"
    fields, text = _parted(lines)
    if len(text) > LARGEST_WHOLE:
        yield Skip("too_large", where)
        return
    written = read_markdown(tidy(text))
    if not written.text and (written.has_media or _MEDIA.intersection(fields)):
        yield Skip("media_only", where)
        return
    when = spelled_date(fields.get("Date", ""))
    if when.notice:
        yield Notice(when.notice, where)
    yield make_entry(
        source,
        DayOnePlain.name,
        locator,
        written.text,
        local_date=when.local_date,
        title=written.title,
        prompt=written.prompt,
        tags=tuple(fields.get("Tags", "").split(",")),
    )


def _parted(lines: list[str]) -> tuple[dict[str, str], str]:
    """Return the fields that head an entry, and the text from the first line that is none."""
    fields: dict[str, str] = {}
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    while start < len(lines) and (match := _FIELD.fullmatch(lines[start].rstrip("\r\n"))):
        fields[match["name"]] = match["value"]
        start += 1
    return fields, "".join(lines[start:])
