"""One text that holds many entries, cut where its writer drew lines or put dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from afterword_serving.journals.reader import Split

_RULE = re.compile(r"(?m)^[ \t]*(?:-{3,}|\*{3,}|_{3,}|={3,})[ \t]*\r?$")
_DATE_HEADING = re.compile(
    r"(?m)^[ \t]*(?P<hash>#{1,6}[ \t]+)?"
    r"(?P<date>\d{4}-\d{2}-\d{2}|[A-Z][a-z]+ \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]+ \d{4})\b"
    r"[ \t]*[-:,\u2013\u2014]?[ \t]*(?P<rest>[^\n]*)$"
)
_SPELLINGS = ("%Y-%m-%d", "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text that is an entry by itself."""

    text: str
    day: date | None = None
    title: str | None = None


def split_text(text: str, how: Split) -> Iterator[Piece]:
    """Yield the entries of `text` in order; text before the first date is an entry without one."""
    if how == "whole":
        yield Piece(text)
    elif how == "rules":
        yield from (Piece(part) for part in _RULE.split(text) if part.strip())
    else:
        yield from _at_dates(text.replace("\r\n", "\n"))


def _at_dates(text: str) -> Iterator[Piece]:
    heads = [(match, day) for match in _DATE_HEADING.finditer(text) if (day := _day(match["date"]))]
    before = text[: heads[0][0].start()] if heads else text
    if before.strip():
        yield Piece(before)
    ends = [match.start() for match, _ in heads[1:]] + [len(text)] if heads else []
    for (match, day), end in zip(heads, ends, strict=True):
        title = match["rest"] if match["hash"] else ""
        yield Piece(text[match.end() if title else match.start("rest") : end], day, title or None)


def _day(spelled: str) -> date | None:
    for spelling in _SPELLINGS:
        try:
            return datetime.strptime(spelled.replace(",", ""), spelling).date()
        except ValueError:
            continue
    return None
