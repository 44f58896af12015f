"""Files made, or happening, to hold a reader up or to break it: each is answered soon, and in our words."""

import errno
import io
import json
import os
import time
import zipfile
from datetime import datetime

import pytest

from afterword_model.errors import InputError
from afterword_serving.entry import Entry, Notice, Skip
from afterword_serving.journals import docx, json_size, json_stream
from afterword_serving.journals.archive import Limits, members
from afterword_serving.journals.dates import any_date, in_zone
from afterword_serving.journals.day_one_text import read_markdown
from afterword_serving.journals.inputs import check_inputs
from afterword_serving.journals.markdown_text import plain_words
from afterword_serving.journals.source import Source

N = 40_000
MANY = {
    "spaces": "x" + " " * N + "y",
    "tabs": "x\n" + "\t" * N + "y",
    "brackets": "[" * N,
    "double_brackets": "[[a" * (N // 3),
    "pictures": "![" * (N // 2),
    "embeds": "![[" * (N // 3),
    "links": "[a](" * (N // 4),
    "links_in_links": "[a](b(" * (N // 6),
    "day_one_links": "[a](dayone://" * (N // 13),
    "moments": "![](dayone-moment:" * (N // 18),
    "comments": "<!--" * (N // 4),
    "percents": "%%" * (N // 2 - 1) + "%",
    "fields": "[a::" * (N // 4),
    "fence": "```" + "a" * N + "`\n",
    "fences": "```a\n" * (N // 5),
    "title": "# a" + " " * N + "b",
    "hashes": "# a" + "#" * N + "b",
    "prompt": "###### a" + " " * N + "b",
    "quotes": "> " * (N // 2) + "[!",
    "escapes": "\\" * N,
    "ticks": "`" * N + "a",
}


@pytest.mark.parametrize("words", MANY.values(), ids=MANY)
@pytest.mark.parametrize("reader", [plain_words, read_markdown])
def test_no_text_takes_long(reader, words):
    begun = time.perf_counter()
    reader(words)
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize("line", ["- Slept: badly", "  a: b", "- a"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_like_front_matter_that_never_end_are_no_front_matter(lay, read, line, end):
    begun = time.perf_counter()
    (found,) = read(lay("diary.txt", end.join(["---", *[line] * 26, "", "I cut in too early."])))
    assert time.perf_counter() - begun < 2
    assert found.source.format == "text"


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("See [the page](https://a.example/b_(c)) now.", "See the page now."),
        ("![a picture](data:image/png;base64,AAAA) after", " after"),
        ("Kept <!-- not this --> and this <!-- open", "Kept  and this <!-- open"),
        ("[[Note|shown]] and [[Other]]", "shown and Other"),
        ("``` py\ncode\n```\nwords", "words"),
    ],
)
def test_markdown_is_read_as_before(markdown, plain):
    assert plain_words(markdown)[0] == plain


@pytest.mark.parametrize(
    ("markdown", "title", "prompt"),
    [
        ("# A day ##  \nWords.", "A day", None),
        ("# #\nWords.", "#", None),
        ("###### What now?  \nWords.", None, "What now?"),
    ],
)
def test_headings_of_day_one_are_read_as_before(markdown, title, prompt):
    found = read_markdown(markdown)
    assert (found.title, found.prompt, found.text) == (title, prompt, "Words.")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_that_unpacks_without_bounds_is_refused(lay, read, method):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.md", "x" * 100, compress_type=method)
        archive.writestr("b.md", "I cut in too early.")
    skip, found = read(lay("a.zip", buffer.getvalue()))
    assert (skip.reason, "zip it again" in skip.detail) == ("unsafe_zip", True)
    assert found.text == "I cut in too early."


def test_a_document_that_unpacks_without_bounds_is_refused(lay, read):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    (skip,) = read(lay("a.docx", buffer.getvalue()))
    assert (skip.reason, "packed in an unusual way" in skip.detail) == ("unreadable", True)


def test_words_are_joined_only_up_to_the_largest_text(monkeypatch):
    monkeypatch.setattr(docx, "LARGEST_WHOLE", 10)
    assert docx._joined(iter(["12345", "67890"])) == "1234567890"
    endless = (word for _ in iter(int, 1) for word in ["x"])
    assert docx._joined(endless) is None


def test_a_date_of_lists_in_lists_is_no_date():
    inner = ["x"] * 9
    for _ in range(9):
        inner = [inner] * 9
    assert any_date(inner).notice == "bad_date"
    assert in_zone("2026-01-01T10:00:00Z", inner).notice == "bad_time_zone"


@pytest.mark.parametrize(
    ("date", "zone"), [("0001-01-01T00:00:00Z", "America/New_York"), ("9999-12-31T23:59:59Z", "Europe/Berlin")]
)
def test_the_first_and_the_last_moment_there_is(lay, read, date, zone):
    path = lay("a.jsonl", f'{{"text": "One.", "date": "{date}"}}\n{{"text": "Two."}}\n')
    items = read(path, timezone=zone)
    assert [item.text for item in items if isinstance(item, Entry)] == ["One.", "Two."]
    assert [item.kind for item in items if isinstance(item, Notice)] == ["bad_date"]
    assert items[1].written_at is None
    assert [item.written_at for item in read(path)][0] == datetime.fromisoformat(date)


@pytest.mark.parametrize(
    "value", ["!!bool maybe", "!!timestamp soon", '!!int ""', "!!float x", "!!binary \u00fc", "1:" * 180 + "1.5"]
)
def test_front_matter_with_a_tag_that_does_not_fit_is_left_out(lay, read, value):
    notice, found = read(lay("a.md", f"---\ndraft: {value}\n---\nI cut in too early."))
    assert (notice.kind, found.text) == ("bad_front_matter", "I cut in too early.")


def test_a_zip_in_a_zip_that_is_damaged_further_on_is_left_out(lay, read):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.md", os.urandom(60_000).hex())
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("z.md", "I cut in too early.")
    damaged = bytearray(outer.getvalue())
    damaged[30_000:30_200] = b"\xff" * 200
    skip, found = read(lay("a.zip", bytes(damaged)))
    assert (type(skip), skip.reason, found.text) == (Skip, "unreadable", "I cut in too early.")


def test_a_name_that_is_no_utf_8_though_it_says_so_is_told(lay, read, zipped):
    data = zipped({"\u00fc.md": "One."}).replace("\u00fc".encode(), b"\xff\xff")
    (skip,) = read(lay("a.zip", data))
    assert (skip.reason, "damaged" in skip.detail) == ("unreadable", True)


def test_a_name_that_is_damaged_in_one_of_its_two_places_is_told(lay, read, zipped):
    data = zipped({"\u00fc.md": "One.", "z.md": "Two."}).replace("\u00fc".encode(), b"\xff\xff", 1)
    found, skip = read(lay("a.zip", data))
    assert (skip.reason, skip.where, found.text) == ("unreadable", "a.zip/\u00fc.md", "Two.")


def test_parts_of_an_export_with_such_names_are_told(lay, read, zipped):
    inner = zipped({"\u00fc.md": "One."}).replace("\u00fc".encode(), b"\xff\xff")
    data = zipped({"n-Part-1.zip": inner, "n-Part-2.zip": zipped({"z.md": "Two."})})
    skip, found = read(lay("a.zip", data))
    assert (skip.reason, skip.where, found.text) == ("unreadable", "a.zip/n-Part-1.zip", "Two.")


def test_a_note_given_in_place_of_a_path_is_not_repeated():
    with pytest.raises(InputError, match=r"^Input 2 cannot be looked at \(.*\)\. Give the path") as told:
        check_inputs(["-", "I told nobody about the zorvexian. " * 200])
    assert "zorvexian" not in str(told.value)


def test_a_folder_that_may_not_be_read_is_told(lay, read, tmp_path, monkeypatch):
    lay("notes/open/a.md", "One.")
    lay("notes/closed/b.md", "Two.")
    look = os.scandir

    def guarded(path):
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(os, "scandir", guarded)
    skip, found = read(tmp_path / "notes")
    assert (skip.reason, skip.where, skip.detail) == ("unreadable", "notes/closed", "Permission denied")
    assert found.text == "One."


def listed_at_length(files):
    """Make a zip whose list takes a thousand bytes of each file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
            archive.getinfo(name).comment = b"x" * 1000
    return buffer.getvalue()


def listed_in_zip64(files):
    """Make the same, its size told only where zips of more than 4 GB tell it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 0)
        data = listed_at_length(files)
    return data[:-10] + bytes(4) + data[-6:]


@pytest.mark.parametrize("make", [listed_at_length, listed_in_zip64])
def test_a_zip_with_too_long_a_list_is_refused_before_the_list_is_read(make, monkeypatch):
    data = make({"a.md": "One."})
    source = Source("a.zip", "a.zip", lambda: io.BytesIO(data))
    assert [item.path for item in members(source, limits=Limits(members=3))] == ["a.md"]
    monkeypatch.setattr(zipfile, "ZipInfo", None)
    (skip,) = members(source, limits=Limits(members=1))
    assert (skip.reason, skip.detail) == ("unsafe_zip", "its list of files is too long; up to 1 are read")


def test_a_document_with_too_long_a_list_of_parts_is_refused(lay, read, monkeypatch):
    data = listed_at_length({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
    monkeypatch.setattr(docx, "_MOST_PARTS", 2)
    (skip,) = read(lay("a.docx", data))
    assert (skip.reason, skip.detail) == ("unreadable", "damaged or cut short")


@pytest.mark.parametrize(
    ("limits", "names"),
    [
        (Limits(), {"a.md", "b.md", "c.md"}),
        (Limits(bytes=3200), {"a.md", "c.md"}),
        (Limits(members=3), {"a.md", "c.md"}),
    ],
)
def test_parts_of_an_export_are_looked_through_within_bounds(zipped, limits, names):
    parts = [zipped({"a.md": "One."}), listed_at_length({"b.md": "Two." * 500}), zipped({"c.md": "Three."})]
    data = zipped({f"n-Part-{number}.zip": part for number, part in enumerate(parts, 1)})
    first = next(members(Source("a.zip", "a.zip", lambda: io.BytesIO(data)), limits=limits))
    assert first.around == names


MANY_VALUES = json.dumps({"text": "One.", "x": [{}] * 100})
WORDS = 'a, [b], {c}: "d"\\\n' * 100


@pytest.fixture
def few_parts(monkeypatch):
    """Lets the JSON of one entry hold no more than a hundred names, values and brackets."""
    for module in (json_size, json_stream):
        monkeypatch.setattr(module, "MOST_PARTS", 100)


@pytest.mark.parametrize(
    ("name", "form", "place"), [("a.jsonl", "%s\n%s\n", "line 1"), ("a.json", "[%s, %s]", "entry 1")]
)
@pytest.mark.usefixtures("few_parts")
def test_json_of_too_many_values_is_left_out_and_of_long_texts_is_not(lay, read, name, form, place):
    skip, found = read(lay(name, form % (MANY_VALUES, json.dumps({"text": WORDS, "picture": "A" * 9000}))))
    assert (skip.reason, skip.where, found.text.count("[b]")) == ("too_large", f"{name}, {place}", 100)


@pytest.mark.usefixtures("few_parts")
def test_rich_text_of_too_many_values_is_left_out(lay, read):
    entry = {"creationDate": "2026-03-29T22:30:00Z", "richText": MANY_VALUES}
    skip, found = read(lay("Journal.json", json.dumps({"metadata": {}, "entries": [entry, entry | {"text": "Two."}]})))
    assert (skip.reason, skip.where, found.text) == ("too_large", "Journal.json, entry 1", "Two.")


@pytest.mark.usefixtures("few_parts")
def test_a_note_that_is_a_tree_of_too_many_values_is_left_out(lay, read):
    content = {"title": "One", "text": MANY_VALUES, "noteType": "super"}
    (skip,) = read(
        lay("backup.txt", json.dumps({"version": "004", "items": [{"content_type": "Note", "content": content}]}))
    )
    assert (skip.reason, skip.where) == ("too_large", "backup.txt, entry 1")
