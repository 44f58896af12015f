"""Dates as exports write them, with their time zone where it is known."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from afterword_serving.entry import NoticeKind
from afterword_serving.journals.days import find_day

_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?")
_MILLISECONDS = re.compile(r"\d{13}(?:\.\d+)?")
_STAMPS = {12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
"""Day and clock in digits alone, by how many there are: 202604021830."""
_WEEKDAY = re.compile(r"(?:[A-Za-z]+\.?,? )?")
_CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")
_NAMED = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
_AMBIGUOUS = re.compile(r"(?<!\d)\d{1,2}[-._]\d{1,2}[-._]\d{4}(?!\d)")


@dataclass(frozen=True)
class When:
    """What is known about the time of an entry; `notice` says what was wrong with it."""

    written_at: datetime | None = None
    """Naive where a clock is known and its zone is not."""
    local_date: date | None = None
    tz: str | None = None
    notice: NoticeKind | None = None


def in_zone(moment: object, zone: object, *, all_day: bool = False) -> When:
    """Return a moment (ISO 8601 text, UTC unless it says otherwise) as the clock of `zone` (an IANA name) showed it.

    An all-day entry has a day and no time of day.
    """
    known, notice = _zone(zone)
    try:
        parsed = datetime.fromisoformat(str(moment))
        aware = (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(known or UTC)
    except (ValueError, OverflowError):
        return When(notice="bad_date")
    return When(None if all_day else aware, aware.date(), known.key if known else None, notice)


def _zone(name: object) -> tuple[ZoneInfo | None, NoticeKind | None]:
    if not name:
        return None, None
    if not isinstance(name, str):
        return None, "bad_time_zone"
    try:
        return ZoneInfo(name), None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None, "bad_time_zone"


def since_1970(count: object, zone: object = None, *, per_second: int) -> When:
    """Return the moment that many parts of a second after 1970 began, as the clock of `zone` (an IANA name) showed it.

    No count gives no moment.
    """
    if count is None or count == "":
        return When()
    try:
        moment = datetime.fromtimestamp(float(str(count)) / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return When(notice="bad_date")
    return in_zone(moment.isoformat(), zone)


def any_date(value: object) -> When:
    """Return what a cell, a JSON value or a YAML value says about time; midnight without a zone is a day alone."""
    if value is None or value == "":
        return When()
    try:
        return _any_date(value)
    except (ValueError, OverflowError, OSError):
        return When(notice="bad_date")


def _any_date(value: object) -> When:
    if isinstance(value, datetime):
        return _at(value)
    if isinstance(value, date):
        return When(local_date=value)
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValueError("not a date")
    text = str(value).strip()
    if _SECONDS.fullmatch(text) or _MILLISECONDS.fullmatch(text):
        moment = datetime.fromtimestamp(float(text) / (1000 if _MILLISECONDS.fullmatch(text) else 1), UTC)
        return When(moment, moment.date())
    if text.isdecimal() and len(text) != len("20260402"):
        return _at(datetime.strptime(text, _STAMPS.get(len(text), "")))
    try:
        return _at(datetime.fromisoformat(text))
    except ValueError:
        return _spelled(text)


def _spelled(text: str) -> When:
    found = find_day(text)
    if not found or not _WEEKDAY.fullmatch(found.before):
        raise ValueError("not a date")
    clock = found.after.strip(" ,").removeprefix("at ")
    when = at_clock(When(local_date=found.day), clock)
    if clock and not when.written_at:
        raise ValueError("not a date and a clock")
    return when


def _at(moment: datetime) -> When:
    has_time = moment.tzinfo is not None or moment.time() != time.min
    return When(moment if has_time else None, moment.date())


def at_clock(day: When, clock: str) -> When:
    """Return `day` with the time that `clock` shows, as 20:45, 20:45:10 or 8:45 PM; without one where it shows none."""
    for spelling in _CLOCKS:
        try:
            read = datetime.strptime(clock.strip(), spelling).time()
        except ValueError:
            continue
        return replace(day, written_at=datetime.combine(day.local_date, read)) if day.local_date else day
    return day


def known_zone(name: str) -> str:
    """Return the IANA name of the time zone called `name`, as Europe/London.

    Raises:
        ValueError: there is none.
    """
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError) as err:
        raise ValueError("no time zone; one is named by area and city, as Europe/London") from err


def in_users_zone(moment: datetime | None, zone: str | None) -> datetime | None:
    """Return a moment of no known zone as the clock of `zone` showed it.

    That is one in UTC, which an app wrote without saying where; or a clock's time, which is of no use without `zone`.

    Raises:
        OverflowError: there it was the year 0, or is the year 10000.
    """
    if moment is None or (zone is None and moment.tzinfo is None):
        return None
    if zone is None or moment.utcoffset():
        return moment
    return moment.astimezone(ZoneInfo(zone)) if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def named_date(name: str) -> When:
    """Return the day that a file name holds, as 2026-04-02 or 20260402; 02-04-2026 could be two days and gives none."""
    for match in _NAMED.finditer(name):
        try:
            return When(local_date=date(*map(int, match.groups())))
        except ValueError:
            continue
    return When(notice="ambiguous_date") if _AMBIGUOUS.search(name) else When()


def without_date(name: str) -> str:
    """Return a file name without the day it holds."""
    return _NAMED.sub("", name).strip(" -_.")
