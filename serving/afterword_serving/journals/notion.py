"""Notion's Markdown and CSV export: one page a file, each named with its id; tables stand there twice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from afterword_serving.entry import Item, Notice, Skip
from afterword_serving.journals.beside import lies_beside, own_path
from afterword_serving.journals.dates import When
from afterword_serving.journals.days import find_day
from afterword_serving.journals.notion_page import DATE_NAMES, Page, dated_pieces, read_page, words_of
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import Source
from afterword_serving.journals.spelled_dates import spelled_date
from afterword_serving.journals.split import Piece, split_text
from afterword_serving.journals.tidy import printable, tidy

_NAMED = re.compile(r"(?P<name>.*) (?P<id>[0-9a-f]{32})(?P<all>_all)?", re.DOTALL)
_PAGE = re.compile(r"\s*#(?:[ \t]|\r?\n|\Z)")


class Notion:
    """Reads pages, with day and tags where they are rows of a table; a table is read where its pages are missing."""

    name = "notion"
    app = "Notion"
    export = "a page's \u2022\u2022\u2022 menu > Export > Markdown & CSV; give the .zip as it is"

    def matches(self, source: Source) -> bool:
        """Return whether the file is a page named with an id, or a table whose rows are read elsewhere."""
        named = _NAMED.fullmatch(source.stem)
        if not named:
            return False
        if source.suffix == ".csv":
            return _is_read_elsewhere(source, is_full=bool(named["all"]))
        return not named["all"] and bool(_PAGE.match(source.head_text))

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the page's entry, or its entries where its headings are days; a table's rows are not read again."""
        if source.suffix == ".csv":
            return
        text = source.read_whole()
        if text is None:
            yield Skip("too_large", source.file, "cut it into several pages")
            return
        yield from _entries(source, options, read_page(tidy(text), is_row=_is_row(source)))


def _entries(source: Source, options: ReadOptions, page: Page) -> Iterator[Item]:
    when = _when(page)
    if when.notice:
        yield Notice(when.notice, source.file)
    named = _NAMED.fullmatch(source.stem)
    pieces = dated_pieces(page.body) if options.split == "whole" else list(split_text(page.body, options.split))
    is_whole = len(pieces) <= 1 and not any(piece.day for piece in pieces)
    for number, piece in enumerate(pieces or [Piece("")], 1):
        place = "" if is_whole else f"#{number}"
        yield make_entry(
            source,
            Notion.name,
            "" if is_whole else f"entry {number}",
            words_of(piece.text),
            id=f"{named['id']}{place}" if named else None,
            local_date=piece.day or when.local_date,
            title=piece.title or page.title or (named["name"] if named else ""),
            tags=tuple(page.properties.get("tags", "").split(",")),
        )


def _when(page: Page) -> When:
    """Return the day of the first property that holds one, else of the title."""
    stated = [spelled_date(value) for name in DATE_NAMES if (value := page.properties.get(name))]
    titled = find_day(page.title)
    good = next((when for when in stated if when.local_date), None) or (When(local_date=titled.day) if titled else None)
    return good or (stated[0] if stated else When())


@dataclass(frozen=True)
class _Export:
    """Names of the tables and of the folders of pages around a file, without id and ending."""

    tables: frozenset[str]
    page_folders: frozenset[str]


@lru_cache(maxsize=4)
def _export(around: frozenset[str]) -> _Export:
    files = frozenset(map(printable, around))
    pages = {PurePosixPath(name).parent for name in files if name.endswith(".md")}
    tables = {PurePosixPath(name).with_suffix("") for name in files if name.endswith(".csv")}
    return _Export(frozenset(map(_bare, tables)), frozenset(map(_bare, pages)))


def forget() -> None:
    """Drop the names of files that were read last."""
    _export.cache_clear()


def _bare(path: PurePosixPath) -> str:
    named = _NAMED.fullmatch(path.name)
    return str(path.with_name(named["name"])) if named and named["name"] else str(path)


def _is_row(source: Source) -> bool:
    own = own_path(source)
    return own is not None and _bare(PurePosixPath(own).parent) in _export(source.around).tables


def _is_read_elsewhere(source: Source, *, is_full: bool) -> bool:
    """Return whether a table's rows are pages beside it, or rows of its full form `_all.csv`."""
    own = own_path(source)
    if own is None:
        return False
    full = str(PurePosixPath(source.path).with_name(f"{source.stem}_all.csv"))
    has_full = not is_full and lies_beside(source, full)
    return has_full or _bare(PurePosixPath(own).with_suffix("")) in _export(source.around).page_folders
