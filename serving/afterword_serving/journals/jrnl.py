"""Journals of jrnl, the command line's: exported as JSON, or the text that it keeps and exports."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from afterword_serving.entry import Item, Notice, Skip
from afterword_serving.journals.dates import any_date, at_clock
from afterword_serving.journals.fields import DatedIds, text_in, texts_in
from afterword_serving.journals.json_stream import json_items
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import Source

_COUNTED_TAGS = re.compile(r'\A\s*\{\s*"tags"\s*:\s*\{\s*(?:"[^"\n]+"\s*:\s*\d+\s*[,}]|\}\s*,\s*"entries"\s*:)')
_ENTRIES = re.compile(r'\A\s*\{\s*"entries"\s*:\s*\[\s*\{\s*"title"\s*:')
_BODY = re.compile(r'"body"\s*:')
_STAMP = re.compile(
    r"\[(?P<stamp>(?P<date>\d{4}-\d{2}-\d{2}) \d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?)\](?: (?P<title>.*)|$)"
)
_TAG = re.compile(r"(?<!\S)[@#](\w[-+*#/\w]*)")


@dataclass(frozen=True)
class _Piece:
    day: object
    stamp: str
    text: str
    tags: tuple[str, ...]


class Jrnl:
    """Reads the words, the day and the tags; jrnl's title is the first sentence, so it is read as one."""

    name = "jrnl"
    app = "jrnl"
    export = "jrnl --format json --file journal.json; or the journal's own text file, when it is not encrypted"

    def matches(self, source: Source) -> bool:
        """Return whether the file begins as jrnl's JSON, or its first line with a date in brackets."""
        head = source.head_text
        if _COUNTED_TAGS.match(head) or (_ENTRIES.match(head) and _BODY.search(head)):
            return True
        return bool(_STAMP.match(head.lstrip().partition("\n")[0].rstrip()))

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the entries in the file's order, one in memory at a time."""
        ids = DatedIds()
        if source.head_text.lstrip().startswith("{"):
            yield from self._json(source, ids)
        else:
            with source.open_text() as lines:
                for number, piece in enumerate(_pieces(lines), 1):
                    yield from self._entry(source, f"entry {number}", piece, ids)

    def _json(self, source: Source, ids: DatedIds) -> Iterator[Item]:
        for found in json_items(source, level=2, key="entries"):
            if isinstance(found, Skip):
                yield found
            elif isinstance(found[1], dict):
                yield from self._entry(source, f"entry {found[0]}", _from_json(found[1]), ids)
            else:
                yield Skip("bad_row", f"{source.file}, entry {found[0]}", "not a jrnl entry")

    def _entry(self, source: Source, locator: str, piece: _Piece, ids: DatedIds) -> Iterator[Item]:
        when = at_clock(any_date(piece.day), piece.stamp.partition(" ")[2])
        if when.notice:
            yield Notice(when.notice, f"{source.file}, {locator}")
        yield make_entry(
            source,
            self.name,
            locator,
            piece.text,
            id=ids.next(piece.stamp) if when.local_date else None,
            written_at=when.written_at,
            local_date=when.local_date,
            tags=piece.tags,
        )


def _from_json(raw: dict[str, object]) -> _Piece:
    return _Piece(
        day=raw.get("date"),
        stamp=f"{text_in(raw, 'date')} {text_in(raw, 'time')}",
        text=f"{text_in(raw, 'title')}\n{text_in(raw, 'body')}",
        tags=tuple(tag.lstrip("@#") for tag in texts_in(raw, "tags")),
    )


def _pieces(lines: Iterable[str]) -> Iterator[_Piece]:
    """Yield what follows each date in brackets; words before the first are an entry without one."""
    day, stamp, words = "", "", list[str]()
    for line in lines:
        match = _STAMP.fullmatch(line.rstrip())
        if not match:
            words.append(line)
            continue
        if stamp or "".join(words).strip():
            yield _from_text(day, stamp, "".join(words))
        day, stamp, words = match["date"], match["stamp"], [(match["title"] or "").removesuffix(" *") + "\n"]
    yield _from_text(day, stamp, "".join(words))


def _from_text(day: str, stamp: str, text: str) -> _Piece:
    return _Piece(day, stamp, text, tuple(dict.fromkeys(tag.lower() for tag in _TAG.findall(text))))
