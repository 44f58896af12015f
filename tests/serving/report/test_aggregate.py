import tracemalloc
from datetime import date, timedelta

import pytest
from tests.serving.report.pages import gathered, row

from afterword_model import Label, Marker
from afterword_serving.report.aggregate import Aggregate, Run


def test_everything_is_counted_once():
    aggregate = gathered([row("reflection"), row("rumination", sure=False), row("neither"), row("neither")])

    assert aggregate.total.labels == [1, 1, 2]
    assert aggregate.total.shares == [0.25, 0.25, 0.5]
    assert aggregate.total.unsure_share == 0.25


def test_what_is_not_known_is_counted_as_not_known():
    aggregate = gathered([row(day=None), row(), row(time="08:00+00:00"), row(time="09:00+00:00", local_date=None)])

    assert (aggregate.undated, aggregate.untimed) == (1, 2)
    assert aggregate.span == (date(2026, 3, 2), date(2026, 3, 2))


def test_lean_leaves_entries_about_neither_nearly_aside():
    alone = gathered([row("reflection")]).total.lean
    among = gathered([row("reflection"), *[row("neither")] * 2]).total.lean

    assert alone == pytest.approx(8 / 9)
    assert among == pytest.approx(0.9 / 1.1)
    assert Aggregate().total.lean is None


def test_day_and_hour_are_those_of_the_writers_clock():
    aggregate = gathered([row("rumination", "2026-03-01", "23:10-08:00"), row("neither", "2026-03-02", "06:59+02:00")])

    assert {hour: bucket.labels for hour, bucket in aggregate.hours.items()} == {23: [0, 1, 0], 6: [0, 0, 1]}
    assert [aggregate.weekdays[day].entries for day in range(7)] == [1, 0, 0, 0, 0, 0, 1]


def test_weekdays_are_those_of_the_calendar():
    days = [date(2026, 3, 2) + timedelta(days=n) for n in range(7)]
    for day in days:
        weekdays = gathered([row(day=day.isoformat())]).weekdays
        assert [place for place in range(7) if weekdays[place].entries] == [day.weekday()]


def test_a_marker_counts_once_an_entry():
    spans = [("self_verdict", 0, 3), ("self_verdict", 5, 8), ("next_step", 9, 12)]

    assert gathered([row(spans=spans), row(spans=spans[:1])]).markers == {Marker.SELF_VERDICT: 2, Marker.NEXT_STEP: 1}


def test_runs_follow_the_calendar_and_not_the_order_of_reading():
    days = [
        (4, "reflection"),
        (1, "rumination"),
        (3, "rumination"),
        (2, "rumination"),
        (6, "neither"),
        (5, "reflection"),
    ]
    aggregate = gathered([*[row(label, f"2026-03-0{day}") for day, label in days], row("neither", None)])

    assert aggregate.longest_runs() == [
        Run(Label.REFLECTION, 2, date(2026, 3, 4), date(2026, 3, 5)),
        Run(Label.RUMINATION, 3, date(2026, 3, 1), date(2026, 3, 3)),
    ]


def test_entries_of_one_minute_keep_their_order():
    labels = ["neither", "reflection", "neither", "reflection"]

    assert gathered([row(label) for label in labels]).longest_runs() == []


def test_of_one_day_the_earlier_hour_comes_first():
    hours = [("reflection", "20"), ("neither", "09"), ("reflection", "21"), ("neither", "10")]

    runs = gathered([row(label, time=f"{hour}:00+00:00") for label, hour in hours]).longest_runs()

    assert [(run.label, run.length) for run in runs] == [(Label.REFLECTION, 2), (Label.NEITHER, 2)]


def test_steps_are_those_of_reflection_and_what_lacks_one_is_rumination():
    spans = [("next_step", 0, 4)]
    rows = [row("reflection", id="a", spans=spans), row("reflection", id="b"), row("rumination", id="c", spans=spans)]
    aggregate = gathered([*rows, row("neither", id="d", spans=spans)])

    assert [mention.id for mention in aggregate.steps] == ["a", "b"]
    assert [mention.id for mention in aggregate.without_step] == ["c"]
    assert aggregate.wordless_steps == 1


def test_memory_does_not_grow_with_the_journal():
    aggregate = Aggregate(include_text=True)
    day = date(2000, 1, 1)
    tracemalloc.start()
    try:
        for n in range(6_000):
            text = f"{n} " + "I go over it and over it. " * 80
            when = (day + timedelta(days=n)).isoformat()
            aggregate.add(row("rumination", when, id=f"e{n}", title="T", text=text))
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert aggregate.total.entries == 6_000
    assert kept < 4_000_000  # the texts alone are 12 MB
