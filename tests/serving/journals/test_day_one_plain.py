from datetime import date

import pytest

from afterword_serving.entry import Entry, Notice, Skip

EXPORT = """\tDate:\tMarch 29, 2026 at 11:30:00 PM GMT+1
\tWeather:\t7\u00b0C Hail
\tLocation:\tSecret Street, Leeds
\tTags:\twork, supervision

# Tuesday group

I cut in too early \\- again\\.


\tDate:\t30 March 2026 at 10:00:00 BST

I keep replaying it.
\tNote:\tthis line is mine.


\tDate:\tMarch 30, 2026
\tPhoto:\t1.jpg


"""


def test_the_export(lay, read):
    first, second, third = read(lay("Journal.txt", EXPORT))

    assert (first.text, first.title) == ("I cut in too early - again.", "Tuesday group")
    assert (first.local_date, first.written_at, first.tz) == (date(2026, 3, 29), None, None)
    assert (first.tags, first.id, first.source.format) == (("work", "supervision"), "Journal.txt#1", "day-one-text")
    assert second.text == "I keep replaying it.\n\tNote:\tthis line is mine."
    assert (second.local_date, str(second.source)) == (date(2026, 3, 30), "Journal.txt, entry 2")
    assert third == Skip("media_only", "Journal.txt, entry 3")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("blank", ["", "\n", "\n\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_beginnings_and_line_ends(lay, read, newline, blank, encoding):
    data = (blank + EXPORT).replace("\n", newline).encode(encoding)

    items = read(lay("Journal", data))

    assert [item.text for item in items if isinstance(item, Entry)] == [
        "I cut in too early - again.",
        "I keep replaying it.\n\tNote:\tthis line is mine.",
    ]


def test_places_and_weather_are_not_read(lay, read):
    found = repr(read(lay("Journal.txt", EXPORT)))

    assert "Secret" not in found
    assert "Hail" not in found


def test_the_export_in_a_zip(lay, texts, zipped):
    assert len(texts(lay("a.zip", zipped({"Journal.txt": EXPORT, "photos/1.jpg": b"\xff\xd8\xff"})))) == 2


@pytest.mark.parametrize(("when", "notice"), [("Canary", "bad_date"), ("03/04/2026", "ambiguous_date")])
def test_an_unreadable_date_keeps_the_entry(lay, read, when, notice):
    items = read(lay("a.txt", f"\tDate:\t{when}\n\nKept.\n\tDate:\t30 March 2026\n\nNext.\n"))

    assert items[0] == Notice(notice, "a.txt, entry 1")
    assert [item.text for item in items[1:]] == ["Kept.", "Next."]
    assert "Canary" not in str(items[0])


def test_an_entry_without_words_is_empty(lay, read):
    items = read(lay("a.txt", "\tDate:\t30 March 2026\n\n\tDate:\t31 March 2026\n\nKept.\n"))

    assert items[0] == Skip("empty", "a.txt, entry 1")
    assert items[1].text == "Kept."


def test_a_date_line_later_in_a_text_is_plain_text(lay, read):
    (found,) = read(lay("a.txt", "Mine.\n\tDate:\t30 March 2026\n"))

    assert found.source.format == "text"


def test_an_entry_too_large_does_not_end_the_file(lay, read, monkeypatch):
    monkeypatch.setattr("afterword_serving.journals.day_one_plain.LARGEST_WHOLE", 50)
    text = f"\tDate:\t30 March 2026\n\n{'word ' * 20}\n\tDate:\t31 March 2026\n\nKept.\n"

    skip, found = read(lay("a.txt", text))

    assert (skip.reason, skip.where, found.text) == ("too_large", "a.txt, entry 1", "Kept.")
