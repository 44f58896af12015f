import io
import struct
import zipfile

import pytest

from afterword_serving.entry import Entry, Skip, path_digest
from afterword_serving.journals.archive import Limits, members
from afterword_serving.journals.source import Source

NOTE = "I cut in too early."


def source_of(data):
    return Source("a.zip", "a.zip", lambda: io.BytesIO(data))


def with_flag(data, bit):
    """Set a general purpose flag in every local and central header."""
    changed = bytearray(data)
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(magic)
        while at >= 0:
            (flags,) = struct.unpack_from("<H", changed, at + place)
            struct.pack_into("<H", changed, at + place, flags | bit)
            at = changed.find(magic, at + 4)
    return bytes(changed)


def test_litter_and_attachments_are_passed_over(lay, read, zipped):
    content = {
        "n/a.md": NOTE,
        "__MACOSX/n/._a.md": "x",
        "n/._b.md": "x",
        "n/.DS_Store": "x",
        "n/": "",
        "n/pic.HEIC": "x",
        "n/voice.m4a": "x",
        "pdfs/paper.pdf": "%PDF",
    }

    assert [item.text for item in read(lay("a.zip", zipped(content)))] == [NOTE]


@pytest.mark.parametrize("zip_it", [False, True])
def test_settings_that_apps_hide_are_passed_over(lay, read, zipped, tmp_path, zip_it):
    content = {
        "v/...and then.md": NOTE,
        "v/.obsidian/plugins/x/main.js": "canary",
        "v/.obsidian/snippets/styles.css": "canary",
        "v/.git/config": "canary",
        "v/.notes.md.swp": "canary",
        "v/.trash/old.md": "canary",
    }
    for name, words in content.items():
        lay(name, words)

    trashed, found = sorted(
        read(lay("a.zip", zipped(content)) if zip_it else tmp_path / "v"), key=lambda item: isinstance(item, Entry)
    )

    assert (found.text, trashed.reason) == (NOTE, "trashed")


def test_members_come_in_the_order_of_their_names(lay, texts, zipped):
    assert texts(lay("a.zip", zipped({"b.md": "Two.", "c.md": "Three.", "a.md": "One."}))) == ["One.", "Two.", "Three."]


def test_a_zip_is_known_by_content(lay, texts, zipped):
    assert texts(lay("download.bin", zipped({"a.md": NOTE}))) == [NOTE]


def test_a_zip_in_a_zip_is_read_and_a_third_is_not(lay, read, zipped):
    inner = zipped({"deep.zip": zipped({"b.md": "Too deep."}), "a.md": NOTE})

    found, skip = read(lay("outer.zip", zipped({"Part-1.zip": inner})))

    assert (found.text, found.source.file, found.id) == (
        NOTE,
        "outer.zip/Part-1.zip/a.md",
        path_digest("Part-1.zip/a.md"),
    )
    assert (skip.reason, skip.where) == ("unsafe_zip", "outer.zip/Part-1.zip/deep.zip")


def test_a_document_in_a_zip_in_a_zip_is_read_though_it_names_itself_last(lay, read, zipped):
    words = '<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:r><w:t>%s</w:t></w:r></w:p>'
    document = zipped({"_rels/.rels": "<x/>", "word/document.xml": words % NOTE, "[Content_Types].xml": "<Types/>"})

    (found,) = read(lay("outer.zip", zipped({"Part-1.zip": zipped({"a.docx": document})})))

    assert (found.text, found.source.format, found.source.file) == (NOTE, "docx", "outer.zip/Part-1.zip/a.docx")


def test_a_locked_member_is_named(lay, read, zipped):
    assert read(lay("a.zip", with_flag(zipped({"a.md": NOTE}), 0x1))) == [Skip("encrypted", "a.zip/a.md")]


def test_names_in_utf8_that_do_not_say_so(lay, read, zipped):
    data = zipped({"Zoë.md": NOTE}).replace(b"\x00\x08\x08\x00", b"\x00\x00\x08\x00")

    assert read(lay("a.zip", data))[0].source.file == "a.zip/Zoë.md"


def test_names_in_cp437(lay, read, zipped):
    data = zipped({"Zo#.md": NOTE}).replace(b"Zo#.md", b"Zo\x89.md")

    assert read(lay("a.zip", data))[0].source.file == "a.zip/Zoë.md"


@pytest.mark.parametrize(
    ("limits", "content", "skipped"),
    [
        (Limits(members=2), {"a.md": "1", "b.md": "2", "c.md": "3"}, ["a.zip"]),
        (Limits(bytes=100), {"a.md": "x" * 60, "b.md": "x" * 60, "c.md": "x" * 30}, ["a.zip/b.md"]),
        (Limits(ratio=50, ratio_from=1000), {"a.md": "x" * 100_000, "b.md": "x"}, ["a.zip/a.md"]),
    ],
)
def test_bombs_are_left_closed(zipped, limits, content, skipped):
    found = [item for item in members(source_of(zipped(content)), limits=limits) if isinstance(item, Skip)]

    assert [(item.reason, item.where) for item in found] == [("unsafe_zip", where) for where in skipped]


def test_attachments_do_not_count_towards_the_bounds(zipped):
    content = {"a.md": NOTE, "film.mp4": "x" * 100_000}

    (found,) = members(source_of(zipped(content)), limits=Limits(bytes=1000))

    assert found.path == "a.md"


def test_a_real_bomb_is_left_closed_by_the_bounds_in_force(lay, read, zipped):
    items = read(lay("a.zip", zipped({"a.md": NOTE, "b.json": b'{"text":"' + bytes(40 << 20)})))

    assert [getattr(item, "reason", item) for item in items[1:]] == ["unsafe_zip"]


def test_a_large_inner_zip_is_left_closed(zipped):
    data = zipped({"in.zip": zipped({"a.md": NOTE})})

    assert [item.reason for item in members(source_of(data), limits=Limits(nested=10))] == ["too_large"]


@pytest.mark.parametrize("keep", [30, 60, -30])
def test_a_zip_cut_short_is_said_to_be(lay, read, zipped, keep):
    (item,) = read(lay("a.zip", zipped({"a.md": NOTE * 50})[:keep]))

    assert (item.reason, item.where) == ("unreadable", "a.zip")


def test_a_member_whose_bytes_are_damaged_does_not_end_the_rest(lay, read, zipped):
    data = bytearray(
        zipped({"a.jsonl": '{"text":"x"}\n' + "".join(f'{{"text":"{n * 7919}"}}\n' for n in range(2000)), "b.md": NOTE})
    )
    data[2000:2010] = b"\xff" * 10

    items = read(lay("a.zip", bytes(data)))

    assert [item.where for item in items if isinstance(item, Skip) and item.reason == "unreadable"] == ["a.zip/a.jsonl"]
    assert [item.text for item in items if isinstance(item, Entry)][-1] == NOTE


def test_nothing_is_unpacked_to_disk(lay, texts, zipped, tmp_path):
    path = lay("a.zip", zipped({"../../evil.md": NOTE, "/abs.md": NOTE}))

    assert texts(path) == [NOTE, NOTE]
    assert [each.name for each in tmp_path.rglob("*")] == ["a.zip"]


def test_an_office_document_is_not_taken_for_a_zip_of_journals(lay, read):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")

    assert [item.reason for item in read(lay("a.docx", buffer.getvalue()))] == ["unknown_format"]
