from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from afterword_serving.journals.dates import any_date, in_zone, named_date, without_date


@pytest.mark.parametrize(
    ("moment", "zone", "local"),
    [
        ("2026-03-29T22:30:00Z", "Europe/London", "2026-03-29T23:30:00+01:00"),
        ("2026-03-29T00:30:00Z", "Europe/London", "2026-03-29T00:30:00+00:00"),
        ("2025-10-26T00:30:00Z", "Europe/London", "2025-10-26T01:30:00+01:00"),
        ("2025-10-26T01:30:00Z", "Europe/London", "2025-10-26T01:30:00+00:00"),
        ("2026-01-01T02:00:00Z", "America/Lima", "2025-12-31T21:00:00-05:00"),
        ("2026-01-01T02:00:00Z", None, "2026-01-01T02:00:00+00:00"),
        ("2026-01-01T02:00:00", "Asia/Kolkata", "2026-01-01T07:30:00+05:30"),
    ],
)
def test_a_moment_is_shown_as_the_writers_clock_showed_it(moment, zone, local):
    when = in_zone(moment, zone)

    assert when.written_at.isoformat() == local
    assert when.local_date.isoformat() == local[:10]
    assert when.notice is None


def test_an_all_day_entry_has_the_writers_day_and_no_time():
    when = in_zone("2024-04-16T23:00:00Z", "Europe/Dublin", all_day=True)

    assert (when.written_at, when.local_date) == (None, date(2024, 4, 17))


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "Europe/London\x00", 7])
def test_a_zone_nobody_knows_means_utc(zone):
    when = in_zone("2026-01-01T12:00:00Z", zone)

    assert when.written_at == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert when.notice == ("bad_time_zone" if zone else None)


@pytest.mark.parametrize("moment", [None, "", "soon", 5, "2026-13-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_moment_that_cannot_be_one(moment):
    assert in_zone(moment, "Pacific/Kiritimati").notice == "bad_date"


@pytest.mark.parametrize(
    ("value", "written_at", "day"),
    [
        ("2026-04-02", None, "2026-04-02"),
        ("20260402", None, "2026-04-02"),
        (20260402, None, "2026-04-02"),
        ("2026-04-02T20:30:00", "2026-04-02T20:30:00", "2026-04-02"),
        ("2026-04-02T00:00:00", None, "2026-04-02"),
        ("2010-10-26T15:47:53.48828", "2010-10-26T15:47:53.488280", "2010-10-26"),
        ("2026-04-02 20:30", "2026-04-02T20:30:00", "2026-04-02"),
        ("2026-04-02T20:30:00+02:00", "2026-04-02T20:30:00+02:00", "2026-04-02"),
        ("2026-04-02T20:30:00Z", "2026-04-02T20:30:00+00:00", "2026-04-02"),
        (202604021830, "2026-04-02T18:30:00", "2026-04-02"),
        ("20260402183005", "2026-04-02T18:30:05", "2026-04-02"),
        ("April 2, 2026", None, "2026-04-02"),
        ("Thursday, 2 April 2026", None, "2026-04-02"),
        ("2026/04/02", None, "2026-04-02"),
        ("2 April 2026 at 20:30", "2026-04-02T20:30:00", "2026-04-02"),
        (1775152800, "2026-04-02T18:00:00+00:00", "2026-04-02"),
        (1775152800000, "2026-04-02T18:00:00+00:00", "2026-04-02"),
        (1775152800.5, "2026-04-02T18:00:00.500000+00:00", "2026-04-02"),
        (date(2026, 4, 2), None, "2026-04-02"),
        (datetime(2026, 4, 2, 23), "2026-04-02T23:00:00", "2026-04-02"),
        (datetime(2026, 4, 2), None, "2026-04-02"),
        (datetime(2026, 4, 2, 23, tzinfo=timezone(timedelta(hours=2))), "2026-04-02T23:00:00+02:00", "2026-04-02"),
    ],
)
def test_dates_in_cells(value, written_at, day):
    when = any_date(value)

    assert (when.written_at.isoformat() if when.written_at else None) == written_at
    assert when.local_date.isoformat() == day


@pytest.mark.parametrize(
    "value",
    [
        *("02/04/2026", "02.04.2026", "last week", True, [1], {}, "99999999999999999", "20260402118", 999999999999),
        *("2026/04/02 to 2026/04/05", "room 2, 2 April 2026", "2 April 2026 25:00"),
    ],
)
def test_what_is_no_date_is_said_to_be_none(value):
    assert any_date(value).notice == "bad_date"


@pytest.mark.parametrize("value", [None, ""])
def test_no_date_is_no_fault(value):
    assert any_date(value).notice is None


@pytest.mark.parametrize(
    ("name", "day", "notice"),
    [
        ("2026-04-02", date(2026, 4, 2), None),
        ("2026-04-02 Group", date(2026, 4, 2), None),
        ("Group 20260402", date(2026, 4, 2), None),
        ("02-04-2026", None, "ambiguous_date"),
        ("2026-44-02", None, None),
        ("client 120260402", None, None),
        ("Group", None, None),
    ],
)
def test_dates_in_file_names(name, day, notice):
    when = named_date(name)

    assert (when.local_date, when.notice) == (day, notice)


@pytest.mark.parametrize(("name", "title"), [("2026-04-02 - Group", "Group"), ("2026-04-02", ""), ("Group", "Group")])
def test_a_name_without_its_date(name, title):
    assert without_date(name) == title
