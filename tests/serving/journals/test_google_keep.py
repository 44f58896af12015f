import json

import pytest

from afterword_serving.entry import Entry, Notice, Skip, path_digest

CANARY = "xylophone"
SAMPLE = """{"title":"","textContent":"kept replaying the silence","isTrashed":false,"isArchived":false,"userEditedTimestampUsec":1775152800000000,"labels":[{"name":"work"}]}"""  # noqa: E501
NAME = "2021-08-26T12_50_12.122+05_00.json"


def note(**fields):
    base = {"color": "DEFAULT", "isTrashed": False, "title": "", "textContent": "Kept."}
    return json.dumps({**base, "createdTimestampUsec": 1775152800000000, **fields})


def test_takeout_as_it_comes(lay, read, zipped):
    members = {
        "Takeout/archive_browser.html": f"<html>{CANARY}</html>",
        "Takeout/Keep/Labels.txt": CANARY,
        f"Takeout/Keep/{NAME}": SAMPLE,
        "Takeout/Keep/2021-08-26T12_50_12.122+05_00.html": f"<html>{CANARY}</html>",
        "Takeout/Keep/Caf\u00e9.json": note(title="Caf\u00e9"),
        "Takeout/Keep/Cafe\u0301.html": f"<html>{CANARY}</html>",  # as some systems write the same name
        "Takeout/Keep/photo.jpg": b"\xff\xd8",
    }

    first, second = read(lay("takeout.zip", zipped(members)))

    assert first.text == "kept replaying the silence"
    assert (first.tags, first.title) == (("work",), None)
    assert first.written_at.isoformat() == "2026-04-02T18:00:00+00:00"
    assert first.id == path_digest(f"Takeout/Keep/{NAME}")
    assert (first.source.format, str(first.source)) == ("google-keep", f"takeout.zip/Takeout/Keep/{NAME}")
    assert (second.text, second.title) == ("Kept.", "Caf\u00e9")


def test_an_unpacked_folder_reads_as_the_zip_does(lay, read, tmp_path):
    lay("t/Takeout/Keep/a.json", note())
    lay("t/Takeout/Keep/a.html", f"<html>{CANARY}</html>")
    lay("t/Takeout/Keep/Labels.txt", CANARY)

    (found,) = read(tmp_path / "t")

    assert (found.text, found.id) == ("Kept.", path_digest("Takeout/Keep/a.json"))


def test_a_zip_in_a_folder_and_a_zip_in_a_zip(lay, read, zipped, tmp_path):
    takeout = zipped({"Takeout/Keep/a.json": note(), "Takeout/Keep/a.html": f"<html>{CANARY}</html>"})
    lay("f/takeout.zip", takeout)
    lay("outer.zip", zipped({"takeout.zip": takeout}))

    assert [item.text for item in read(tmp_path / "f")] == ["Kept."]
    assert [item.text for item in read(tmp_path / "outer.zip")] == ["Kept."]


def test_pages_and_lists_of_others_are_not_taken_for_copies(lay, read, tmp_path):
    lay("t/a.json", note())
    lay("t/b.html", "Words of someone.")
    lay("t/Labels.txt", "Words of someone else.")

    assert [item.text for item in read(tmp_path / "t") if isinstance(item, Entry)] == [
        "Words of someone else.",
        "Kept.",
        "Words of someone.",
    ]


@pytest.mark.parametrize("folder", ["Takeout/Keep", "Takeout/Notizen", ""])
def test_the_folder_may_be_named_in_any_language(lay, read, zipped, folder):
    (found,) = read(lay("t.zip", zipped({f"{folder}/a.json".lstrip("/"): note()})))

    assert found.source.format == "google-keep"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"textContent": None, "listContent": [{"text": "One."}, {"text": "Two.", "isChecked": True}]}, "One.\nTwo."),
        ({"textContent": "", "listContent": [{"text": ""}, {}, None, {"text": "Two."}]}, "Two."),
        ({"textContent": None, "textContentHtml": "<p>One.</p><p>Two.</p>"}, "One.\n\nTwo."),
        ({"textContent": "One.", "textContentHtml": "<p>One.</p>"}, "One."),
        ({"textContent": "5 < 6 <b>"}, "5 < 6 <b>"),
        ({"textContent": "", "title": "Only a title"}, "Only a title"),
        ({"labels": "work"}, "Kept."),
        ({"labels": [{"name": 5}, 5]}, "Kept."),
        ({"isArchived": True}, "Kept."),
    ],
)
def test_where_the_words_are(lay, texts, fields, text):
    assert texts(lay(NAME, note(**fields))) == [text]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"isTrashed": True}, "trashed"),
        ({"textContent": "", "attachments": [{"filePath": "a.jpg", "mimetype": "image/jpeg"}]}, "media_only"),
        ({"textContent": ""}, "empty"),
        ({"textContent": 5}, "empty"),
    ],
)
def test_what_is_left_out(lay, read, fields, reason):
    assert read(lay(NAME, note(**fields))) == [Skip(reason, NAME)]


@pytest.mark.parametrize(
    ("stamps", "written"),
    [
        (
            {"createdTimestampUsec": 1775152800000000, "userEditedTimestampUsec": 1775152900000000},
            "2026-04-02T18:00:00",
        ),
        ({"createdTimestampUsec": None, "userEditedTimestampUsec": 1775152800000000}, "2026-04-02T18:00:00"),
        ({"createdTimestampUsec": "1775152800000000"}, "2026-04-02T18:00:00"),
    ],
)
def test_the_time_of_writing(lay, read, stamps, written):
    (found,) = read(lay(NAME, note(**stamps)))

    assert found.written_at.isoformat() == f"{written}+00:00"


def test_a_date_that_cannot_be_read_keeps_the_note(lay, read):
    notice, found = read(lay(NAME, note(createdTimestampUsec="Thursday")))

    assert (notice, found.text) == (Notice("bad_date", NAME), "Kept.")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"title": 'a "quoted" title', "textContent": "word " * 3000, "isTrashed": False}),
        json.dumps({"isTrashed": False, "textContent": "word " * 3000, "userEditedTimestampUsec": 1}),
        json.dumps({"title": "", "textContentHtml": "<p>word</p>" * 3000, "isTrashed": False}),
        note(textContent="One line."),
    ],
)
def test_long_notes_are_told_too(lay, read, text):
    assert read(lay("download", text))[0].source.format == "google-keep"


def test_people_links_and_pictures_are_not_read(lay, read):
    private = {"sharees": [{"email": CANARY}], "annotations": [{"description": CANARY}], "attachments": [CANARY]}

    found = read(lay(NAME, note(**private)))

    assert found[0].text == "Kept."
    assert CANARY not in repr(found)


def test_a_broken_note_does_not_end_the_export(lay, read, zipped):
    broken = '{"title":"","textContent":"' + CANARY

    found = read(lay("a.zip", zipped({"1.json": broken, "2.json": note()})))

    assert (found[0].reason, found[0].where) == ("bad_json", "a.zip/1.json, at its beginning")
    assert found[1].text == "Kept."
    assert CANARY not in repr(found)
