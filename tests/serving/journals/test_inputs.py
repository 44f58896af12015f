import io
import os
import sys
import threading
from datetime import date
from pathlib import PurePosixPath

import pytest

from afterword_model.errors import ConfigError, InputError
from afterword_serving.entry import Entry, Skip
from afterword_serving.journals import READERS, ReadOptions, read_journals
from afterword_serving.journals.inputs import check_inputs, listing, sources
from afterword_serving.journals.reader import make_entry
from afterword_serving.journals.readers import reader_named
from afterword_serving.journals.shown import shown_names
from afterword_serving.spread.shard import list_shards


class Pipe(io.TextIOWrapper):
    """Standard input as a pipe gives it: it can be read once and not rewound."""

    def __init__(self, data):
        super().__init__(io.BufferedReader(_Once(data)))


class _Once(io.RawIOBase):
    def __init__(self, data):
        self._data = io.BytesIO(data)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._data.readinto(buffer)


def test_standard_input_is_json_lines(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Pipe(b'{"id": "a", "text": "One."}\n{"text": "Two."}\n'))

    items = list(read_journals(["-"]))

    assert [(item.id, item.text) for item in items] == [("a", "One."), ("stdin#2", "Two.")]
    assert items[0].source.file == "standard input"


@pytest.mark.parametrize(
    ("format", "data"),
    [
        ("csv", b"id;text\n1;One.\n"),
        ("text", b"One."),
        ("day-one", b'{"metadata":{},"entries":[{"uuid":"a","text":"One.","creationDate":"2026-01-01T00:00:00Z"}]}'),
        ("json", b'["One."]'),
    ],
)
def test_standard_input_as_the_user_says(monkeypatch, format, data):
    monkeypatch.setattr(sys, "stdin", Pipe(data))

    assert [item.text for item in read_journals(["-"], ReadOptions(format=format))] == ["One."]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes(b'{"text": "One."}\n'))
    writer.start()

    assert [item.text for item in read_journals([str(tmp_path / "pipe")])] == ["One."]
    writer.join()


def test_a_folder_is_every_file_in_it(lay, read, zipped, tmp_path):
    lay("all/a.jsonl", '{"text": "One."}')
    lay("all/b.md", "Two.")
    lay("all/c.zip", zipped({"d.csv": "id,text\n1,Three.\n"}))
    lay("all/e.xlsx", zipped({"[Content_Types].xml": "<Types/>"}))
    lay("all/f.jpg", b"\xff\xd8\xff")
    lay("all/g.pdf", b"%PDF-1.7 words")
    lay("all/h.txt", "")

    items = read(tmp_path / "all")

    assert [item.text for item in items if isinstance(item, Entry)] == ["One.", "Two.", "Three."]
    assert [item.source.file for item in items if isinstance(item, Entry)] == [
        "all/a.jsonl",
        "all/b.md",
        "all/c.zip/d.csv",
    ]
    assert [(item.reason, item.where) for item in items if isinstance(item, Skip)] == [
        ("unknown_format", "all/e.xlsx"),
        ("unknown_format", "all/g.pdf"),
        ("empty", "all/h.txt"),
    ]


def test_inputs_of_one_name_are_told_apart_by_the_end_of_their_paths(lay, tmp_path):
    given = ["anna/notes.csv", "ben/notes.csv", "templates/day.md", "b/day.md", "a/x", "b/x", "one.csv"]
    for name in ("anna/notes.csv", "ben/notes.csv", "a/x/d.csv", "b/x/d.csv", "one.csv"):
        lay(name, "id,text\n,Words.\n")
    for name in ("templates/day.md", "b/day.md"):
        lay(name, "Words.")

    items = list(read_journals([str(tmp_path / name) for name in given]))

    shown = [*given[:4], "a/x/d.csv", "b/x/d.csv", "one.csv"]
    assert [item.source.file for item in items] == shown
    assert [item.id for item in items][:2] == ["anna/notes.csv#2", "ben/notes.csv#2"]
    assert [shard.file for shard in list_shards([str(tmp_path / name) for name in given])] == shown


