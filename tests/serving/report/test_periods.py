from datetime import date, timedelta

import pytest

from afterword_serving.report.bucket import Bucket
from afterword_serving.report.periods import LIMIT, fold


def days(*found):
    return {day.toordinal(): Bucket(labels=[1, 0, 0]) for day in found}


def every(step, count, first=date(2024, 1, 1)):
    return days(*(first + timedelta(days=step * n) for n in range(count)))


@pytest.mark.parametrize(
    ("found", "unit", "periods"),
    [
        (days(date(2026, 3, 4)), "week", 1),
        (every(7, LIMIT), "week", LIMIT),
        (every(7, LIMIT + 30), "month", 32),
        (every(100, 80), "year", 22),
        (days(date.min, date.max), "year", 1),
    ],
)
def test_the_finest_unit_that_fits(found, unit, periods):
    timeline = fold(found)

    assert (timeline.unit, len(timeline.periods)) == (unit, periods)


def test_weeks_begin_on_monday_and_empty_ones_have_their_place():
    timeline = fold(days(date(2026, 3, 1), date(2026, 3, 17)))

    assert [period.start for period in timeline.periods] == [
        date(2026, 2, 23), date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16),
    ]  # fmt: skip
    assert [period.bucket.entries for period in timeline.periods] == [1, 0, 0, 1]


@pytest.mark.parametrize("wrong", [date(1970, 1, 1), date(2099, 1, 1)])
def test_a_wrong_date_does_not_press_the_others_into_a_corner(wrong):
    timeline = fold(every(2, 100) | days(wrong))

    assert (timeline.unit, timeline.outside) == ("week", 1)
    assert sum(period.bucket.entries for period in timeline.periods) == 100


def test_nothing_is_lost_in_folding():
    for found in (every(1, 900), every(40, 300), every(400, 250)):
        timeline = fold(found)
        inside = sum(period.bucket.entries for period in timeline.periods)
        assert inside + timeline.outside == len(found)
        assert len(timeline.periods) <= LIMIT


def test_no_day_is_no_period():
    assert fold({}).periods == ()
