from datetime import date

import pytest

from afterword_serving.entry import Entry, Notice, Skip, path_digest
from afterword_serving.journals.front_matter import split_front_matter
from afterword_serving.journals.markdown_text import plain_words

NOTE = """---
date: 2026-04-02
tags: [work, supervision]
---
Keep going over it. [[J.|that client]] left early. %%private%%
- [ ] raise it with [[M. Ortiz]] on Friday
"""


def test_a_note(lay, read):
    (found,) = read(lay("2026-04-01 Group.md", NOTE))

    assert found.text == "Keep going over it. that client left early.\n- raise it with M. Ortiz on Friday"
    assert (found.local_date, found.title, found.tags) == (date(2026, 4, 2), "Group", ("work", "supervision"))
    assert (found.id, found.source.format) == ("2026-04-01 Group.md", "markdown")


def test_a_vault(lay, read, tmp_path):
    for name in (
        "b/2026-04-03.md",
        "a.md",
        ".obsidian/workspace.md",
        "templates/t.md",
        "_templates/u.md",
        "x.excalidraw.md",
    ):
        lay(f"vault/{name}", "Some words.")
    lay("vault/.trash/old.md", "Some words.")
    lay("vault/pic.png", b"\x89PNG\r\n\x1a\n\x00")

    items = read(tmp_path / "vault")

    assert [item.id for item in items if isinstance(item, Entry)] == [
        path_digest(path) for path in ("a.md", "b/2026-04-03.md")
    ]
    skips = {(item.reason, item.where) for item in items if isinstance(item, Skip)}
    assert skips == {
        ("trashed", "vault/.trash/old.md"),
        ("template", "vault/templates/t.md"),
        ("template", "vault/_templates/u.md"),
        ("template", "vault/x.excalidraw.md"),
    }


def test_ids_are_the_same_from_a_folder_and_from_a_zip_of_it(lay, read, zipped, tmp_path):
    lay("vault/b/1.md", "One.")

    from_folder = read(tmp_path / "vault")[0].id
    from_zip = read(lay("vault.zip", zipped({"b/1.md": "One."})))[0].id

    assert from_folder == from_zip == path_digest("b/1.md")


def test_front_matter_tells_markdown_whatever_the_name(lay, read):
    assert read(lay("note", NOTE))[0].source.format == "markdown"


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_front_matter_after_a_mark_and_with_windows_line_ends(lay, read, mark, newline):
    (found,) = read(lay("a.md", mark + NOTE.replace("\n", newline).encode()))

    assert found.local_date == date(2026, 4, 2)
    assert found.text.startswith("Keep going")


@pytest.mark.parametrize(
    ("text", "fields", "body"),
    [
        ("---\na: 1\n---\nB", {"a": 1}, "B"),
        ("---\na: 1\n...\nB", {"a": 1}, "B"),
        ("---\n---\nB", {}, "B"),
        ("\n---\na: 1\n---\nB", {}, "\n---\na: 1\n---\nB"),
        ("---\nno end", {}, "---\nno end"),
        ("B\n---\nc", {}, "B\n---\nc"),
        ("---\nDate Created : 5\n---\nB", {"date created": 5}, "B"),
        ("---\na: [1\n---\nB", None, "B"),
        ("---\na: !!python/object/apply:os.system [x]\n---\nB", None, "B"),
    ],
)
def test_where_front_matter_begins_and_ends(text, fields, body):
    assert split_front_matter(text) == (fields, body)


@pytest.mark.parametrize(
    "block",
    [
        "just words",
        "- ask first",
        "# Monday",
        "Monday: I froze again when she cried.\nPlan: next time I ask her first.",
        "Tuesday: quiet day.",
        "Plan:\n- next time I ask her first",
        "Day: I froze again when she cried.",
        "I froze again when she cried: twice",
        "Monday: quiet.\nI asked her first.",
        "Monday: she asked: why again?",
        "'Fine' is what I said.",
    ],
)
def test_words_between_two_rules_are_no_front_matter(block):
    text = f"---\n{block}\n---\nB"

    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    "block",
    [
        "mood: low\nsleep: 5",
        "title: Why I froze again.",
        "tags: work supervision group late",
        "date created: Saturday, April 3rd 2021, 9:03:12 pm\nsummary: I froze again when she cried.",
        "created:\nsummary: I froze again when she cried.",
    ],
)
def test_fields_are_front_matter_whatever_prose_they_hold(block):
    fields, body = split_front_matter(f"---\n{block}\n---\nB")

    assert (len(fields), body) == (len(block.splitlines()), "B")


@pytest.mark.parametrize("name", ["diary.txt", "diary.md"])
def test_a_diary_that_begins_with_a_rule_keeps_its_first_entry(lay, texts, name):
    diary = "---\nMonday: I froze again when she cried.\n---\nTuesday: quiet day.\n---\nWednesday: forms.\n"

    assert texts(lay(name, diary), split="rules") == [
        "Monday: I froze again when she cried.",
        "Tuesday: quiet day.",
        "Wednesday: forms.",
    ]


def test_broken_front_matter_keeps_the_note(lay, read):
    items = read(lay("a.md", "---\ntags: [a\n---\nThe words.\n"))

    assert items[0] == Notice("bad_front_matter", "a.md")
    assert items[1].text == "The words."


