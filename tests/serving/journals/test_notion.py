from datetime import date

import pytest

from afterword_serving.entry import Entry, Notice, Skip
from afterword_serving.journals.notion_page import dated_pieces, read_page, words_of
from afterword_serving.journals.split import Piece

ID, TABLE_ID, OTHER_ID = "0a1b2c3d" * 4, "1a2b3c4d" * 4, "2a3b4c5d" * 4
ROOT = "Export-11111111-2222-3333-4444-555555555555"
PAGE = f"Session notes {ID}.md"
ROW = """# Session notes

Date: April 2, 2026 8:45 AM
Tags: work, supervision

I can't believe I missed it. A good therapist would have seen it.
"""
TABLE = '\ufeffName,Date,Tags\r\nSession notes,"April 2, 2026 8:45 AM",work\r\n'
TEXT = "I can't believe I missed it. A good therapist would have seen it."


def table_export(**more):
    folder = f"{ROOT}/Journal {TABLE_ID}"
    return {
        f"{folder}/{PAGE}": ROW,
        f"{folder}.csv": TABLE,
        f"{folder}_all.csv": TABLE,
        f"{ROOT}/Home {OTHER_ID}.md": f"# Home\n\n[Journal](Journal%20{TABLE_ID}.csv)\n",
        **more,
    }


def entries(items):
    return [item for item in items if isinstance(item, Entry)]


@pytest.mark.parametrize("nested", [True, False])
def test_the_export_as_the_app_writes_it(lay, read, zipped, nested):
    data = zipped(table_export())
    if nested:
        data = zipped({f"{ROOT}-Part-1.zip": data, f"{ROOT}-Part-2.zip": zipped({f"{ROOT}/pic.png": b"\x89PNG"})})

    items = read(lay("notion.zip", data))

    (found,) = entries(items)
    assert (found.text, found.title, found.id) == (TEXT, "Session notes", ID)
    assert (found.local_date, found.written_at, found.tags) == (date(2026, 4, 2), None, ("work", "supervision"))
    assert found.source.format == "notion"
    assert [item.reason for item in items if isinstance(item, Skip)] == ["empty"]


def test_parts_are_all_read(lay, texts, zipped):
    parts = {
        f"{ROOT}-Part-{number}.zip": zipped({f"{ROOT}/A {number:032x}.md": f"# A\n\nPart {number}."})
        for number in (1, 2)
    }

    assert texts(lay("notion.zip", zipped(parts))) == ["Part 1.", "Part 2."]


@pytest.mark.parametrize("split", [("page", "table"), ("table", "page")])
def test_a_table_in_another_part_than_its_pages_is_not_read_again(lay, read, zipped, split):
    page = {name: text for name, text in table_export().items() if name.endswith(PAGE)}
    rest = {name: text for name, text in table_export().items() if not name.endswith(PAGE)}
    of = {"page": page, "table": rest}
    parts = {f"{ROOT}-Part-{number}.zip": zipped(of[name]) for number, name in enumerate(split, 1)}

    (found,) = entries(read(lay("notion.zip", zipped(parts))))

    assert (found.id, found.text, found.tags) == (ID, TEXT, ("work", "supervision"))


def test_a_damaged_part_costs_the_others_nothing(lay, read, zipped):
    parts = {f"{ROOT}-Part-1.zip": zipped(table_export()), f"{ROOT}-Part-2.zip": b"PK\x03\x04 cut short"}

    items = read(lay("notion.zip", zipped(parts)))

    assert [item.id for item in entries(items)] == [ID]
    assert "unreadable" in [item.reason for item in items if isinstance(item, Skip)]


def test_a_folder_and_its_zip_and_the_page_alone_say_the_same(lay, read, zipped, tmp_path):
    for name, content in table_export().items():
        lay(f"n/{name}", content)

    from_folder = entries(read(tmp_path / "n"))
    from_zip = entries(read(lay("n.zip", zipped(table_export()))))
    alone = entries(read(tmp_path / "n" / ROOT / f"Journal {TABLE_ID}" / PAGE))

    assert [[(item.id, item.text) for item in found] for found in (from_folder, from_zip, alone)] == [[(ID, TEXT)]] * 3


def test_a_zip_among_other_files_reads_no_row_twice(lay, texts, zipped, tmp_path):
    lay("f/notion.zip", zipped({f"{ROOT}-Part-1.zip": zipped(table_export())}))
    lay("f/z.md", "Two.")

    assert texts(tmp_path / "f") == [TEXT, "Two."]