def test_as_much_of_a_path_is_shown_as_tells_it_apart():
    paths = ["/a/x/n.csv", "/b/x/n.csv", "/n.csv", "/b/x/n.csv", "/one.csv"]

    assert shown_names([PurePosixPath(path) for path in paths]) == [
        "a/x/n.csv",
        "b/x/n.csv",
        "/n.csv",
        "b/x/n.csv",
        "one.csv",
    ]


def test_own_results_in_the_folder_are_passed_over(lay, tmp_path):
    lay("a.md", "One.")
    out = lay("results.jsonl", '{"text": "not a note"}')

    items = list(read_journals([str(tmp_path)], exclude=frozenset({out.resolve()})))

    assert [item.text for item in items] == ["One."]


def test_a_loop_of_links_ends(lay, read, tmp_path):
    lay("all/a.md", "One.")
    (tmp_path / "all" / "loop").symlink_to(tmp_path / "all", target_is_directory=True)

    assert [item.text for item in read(tmp_path / "all")] == ["One."]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(lay, read):
    path = lay("a.md", "One.")
    path.chmod(0)

    assert [(item.reason, item.detail) for item in read(path)] == [("unreadable", "Permission denied")]


def test_a_file_that_fails_while_it_is_read_is_named(lay, read, monkeypatch):
    path = lay("a.jsonl", '{"text": "One."}\n')
    monkeypatch.setattr("afterword_serving.journals.source.Source.open_text", _failing)

    assert read(path) == [Skip("unreadable", "a.jsonl", "Input/output error")]


def test_a_fault_of_a_reader_ends_that_file_alone_and_tells_no_words(lay, read, tmp_path, monkeypatch):
    lay("notes/a.jsonl", '{"text": "One."}\n{"text": "canary"}\n')
    lay("notes/b.md", "Two.")
    monkeypatch.setattr("afterword_serving.journals.json_lines.Records.items", _faulty)

    first, skip, second = read(tmp_path / "notes")

    assert (first.text, second.text) == ("One.", "Two.")
    assert (skip.reason, skip.where) == ("unreadable", "notes/a.jsonl")
    assert f"a fault in Afterword (KeyError at {__name__}:" in skip.detail
    assert "canary" not in skip.detail


def test_what_the_user_can_mend_is_told_and_ends_the_reading(lay, read):
    with pytest.raises(ConfigError, match="no format word-perfect"):
        read(lay("a.md", "One."), format="word-perfect")


def _faulty(self, row, locator):
    if row["text"] == "canary":
        raise KeyError(row["text"])
    yield make_entry(self._source, "jsonl", locator, row["text"])


def _failing(_):
    raise OSError(5, "Input/output error")


@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02" * 100, bytes(range(1, 9)) * 50 + b"abc", b"%PDF-1.4\nwords words", b"12345 678"]
)
def test_what_is_no_text_is_not_taken_for_one(lay, read, content):
    assert [item.reason for item in read(lay("a", content))] == ["unknown_format"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("\ufeff\n<!DOCTYPE html><html><style>p {}</style><p>I cut in.</p></html>", "a web page"),
        ("<HTML lang='en'><body>I cut in.</body></HTML>", "a web page"),
        ('<?xml version="1.0"?><!DOCTYPE en-export><en-export><note>I cut in.</note></en-export>', "XML"),
    ],
)
@pytest.mark.parametrize("name", ["a.html", "a.txt", "a"])
def test_markup_is_not_taken_for_words(lay, read, content, kind, name):
    (skip,) = read(lay(name, content))

    assert (skip.reason, skip.where) == ("unknown_format", name)
    assert skip.detail.startswith(kind)


@pytest.mark.parametrize(("name", "content"), [("a.txt", ""), ("a.md", " \n\n"), ("a.csv", "\t\r\n")])
def test_an_empty_file_or_one_of_white_space(lay, read, name, content):
    assert read(lay(name, content)) == [Skip("empty", name)]


def test_a_format_is_forced_on_the_named_file_and_asked_of_those_in_a_folder(lay, read, texts, tmp_path):
    path = lay("f/a.txt", '{"text": "One."}')
    lay("f/b.md", "Two.")

    assert texts(path, format="text") == ['{"text": "One."}']
    assert texts(tmp_path / "f", format="markdown") == ["Two."]


