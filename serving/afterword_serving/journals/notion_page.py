"""A page of Notion's Markdown: its title, the properties that a table gives it, and the words below."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from afterword_serving.journals.days import Spelled, find_day
from afterword_serving.journals.markdown_text import plain_words
from afterword_serving.journals.records import TEXT_COLUMNS
from afterword_serving.journals.split import Piece

DATE_NAMES = ("date", "day", "created", "created time")
_TITLE = re.compile(r"\A#[ \t]*(?P<title>.*)(?:\n+|\Z)")
_PROPERTY = re.compile(r"(?P<name>[A-Z][\w /()&'?-]{0,40}):(?: (?P<value>.*))?")
_BLOCK_END = re.compile(r"\n[ \t]*\n|\Z")
_HEADING = re.compile(r"(?m)^#{1,3}[ \t]+(?P<heading>.+)$\n*")
_WEEKDAY = re.compile(r"\W*(?:[A-Za-z]+day|[A-Z][a-z]{2})?\W*")
_LINK_ALONE = re.compile(r"(?m)^[ \t]*(?:[-*][ \t]+)?\[[^\]\n]*\]\([^\n]*\.(?:md|csv)\)[ \t]*$\n?")
_BOX = re.compile(r"(?m)^[ \t]*</?(?:aside|details|summary)>[ \t]*$\n?|</?(?:aside|details|summary)>")


@dataclass(frozen=True)
class Page:
    """The parts of a page; names of properties are in lower case."""

    title: str
    properties: dict[str, str]
    body: str


def read_page(markdown: str, *, is_row: bool) -> Page:
    r"""Return the parts of a page, a table's row or not; `markdown` is tidied.

    A row's properties are the lines of `Name: value` right below the title. On other pages such lines are the
    writer's, unless all of the block are of that form and one is a date or the tags.
    """
    match = _TITLE.match(markdown)
    title, rest = (match["title"].strip(), markdown[match.end() :]) if match else ("", markdown)
    end = _BLOCK_END.search(rest)
    block = rest[: end.start()] if end else rest
    properties = _properties(block, is_row=is_row)
    body = rest[len(block) :] if properties else rest
    return Page(title, properties, body if body.strip() else _text_property(properties))


def dated_pieces(body: str) -> list[Piece]:
    """Return a page's entries where its headings are days, the whole of it where none is."""
    heads = [(match, day) for match in _HEADING.finditer(body) if (day := _heading_day(match["heading"]))]
    if not heads:
        return [Piece(body)]
    before = body[: heads[0][0].start()]
    ends = [*(match.start() for match, _ in heads[1:]), len(body)]
    dated = [
        Piece(body[match.end() : end], day.day, day.after.strip(" \t-\u2013\u2014:,") or None)
        for (match, day), end in zip(heads, ends, strict=True)
    ]
    return [Piece(before), *dated] if before.strip() else dated


def words_of(body: str) -> str:
    """Return the words of a body: without links to pages below it, frames of boxes and Markdown's link targets."""
    return plain_words(_BOX.sub("", _LINK_ALONE.sub("", body)))[0]


def _properties(block: str, *, is_row: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in block.split("\n"):
        match = _PROPERTY.fullmatch(line)
        if match:
            found[match["name"].strip().lower()] = match["value"] or ""
        elif not (is_row and found):
            return {}
        else:
            last = next(reversed(found))
            found[last] += f"\n{line}"
    return found if is_row or any(_is_certain(*pair) for pair in found.items()) else {}


def _is_certain(name: str, value: str) -> bool:
    return name == "tags" or (name in DATE_NAMES and find_day(value) is not None)


def _text_property(properties: dict[str, str]) -> str:
    """Return the text that a row holds in a column instead of on its page."""
    return next(_texts(properties), "")


def _texts(properties: dict[str, str]) -> Iterator[str]:
    return (properties[name] for name in TEXT_COLUMNS if properties.get(name, "").strip())


def _heading_day(heading: str) -> Spelled | None:
    day = find_day(heading)
    return day if day and _WEEKDAY.fullmatch(day.before) else None
