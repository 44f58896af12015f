from typing import get_args

import pytest

from afterword_serving.entry import Entry, Notice, NoticeKind, Origin, Skip, SkipReason
from afterword_serving.summary import summarize
from afterword_serving.tally import Tally


def tally_of(*items):
    tally = Tally()
    list(tally.entries_of(items))
    return tally


def test_a_whole_summary():
    tally = tally_of(
        *(Entry(f"e{n}", "x", Origin("day-one", "a.zip/J.json", f"entry {n}")) for n in range(4)),
        Skip("bad_row", "b.csv, row 3", "a quotation mark is missing"),
        Skip("media_only", "a.zip/J.json, entry 9"),
        Notice("encoding_guessed", "b.csv"),
    )
    tally.answers.labels |= {"reflection": 1, "neither": 3}
    tally.answers.sure = 3

    assert summarize(tally).splitlines() == [
        "Read 4 entries (4 Day One).",
        "  reflection       1   25%",
        "  rumination       0    0%",
        "  neither          3   75%",
        "Sure of 3 of 4 (75%). The others could be read either way; your own reading counts.",
        "Left out 1 with pictures, sound or files only:",
        "  a.zip/J.json, entry 9",
        "Left out 1 whose row is broken:",
        "  b.csv, row 3 (a quotation mark is missing)",
        "Please note: 1 was not UTF-8 and was read as Windows-1252: look whether accents are right:",
        "  b.csv",
    ]


def test_one_entry_is_one_entry():
    assert summarize(tally_of(Entry("e", "x", Origin("text", "a")))).startswith("Read 1 entry (1 Plain text).")


def test_nothing_read():
    assert summarize(tally_of()) == "Read 0 entries."


@pytest.mark.parametrize("reason", get_args(SkipReason))
def test_every_reason_has_words(reason):
    lines = summarize(tally_of(*(Skip(reason, f"place {n}") for n in range(7)))).splitlines()

    assert lines[1].startswith("Left out 7 ")
    assert lines[2:] == [*(f"  place {n}" for n in range(5)), "  and 2 more"]


@pytest.mark.parametrize("kind", get_args(NoticeKind))
def test_every_notice_has_words(kind):
    assert summarize(tally_of(Notice(kind, "place"))).splitlines()[-1] == "  place"