@pytest.mark.parametrize("folder", [f"Journal {TABLE_ID}", "Journal"])
def test_folders_with_and_without_an_id(lay, read, zipped, folder):
    content = {f"{folder}/{PAGE}": ROW.replace("Tags:", "Odd one:"), f"Journal {TABLE_ID}.csv": TABLE}

    (found,) = read(lay("n.zip", zipped(content)))

    assert (found.text, found.local_date) == (TEXT, date(2026, 4, 2))


def test_a_table_without_its_pages_is_read_once_and_whole(lay, read, zipped):
    visible = "\ufeffName,Note\r\nOne,I cut in.\r\n"
    full = "\ufeffName,Note,Date\r\nOne,I cut in.,2026-04-02\r\n"

    items = read(lay("n.zip", zipped({f"J {TABLE_ID}.csv": visible, f"J {TABLE_ID}_all.csv": full})))

    assert [(item.text, item.local_date, item.source.format) for item in items] == [
        ("I cut in.", date(2026, 4, 2), "csv")
    ]


def test_a_table_alone_and_one_given_by_name_are_read(lay, texts, zipped):
    table = "\ufeffName,Note\r\nOne,I cut in.\r\n"

    assert texts(lay("n.zip", zipped({f"J {TABLE_ID}.csv": table}))) == ["I cut in."]
    assert texts(lay(f"J {TABLE_ID}.csv", table)) == ["I cut in."]


def test_a_page_of_no_table_keeps_lines_that_look_like_properties(lay, read, zipped):
    page = "# Group\n\nNote: I should have waited.\nPlan: two breaths.\n"

    (found,) = read(lay("n.zip", zipped({f"Group {ID}.md": page})))

    assert found.text == "Note: I should have waited.\nPlan: two breaths."


@pytest.mark.parametrize(
    ("markdown", "is_row", "properties", "body"),
    [
        (ROW.strip(), True, {"date": "April 2, 2026 8:45 AM", "tags": "work, supervision"}, TEXT),
        (ROW.strip(), False, {"date": "April 2, 2026 8:45 AM", "tags": "work, supervision"}, TEXT),
        ("# T\n\nMood: low\n\nWords.", True, {"mood": "low"}, "Words."),
        ("# T\n\nMood: low\n\nWords.", False, {}, "Mood: low\n\nWords."),
        ("# T\n\nDate: a day to forget\n\nWords.", False, {}, "Date: a day to forget\n\nWords."),
        ("# T\n\nDate: April 2, 2026\nI sat there.", False, {}, "Date: April 2, 2026\nI sat there."),
        ("# T\n\nAim: a\nb\nMood: low\n\nWords.", True, {"aim": "a\nb", "mood": "low"}, "Words."),
        ("# T\n\nWords first\nMood: low\n\nMore.", True, {}, "Words first\nMood: low\n\nMore."),
        ("# T\n\nMood:\n\nWords.", True, {"mood": ""}, "Words."),
        ("# T\n\nMood: low\nReflection: I should\nhave known.", True, None, "I should\nhave known."),
        ("# T\n\nMood: low", True, {"mood": "low"}, ""),
        ("# T", True, {}, ""),
        ("No title.", True, {}, "No title."),
    ],
)
def test_where_properties_end_and_words_begin(markdown, is_row, properties, body):
    page = read_page(markdown, is_row=is_row)

    assert page.body.strip() == body
    assert properties is None or page.properties == properties


@pytest.mark.parametrize(
    ("page", "day"),
    [
        ("# T\n\nDate: April 2, 2026 8:45 AM\n\nWords.", date(2026, 4, 2)),
        ("# T\n\nCreated: April 2, 2026 8:45 AM\n\nWords.", date(2026, 4, 2)),
        ("# T\n\nCreated: April 1, 2026\nDate: 2026/04/02\n\nWords.", date(2026, 4, 2)),
        ("# T\n\nDate: April 2, 2026 \u2192 April 5, 2026\n\nWords.", date(2026, 4, 2)),
        ("# @April 2, 2026\n\nWords.", date(2026, 4, 2)),
        ("# April 1, 2026\n\nDate: April 2, 2026\n\nWords.", date(2026, 4, 2)),
        ("# T\n\nWords of April 2, 2026.", None),
    ],
)
def test_the_day_is_that_of_a_property_then_of_the_title(lay, read, page, day):
    (found,) = read(lay(PAGE, page))

    assert (found.local_date, found.text.split(" ")[0].strip(".")) == (day, "Words")


