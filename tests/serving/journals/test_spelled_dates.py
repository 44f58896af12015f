from datetime import date

import pytest

from afterword_serving.journals.dates import When
from afterword_serving.journals.days import Spelled, find_day
from afterword_serving.journals.spelled_dates import spelled_date


@pytest.mark.parametrize(
    "line",
    [
        "Thursday, 2 April 2026",
        "Thursday, April 2, 2026",
        "April 2, 2026 8:45 AM",
        "@April 2, 2026",
        "2 April 2026 at 19:12:34 GMT+2",
        "Apr 2, 2026",
        "2nd Apr. 2026",
        "2026-04-02",
        "2026/04/02 8:45 AM",
        "April 2, 2026 \u2192 April 5, 2026",
        "room 40 Peril 2026, 2 April 2026",
    ],
)
def test_days_as_apps_spell_them(line):
    assert spelled_date(line) == When(local_date=date(2026, 4, 2))


@pytest.mark.parametrize("month", ["Sep", "Sept", "September", "SEPTEMBER"])
def test_months_long_and_short(month):
    assert spelled_date(f"{month} 3, 2026").local_date == date(2026, 9, 3)


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        ("jeudi 2 avril 2026", "bad_date"),
        ("2 mai 2026", "bad_date"),
        ("April 31, 2026", "bad_date"),
        ("Yesterday", "bad_date"),
        ("", "bad_date"),
        ("02/04/2026", "ambiguous_date"),
        ("2.4.2026", "ambiguous_date"),
    ],
)
def test_what_is_no_day(line, notice):
    assert spelled_date(line) == When(notice=notice)


def test_what_stands_around_a_day():
    assert find_day("Thu, 2 April 2026 - Group") == Spelled(date(2026, 4, 2), "Thu, ", " - Group")
