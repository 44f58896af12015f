from datetime import date

import pytest

from afterword_serving.entry import Entry, Notice, Skip

CANARY = "xylophone"
HEADER = "full_date,date,weekday,time,mood,activities,note_title,note\n"
SAMPLE = (
    HEADER
    + '2026-04-02,April 2,Thursday,8:30 pm,meh,"work | supervision","Group","Why do I always freeze.\n'
    + 'Ask Ana for her opening line."\n'
)
ROW = "2026-04-02,April 2,Thursday,8:30 pm,meh,,,Kept.\n"


def row(note, *, day="2026-04-02", time="8:30 pm", title=""):
    return f'{day},April 2,Thursday,{time},meh,,"{title}","{note}"\n'


def test_the_export_as_the_app_writes_it(lay, read):
    (found,) = read(lay("daylio_export.csv", "\ufeff" + SAMPLE.replace("\n", "\r\n")))

    assert found.text == "Why do I always freeze.\nAsk Ana for her opening line."
    assert (found.title, found.tags, found.local_date) == ("Group", ("work", "supervision"), date(2026, 4, 2))
    assert (found.written_at, found.tz) == (None, None)  # local time of an unknown zone
    assert found.id == "2026-04-02 8:30 pm"
    assert (found.source.format, str(found.source)) == ("daylio", "daylio_export.csv, row 2")


def test_it_is_told_by_its_columns_and_read_by_their_names(lay, read):
    text = "note,Full_Date,mood,scales,activities\nKept.,2026-04-02,good,Sleep: 3,work\n"

    (found,) = read(lay("download", text))

    assert (found.source.format, found.text, found.tags) == ("daylio", "Kept.", ("work",))
    assert found.local_date == date(2026, 4, 2)


def test_a_spreadsheet_may_have_saved_it_again(lay, read):
    (found,) = read(lay("a.csv", ("sep=;\n" + HEADER + ROW).replace(",", ";")))

    assert (found.source.format, found.text) == ("daylio", "Kept.")


def test_a_table_without_its_columns_is_read_as_any_table(lay, read):
    (found,) = read(lay("a.csv", "full_date,note\n2026-04-02,Kept.\n"))

    assert (found.source.format, found.text) == ("csv", "Kept.")


def test_ids_stay_though_new_rows_come_first(lay, read):
    before = read(lay("a.csv", HEADER + ROW + ROW + row("Old.", day="2026-04-01")))
    after = read(lay("b.csv", HEADER + row("New.", day="2026-04-03") + ROW + ROW + row("Old.", day="2026-04-01")))

    assert [item.id for item in before] == ["2026-04-02 8:30 pm", "2026-04-02 8:30 pm#2", "2026-04-01 8:30 pm"]
    assert [item.id for item in after[1:]] == [item.id for item in before]


@pytest.mark.parametrize("time", ["13:48", "8:30 am", "8:30\u202fpm", ""])
def test_times_of_any_spelling(lay, texts, time):
    assert texts(lay("a.csv", HEADER + row("Kept.", time=time))) == ["Kept."]


@pytest.mark.parametrize(
    ("note", "text"),
    [
        ("One.<br>Two.", "One.\nTwo."),
        ("<p>One.</p><p>Two &amp; three.</p>", "One.\n\nTwo & three."),
        ("I <3 it & more", "I <3 it & more"),
        ('Said ""no"".', 'Said "no".'),
    ],
)
def test_notes_of_newer_versions_hold_html(lay, texts, note, text):
    assert texts(lay("a.csv", HEADER + row(note))) == [text]


def test_a_title_alone_is_the_text(lay, read):
    (found,) = read(lay("a.csv", HEADER + row("", title="Froze again.")))

    assert (found.text, found.title) == ("Froze again.", None)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row(""), "empty"),
        (row("<br>"), "empty"),
        ("2026-04-02,April 2,Thursday,8:30 pm,meh\n", "empty"),
        (ROW.rstrip("\n") + f",{CANARY}\n", "bad_row"),
    ],
)
def test_one_row_without_words_does_not_end_the_file(lay, read, bad, reason):
    found = read(lay("a.csv", HEADER + ROW + bad + ROW))

    assert [item.text for item in found if isinstance(item, Entry)] == ["Kept.", "Kept."]
    assert [(item.reason, item.where) for item in found if isinstance(item, Skip)] == [(reason, "a.csv, row 3")]
    assert CANARY not in repr(found)


def test_a_date_that_cannot_be_read_keeps_the_row(lay, read):
    notice, found = read(lay("a.csv", HEADER + row("Kept.", day="Thursday")))

    assert notice == Notice("bad_date", "a.csv, row 2")
    assert (found.text, found.id) == ("Kept.", "a.csv#2")


def test_moods_and_scales_are_not_read(lay, read):
    text = f"full_date,mood,scales,note\n2026-04-02,{CANARY},{CANARY}: 3,Kept.\n"

    assert CANARY not in repr(read(lay("a.csv", text)))


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "\n"])
def test_a_table_forced_to_be_daylio_is_refused(lay, read, text):
    (skip,) = read(lay("a.csv", text), format="daylio")

    assert (skip.reason, skip.detail) == ("no_text_column", "Daylio's columns are full_date, mood, note, and others")