@pytest.mark.parametrize(
    ("matter", "name", "day"),
    [
        ("date: 2026-04-02", "x", date(2026, 4, 2)),
        ("date: 2026-04-02T20:30:00", "x", date(2026, 4, 2)),
        ("date: 20260402", "x", date(2026, 4, 2)),
        ('created: "2026-04-02 20:30"', "x", date(2026, 4, 2)),
        ("date created: 2026-04-02", "x", date(2026, 4, 2)),
        ("created: 202604021830", "x", date(2026, 4, 2)),
        ("date created: Thursday, April 2nd 2026, 9:03:12 pm", "x", date(2026, 4, 2)),
        ("day: 2026-04-02", "2026-01-01", date(2026, 4, 2)),
        ("date: someday", "2026-01-01", date(2026, 1, 1)),
        ("date:", "2026-01-01", date(2026, 1, 1)),
        ("mood: low", "20260101", date(2026, 1, 1)),
        ("mood: low", "no date", None),
    ],
)
def test_dates_come_from_the_front_matter_then_from_the_name(lay, read, matter, name, day):
    items = read(lay(f"{name}.md", f"---\n{matter}\n---\nWords.\n"))

    assert [item.local_date for item in items if isinstance(item, Entry)] == [day]


def test_a_time_with_a_zone_is_kept(lay, read):
    (found,) = read(lay("a.md", "---\ndate: 2026-04-02T20:30:00+02:00\n---\nWords.\n"))

    assert found.written_at.isoformat() == "2026-04-02T20:30:00+02:00"


def test_a_name_that_could_be_two_days_gives_none_and_says_so(lay, read):
    items = read(lay("02-04-2026.md", "Words."))

    assert items[0] == Notice("ambiguous_date", "02-04-2026.md")
    assert items[1].local_date is None


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("[a, b]", ("a", "b")),
        ("a, b c", ("a", "b c")),
        ("a b", ("a", "b")),
        ("'#a #b'", ("a", "b")),
        ("[yes, 2026, null]", ("yes", "2026")),
        ("", ()),
        ("{a: b}", ()),
        pytest.param(f"[a, 0x{'F' * 5000}]", ("a",), id="a number of thousands of digits"),
    ],
)
def test_tags_as_people_write_them(lay, read, tags, expected):
    assert read(lay("a.md", f"---\ntags: {tags}\n---\nWords.\n"))[0].tags == expected


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("a %%one\ntwo%% b", "a  b"),
        ("a ![[pic.png]] b", "a  b"),
        ("![alt](pic.png)b", "b"),
        ("[[note|alias]] and [[note]]", "alias and note"),
        ("[[J. (old)]]", "J. (old)"),
        ("[t](https://x.org/a_b)", "t"),
        ("> [!note] Title\n> body", "> Title\n> body"),
        ("> [!warning]- Folded", "> Folded"),
        ("words here ^abc-1", "words here"),
        ("mood:: low again", "low again"),
        ("- mood:: low", "- low"),
        ("so [mood:: low] it was", "so low it was"),
        ("- [ ] ring her\n- [x] done\n1. [ ] three", "- ring her\n- done\n1. three"),
        ("a\n```dataview\nTABLE x\n```\nb", "a\nb"),
        ("a\n```\nher words\n```\nb", "a\nher words\nb"),
        ("a\n```ad-note\nI froze.\n```\nb", "a\nI froze.\nb"),
        ("a\n~~~ Text\nI froze.\n~~~\n```sql\nselect\n```\nb", "a\nI froze.\nb"),
        ("~~~I give up~~~\nI froze.", "~~~I give up~~~\nI froze."),
        ("a\n~~~python\ncode\n~~~\nb", "a\nb"),
        ("on #work/group today", "on work/group today"),
        ("room #4 and C# stay, a#b too", "room #4 and C# stay, a#b too"),
        ("# Heading stays", "# Heading stays"),
        ("<!-- hidden -->a", "a"),
        ("at 10:30 she said: no", "at 10:30 she said: no"),
    ],
)
def test_what_the_app_adds_goes_and_the_words_stay(body, words):
    assert plain_words(body)[0].strip("\n") == words


def test_inline_tags_join_those_of_the_front_matter(lay, read):
    (found,) = read(lay("a.md", "---\ntags: [work]\n---\nIn #group today, #work as ever.\n"))

    assert (found.tags, found.text) == (("work", "group"), "In group today, work as ever.")


def test_a_note_without_words_is_empty(lay, read):
    assert read(lay("a.md", "---\ndate: 2026-04-02\n---\n%%only a comment%%\n")) == [Skip("empty", "a.md")]


def test_one_file_with_dated_heads_is_many_entries(lay, read):
    diary = "Before.\n\n# 2026-04-02 Group\nOne.\n\n## April 3, 2026\nTwo.\n\nNot 2026-04-05 in a line.\n"

    items = read(lay("diary.md", diary), split="dates")

    assert [(item.text, item.local_date) for item in items] == [
        ("Before.", None),
        ("One.", date(2026, 4, 2)),
        ("Two.\n\nNot 2026-04-05 in a line.", date(2026, 4, 3)),
    ]
    assert items[1].title == "Group"
    assert [item.id for item in items] == ["diary.md#1", "diary.md#2", "diary.md#3"]