@pytest.mark.parametrize(("value", "notice"), [("02/04/2026", "ambiguous_date"), ("canary", "bad_date")])
def test_a_day_that_cannot_be_read_keeps_the_page(lay, read, zipped, value, notice):
    page = f"# T\n\nDate: {value}\n\nWords."

    first, second = read(lay("n.zip", zipped({f"J {TABLE_ID}/{PAGE}": page, f"J {TABLE_ID}.csv": "Name\r\n"})))

    assert first == Notice(notice, f"n.zip/J {TABLE_ID}/{PAGE}")
    assert second.text == "Words."


def test_one_page_may_hold_a_whole_diary(lay, read):
    page = (
        "# Diary\n\nWhy I keep this.\n\n# October 4, 2026 \u2014 Group\nOne.\n\n## Plan\nWait.\n\n"
        "# Monday, 5 October 2026\n\nTwo.\n\n# What I learned on 6 October 2026\nThree."
    )

    items = read(lay(PAGE, page))

    assert [(item.text, item.local_date, item.title, item.id) for item in items] == [
        ("Why I keep this.", None, "Diary", f"{ID}#1"),
        ("One.\n\n## Plan\nWait.", date(2026, 10, 4), "Group", f"{ID}#2"),
        ("Two.\n\n# What I learned on 6 October 2026\nThree.", date(2026, 10, 5), "Diary", f"{ID}#3"),
    ]
    assert str(items[1].source).endswith(", entry 2")


@pytest.mark.parametrize(
    ("body", "pieces"),
    [
        ("Words.", [Piece("Words.")]),
        ("", [Piece("")]),
        ("# 2026-10-04\nOne.", [Piece("One.", date(2026, 10, 4))]),
        ("2026-10-04 was long.", [Piece("2026-10-04 was long.")]),
    ],
)
def test_headings_that_are_days_part_a_body(body, pieces):
    assert dated_pieces(body) == pieces


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("[Sub page](Sub%20page%200a1b.md)\nWords.", "Words."),
        ("See [it](https://example.org/a) now.", "See it now."),
        ("![pic](Group/pic.png)\nWords.", "\nWords."),
        ("<aside>\n\U0001f4a1 Words.\n\n</aside>", "\U0001f4a1 Words.\n\n"),
        ("<details>\n<summary>More</summary>\nWords.\n</details>", "More\nWords.\n"),
        ("- [ ] ring her\n- [x] done", "- ring her\n- done"),
    ],
)
def test_what_the_app_adds_goes_and_the_words_stay(body, words):
    assert words_of(body).strip() == words.strip()


def test_windows_line_ends_and_a_mark(lay, read):
    (found,) = read(lay(PAGE, b"\xef\xbb\xbf" + ROW.replace("\n", "\r\n").encode()))

    assert (found.text, found.local_date) == (TEXT, date(2026, 4, 2))


def test_the_title_is_whole_though_the_name_is_cut(lay, read):
    (found,) = read(lay(f"A very long na {ID}.md", "# A very long name indeed\n\nWords."))

    assert found.title == "A very long name indeed"


@pytest.mark.parametrize(("split", "count"), [("rules", 2), ("dates", 2), ("whole", 1)])
def test_the_user_may_say_how_to_cut(lay, read, split, count):
    assert len(read(lay(PAGE, "# T\n\nOne.\n\n---\n\n2026-10-04 Two."), split=split)) == count


def test_a_page_named_otherwise_is_plain_markdown(lay, read):
    (found,) = read(lay("Session notes.md", ROW))

    assert found.source.format == "markdown"


@pytest.mark.parametrize("page", ["# Only a title", "# T\n\n[a](a.md)", "#"])
def test_a_page_without_words_is_empty(lay, read, page):
    assert read(lay(PAGE, page)) == [Skip("empty", PAGE)]


def test_a_page_too_large(lay, read, monkeypatch):
    monkeypatch.setattr("afterword_serving.journals.source.LARGEST_WHOLE", 10)

    assert [item.reason for item in read(lay(PAGE, ROW))] == ["too_large"]