def test_what_is_not_there_is_said_before_anything_is_read():
    with pytest.raises(InputError, match=r"no/such\.zip"):
        check_inputs(["no/such.zip"])
    with pytest.raises(InputError, match="only once"):
        check_inputs(["-", "-"])


@pytest.mark.parametrize("look", [check_inputs, list_shards])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("I froze again when Maria cried.", "Input 1 is no file or folder"),
        ("I froze / then left.", "Input 1 is no file or folder"),
        ("no-such.zip", r"no-such\.zip"),
    ],
)
def test_a_note_given_as_a_path_is_not_repeated(look, name, words):
    with pytest.raises(InputError, match=words) as told:
        look([name])
    assert "froze" not in str(told.value)


def test_a_name_with_a_space_in_a_folder_that_is_there_is_said(tmp_path):
    with pytest.raises(InputError, match="my notes"):
        check_inputs([str(tmp_path / "my notes.zip")])


def test_a_linked_folder_is_told_and_one_within_is_read_once(lay, read, tmp_path):
    lay("notes/a.md", "One.")
    lay("elsewhere/b.md", "Two.")
    (tmp_path / "notes/linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "notes/round").symlink_to(tmp_path / "notes")

    skip, found = read(tmp_path / "notes")

    assert (skip.reason, skip.where) == ("unreadable", "notes/linked")
    assert found.text == "One."

    both = read_journals([str(tmp_path / "notes"), str(tmp_path / "elsewhere")])
    assert [item.text for item in both if isinstance(item, Entry)] == ["One.", "Two."]


def test_an_unknown_format_names_the_known_ones():
    with pytest.raises(ConfigError, match="day-one"):
        reader_named("word-perfect")


def test_sources_know_what_lies_around_them(lay, zipped):
    path = lay("a.zip", zipped({"x.md": "1", "pic.png": "2"}))

    (found,) = sources([str(path)])

    assert found.around == {"x.md", "pic.png"}


def test_the_listing_changes_with_a_file(lay, tmp_path):
    lay("f/a.md", "One.")
    before = listing([str(tmp_path / "f")])
    lay("f/a.md", "One more.")

    assert listing([str(tmp_path / "f")]) != before


def test_every_reader_says_what_it_reads():
    assert len({reader.name for reader in READERS}) == len(READERS)
    assert all(reader.app and reader.export for reader in READERS)


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        ("whole", ["One.\n---\n2026-04-02\nTwo.\n***\nApril 3, 2026: Three."]),
        ("rules", ["One.", "2026-04-02\nTwo.", "April 3, 2026: Three."]),
        ("dates", ["One.\n---", "Two.\n***", "Three."]),
    ],
)
def test_plain_text_in_three_ways(lay, texts, split, expected):
    content = "One.\r\n---\r\n2026-04-02\r\nTwo.\r\n***\r\nApril 3, 2026: Three."

    assert texts(lay("a.txt", content), split=split) == expected


@pytest.mark.parametrize("split", ["whole", "rules", "dates"])
def test_plain_text_without_rules_or_dates_is_one_entry(lay, texts, split):
    assert texts(lay("a.txt", "One.\nTwo."), split=split) == ["One.\nTwo."]


def test_plain_text_takes_its_day_from_its_name(lay, read):
    (found,) = read(lay("2026-04-02 Group.txt", "One."))

    assert (found.local_date, found.title, found.id) == (date(2026, 4, 2), "Group", "2026-04-02 Group.txt")


def test_a_text_too_large_for_one_entry(lay, read, monkeypatch):
    monkeypatch.setattr("afterword_serving.journals.source.LARGEST_WHOLE", 10)

    assert [item.reason for item in read(lay("a.txt", "eleven char"))] == ["too_large"]


@pytest.mark.parametrize(("text", "expected"), [("[ ] milk\n[x] ring Ana\n", "text"), ('["One."]', "json")])
def test_a_box_to_tick_is_no_array(tmp_path, text, expected):
    path = tmp_path / "list.txt"
    path.write_text(text)

    (item,) = read_journals([str(path)])

    assert isinstance(item, Entry)
    assert item.source.format == expected
