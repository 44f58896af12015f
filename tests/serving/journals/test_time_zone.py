"""`--timezone`: the writer's clock where a journal tells a time without its zone."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from afterword_serving.cli import main
from afterword_serving.journals.dates import When, at_clock


def when(read, path, **options):
    (entry,) = read(path, **options)
    return entry.written_at and entry.written_at.isoformat(), entry.local_date and entry.local_date.isoformat()


DAYLIO = (
    "full_date,date,weekday,time,mood,activities,note_title,note\n"
    "2026-01-10,January 10,Saturday,{},good,,,A long day.\n"
)


@pytest.mark.parametrize(
    ("name", "content", "without", "within"),
    [
        ("a.jsonl", '{"text": "A long day.", "date": "2026-01-10T20:30:00"}', None, "2026-01-10T20:30:00+11:00"),
        ("a.jsonl", '{"text": "A long day.", "date": "2026-01-10"}', None, None),
        ("a.csv", "text,date\nA long day.,2026-01-10T00:00:00\n", None, None),
        ("a.md", "---\ndate: 2026-01-10 20:30\n---\nA long day.", None, "2026-01-10T20:30:00+11:00"),
        ("daylio.csv", DAYLIO.format("8:30 pm"), None, "2026-01-10T20:30:00+11:00"),
        ("daylio.csv", DAYLIO.format("20:30"), None, "2026-01-10T20:30:00+11:00"),
        ("daylio.csv", DAYLIO.format("late"), None, None),
        ("jrnl.txt", "[2026-01-10 08:30:00 PM] Home.\nA long day.\n", None, "2026-01-10T20:30:00+11:00"),
        (
            "a.jsonl",
            '{"text": "A long day.", "date": "2026-01-09T23:30:00Z"}',
            "2026-01-09T23:30:00+00:00",
            "2026-01-10T10:30:00+11:00",
        ),
        (
            "a.jsonl",
            '{"text": "A long day.", "date": "2026-01-10T20:30:00+02:00"}',
            "2026-01-10T20:30:00+02:00",
            "2026-01-10T20:30:00+02:00",
        ),
    ],
)
def test_a_time_without_its_zone(lay, read, name, content, without, within):
    path = lay(name, content)

    day = (without or within or "2026-01-10")[:10]
    assert when(read, path) == (without, day)
    assert when(read, path, timezone="Australia/Sydney") == (within, "2026-01-10")


def test_a_journal_that_tells_its_zone_is_not_moved(lay, read):
    entries = [
        {"uuid": "A", "creationDate": "2026-01-10T20:30:00Z", "timeZone": "Europe/London", "text": "A long day."}
    ]
    path = lay("Journal.json", json.dumps({"metadata": {"version": "1.0"}, "entries": entries}))

    assert when(read, path, timezone="Australia/Sydney") == ("2026-01-10T20:30:00+00:00", "2026-01-10")


def test_a_clock_without_a_day_is_nothing():
    assert at_clock(When(notice="bad_date"), "20:30") == When(notice="bad_date")
    assert at_clock(When(local_date=date(2026, 1, 10)), "25:99").written_at is None


def test_a_zone_nobody_knows_is_refused(lay):
    path = lay("a.jsonl", '{"text": "A long day."}')

    done = CliRunner().invoke(main, ["classify", str(path), "--timezone", "Mars/Olympus"])

    assert done.exit_code == 2
    assert "There is no time zone Mars/Olympus. Name it by area and city" in done.stderr
