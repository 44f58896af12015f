"""Days as apps spell them out for English readers: `Thursday, 2 April 2026`, `April 2, 2026 8:45 AM`."""

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october") + (
    "november",
    "december",
)
_NUMBERS = {
    **{name: number for number, name in enumerate(_MONTHS, 1)},
    **{name[:3]: number for number, name in enumerate(_MONTHS, 1)},
    "sept": 9,
}
_SPELLINGS = (
    re.compile(r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<month>[A-Za-z]{3,9})\.?,? (?P<year>\d{4})\b"),
    re.compile(r"\b(?P<month>[A-Za-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})\b"),
    re.compile(r"\b(?P<year>\d{4})(?P<mark>[-/])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)"),
)


@dataclass(frozen=True)
class Spelled:
    """A day found in a line, and the line without it."""

    day: date
    before: str
    after: str


def find_day(line: str) -> Spelled | None:
    """Return the first day that `line` spells out, or None; names of months are English."""
    matches = sorted((match for each in _SPELLINGS for match in each.finditer(line)), key=lambda match: match.start())
    for match in matches:
        if day := _day(match):
            return Spelled(day, line[: match.start()], line[match.end() :])
    return None


def _day(match: re.Match[str]) -> date | None:
    named = match["month"].lower()
    try:
        return date(int(match["year"]), int(named) if named.isdecimal() else _NUMBERS.get(named, 0), int(match["day"]))
    except ValueError:
        return None
