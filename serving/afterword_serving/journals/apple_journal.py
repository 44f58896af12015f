"""Apple Journal's export: a zip or folder with one web page an entry."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from bs4 import BeautifulSoup
from bs4.exceptions import ParserRejectedMarkup

from afterword_serving.entry import Item, Notice, Skip
from afterword_serving.journals.dates import When, named_date, without_date
from afterword_serving.journals.html_text import MarkupTooLarge, bounded, html_to_text
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import HEAD, Source
from afterword_serving.journals.spelled_dates import spelled_date
from afterword_serving.journals.tidy import tidy

_PAGE = re.compile(r"(?i)\A\s*(?:<!doctype html|<html)")
_OURS = re.compile(r"""class\s*=\s*["'](?:pageContainer|pageHeader|assetGrid|reflectionPrompt|bodyText)["']""")
_STYLE_ROOM = 32 * HEAD
"""Bytes in which the body begins: the style sheet above it can be long."""
_ENTRIES = "Entries"
_BODY = re.compile(r"""<div[^<>]*\bclass\s*=\s*["']bodyText["'][^<>]*>""")
_OLDER_BODY = re.compile(r"p[23]")
_NOT_WORDS = ".pageHeader, .assetGrid, .gridItem, .reflectionPrompt, .title"


class AppleJournal:
    """Reads the words and the day of each entry: no place, contact, picture or state of mind."""

    name = "apple-journal"
    app = "Apple Journal"
    export = "iPhone: export all entries from the Journal app as HTML; give AppleJournalEntries.zip as it is"

    def matches(self, source: Source) -> bool:
        """Return whether the file is a page of the export: an entry, or the index of entries beside it."""
        if not _PAGE.match(source.head_text):
            return False
        return bool(_OURS.search(source.head_text)) or _is_index(source) or _is_entry_below_a_long_style(source)

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the entry of a page; the index has none."""
        if _is_index(source):
            return
        markup = source.read_whole()
        try:
            if markup is None:
                raise MarkupTooLarge
            markup = bounded(markup)
            page = BeautifulSoup(markup, "html.parser")
            text = _body(markup, page)
        except MarkupTooLarge:
            yield Skip("too_large", source.file)
            return
        except ParserRejectedMarkup:
            yield Skip("unreadable", source.file, "its markup is damaged; export it again")
            return
        yield from _entry(source, page, text)


def _entry(source: Source, page: BeautifulSoup, text: str) -> Iterator[Item]:
    if not tidy(text) and page.select_one(".gridItem"):
        yield Skip("media_only", source.file)
        return
    when = _when(source, page)
    if when.notice:
        yield Notice(when.notice, source.file)
    yield make_entry(
        source,
        AppleJournal.name,
        "",
        text,
        local_date=when.local_date,
        title=_line(page, ".title") or without_date(source.stem),
        prompt=_line(page, ".reflectionPrompt"),
    )


def _body(markup: str, page: BeautifulSoup) -> str:
    """Return the words below the body's beginning; the markup closes it anywhere, so nesting tells nothing."""
    beginning = _BODY.search(markup)
    if not beginning:
        return html_to_text("".join(map(str, page.find_all("p", class_=_OLDER_BODY))))
    rest = BeautifulSoup(markup[beginning.end() :], "html.parser")
    for tag in rest.select(_NOT_WORDS):
        tag.extract()
    return html_to_text(str(rest))


def _when(source: Source, page: BeautifulSoup) -> When:
    """Return the day that heads the page, else, as in other languages than English, that of the file's name."""
    headed = spelled_date(_line(page, ".pageHeader"))
    named = named_date(source.stem)
    return next((when for when in (headed, named) if when.local_date), When(notice="bad_date"))


def _line(page: BeautifulSoup, selector: str) -> str:
    found = page.select_one(selector)
    return found.get_text(" ", strip=True) if found else ""


def _is_index(source: Source) -> bool:
    path = PurePosixPath(source.path)
    return path.name == "index.html" and any(_ENTRIES in name.split("/")[:-1] for name in source.around)


def _is_entry_below_a_long_style(source: Source) -> bool:
    if PurePosixPath(source.path).parent.name != _ENTRIES and not source.given:
        return False
    with source.open_text() as stream:
        return bool(_OURS.search(stream.read(_STYLE_ROOM)))
