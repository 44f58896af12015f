import json
from datetime import date

import pytest

from afterword_serving.entry import Entry, Notice, Skip

CANARY = "xylophone"
TEXT = """[2026-04-02 08:30:00 PM] Froze in the group. *
Ask Ana for her opening line. @work @Team

[2026-04-03 09:15] Kept thinking [2026-04-01 10:00] was my fault.
[not a date] stays.

[2026-04-04 10:00 AM] Only a title
"""


def entry(**fields):
    base = {"title": "Froze.", "body": "Ask Ana.", "date": "2026-04-02", "time": "20:30"}
    return {**base, "tags": ["@work"], "starred": False, **fields}


def export(*entries, tags=None):
    return json.dumps({"tags": {"@work": 1} if tags is None else tags, "entries": list(entries)}, indent=2)


def test_the_json_export(lay, read):
    (found,) = read(lay("journal.json", export(entry())))

    assert (found.text, found.title) == ("Froze.\nAsk Ana.", None)
    assert (found.tags, found.local_date, found.written_at) == (("work",), date(2026, 4, 2), None)
    assert found.id == "2026-04-02 20:30"
    assert (found.source.format, str(found.source)) == ("jrnl", "journal.json, entry 1")


def test_the_text_form(lay, read):
    first, second, third = read(lay("journal.txt", TEXT))

    assert first.text == "Froze in the group.\nAsk Ana for her opening line. @work @Team"
    assert (first.tags, first.local_date, first.id) == (("work", "team"), date(2026, 4, 2), "2026-04-02 08:30:00 PM")
    assert second.text == "Kept thinking [2026-04-01 10:00] was my fault.\n[not a date] stays."
    assert (third.text, third.local_date) == ("Only a title", date(2026, 4, 4))
    assert (first.source.format, str(third.source)) == ("jrnl", "journal.txt, entry 3")


@pytest.mark.parametrize(
    "text",
    [
        "[2026-04-02 08:30 PM] Kept.",
        "[2026-04-02 8:30] Kept.\r\n",
        "\ufeff\n[2026-04-02 20:30:59] Kept.\n",
        "[2026-04-02 08:30 p.m.]\nKept.",
        export(entry(title="Kept.", body="")),
        export(entry(title="Kept.", body=""), tags={}),
        export(entry(title="Kept.", body=""), tags={f"@tag{number}": 1 for number in range(2000)}),
        json.dumps({"entries": [entry(title="Kept.", body="")]}),
    ],
)
def test_it_is_told_by_content(lay, read, text):
    (found,) = read(lay("download", text))

    assert (found.source.format, found.text, found.local_date) == ("jrnl", "Kept.", date(2026, 4, 2))


@pytest.mark.parametrize("text", ["[2026-04-02] Kept.", "On [2026-04-02 08:30 PM] Kept.", "2026-04-02 08:30 Kept."])
def test_other_texts_are_not_taken_for_it(lay, read, text):
    (found,) = read(lay("a.txt", text))

    assert (found.source.format, found.text) == ("text", text)


def test_ids_stay_when_an_older_entry_is_added(lay, read):
    new, old = entry(), entry(time="09:00")

    before, after = read(lay("a.json", export(new, new))), read(lay("b.json", export(old, new, new)))

    assert [item.id for item in before] == ["2026-04-02 20:30", "2026-04-02 20:30#2"]
    assert [item.id for item in after[1:]] == [item.id for item in before]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [(CANARY, "bad_row"), (None, "bad_row"), (entry(title="", body=""), "empty"), (entry(title=5, body=[]), "empty")],
)
def test_one_bad_entry_does_not_end_the_file(lay, read, bad, reason):
    found = read(lay("a.json", export(entry(), bad, entry())))

    assert [item.text for item in found if isinstance(item, Entry)] == ["Froze.\nAsk Ana."] * 2
    assert [(item.reason, item.where) for item in found if isinstance(item, Skip)] == [(reason, "a.json, entry 2")]
    assert CANARY not in repr(found)


def test_what_comes_before_a_break_in_the_file_is_kept(lay, read):
    whole = export(entry(), entry(body=CANARY))

    found = read(lay("a.json", whole[: whole.index(CANARY) + 5]))

    assert found[0].text == "Froze.\nAsk Ana."
    assert (found[1].reason, found[1].where) == ("bad_json", "a.json, after entry 1")


@pytest.mark.parametrize("text", [export(entry(date="2026-13-45")), "[2026-13-45 08:30 PM] Froze.\nAsk Ana."])
def test_a_date_that_cannot_be_read_keeps_the_entry(lay, read, text):
    notice, found = read(lay("a", text))

    assert (notice, found.text, found.id) == (Notice("bad_date", "a, entry 1"), "Froze.\nAsk Ana.", "a#1")


def test_a_date_alone_is_an_empty_entry(lay, read):
    items = read(lay("a.txt", "[2026-04-02 08:30 PM]\n\n[2026-04-03 08:30 PM] Kept."))

    assert items[0] == Skip("empty", "a.txt, entry 1")
    assert items[1].text == "Kept."


def test_words_before_the_first_date_are_an_entry(lay, read):
    first, second = read(lay("a.txt", "Before.\n[2026-04-03 08:30 PM] After."), format="jrnl")

    assert (first.text, first.local_date) == ("Before.", None)
    assert (second.text, second.local_date) == ("After.", date(2026, 4, 3))
