import json
from datetime import date

import pytest

from afterword_serving.entry import Entry, Notice, Skip

CANARY = "xylophone"


def note(**fields):
    base = {"id": "n1", "content": "Kept.", "creationDate": "2026-04-02T18:00:00.000Z"}
    return {**base, "lastModified": "2026-04-03T18:00:00.000Z", **fields}


def export(*active, trashed=()):
    return json.dumps({"activeNotes": list(active), "trashedNotes": list(trashed)}, indent=2).replace("\n", "\r\n")


def test_the_export_as_the_app_writes_it(lay, read, zipped):
    members = {
        "source/notes.json": export(note(content="Thu\r\nI froze.", tags=["work"]), trashed=[note(content=CANARY)]),
        "Thu.txt": CANARY,
        "trash/Gone.txt": CANARY,
    }

    found, skip = read(lay("notes.zip", zipped(members)))

    assert found.text == "Thu\nI froze."
    assert (found.id, found.tags, found.local_date) == ("n1", ("work",), date(2026, 4, 2))
    assert found.written_at.isoformat() == "2026-04-02T18:00:00+00:00"
    assert (found.source.format, str(found.source)) == ("simplenote", "notes.zip/source/notes.json, entry 1")
    assert skip == Skip("trashed", "notes.zip/source/notes.json, entry 2")


def test_an_unpacked_folder_reads_as_the_zip_does(lay, texts, tmp_path):
    lay("t/notes/source/notes.json", export(note()))
    lay("t/notes/Thu.txt", CANARY)
    lay("t/notes/trash/Gone.txt", CANARY)
    lay("t/other.txt", "Another file.")
    lay("t/notes/mine/other.txt", "A file put there.")

    assert texts(tmp_path / "t") == ["A file put there.", "Kept.", "Another file."]


def test_the_json_by_itself(lay, texts):
    assert texts(lay("download", export(note(), note(content="Two.")))) == ["Kept.", "Two."]


def test_trashed_notes_may_come_first(lay, read):
    text = json.dumps({"trashedNotes": [note(content=CANARY)], "activeNotes": [note()]})

    assert [getattr(item, "text", None) for item in read(lay("notes.json", text))] == [None, "Kept."]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [(CANARY, "bad_row"), (None, "bad_row"), (note(content=""), "empty"), (note(content=5), "empty")],
)
def test_one_bad_note_does_not_end_the_file(lay, read, bad, reason):
    found = read(lay("notes.json", export(note(), bad, note())))

    assert [getattr(item, "text", None) for item in found] == ["Kept.", None, "Kept."]
    assert (found[1].reason, found[1].where) == (reason, "notes.json, entry 2")
    assert CANARY not in repr(found)


def test_what_comes_before_a_break_in_the_file_is_kept(lay, read):
    whole = export(note(), note(content=CANARY))

    found = read(lay("notes.json", whole[: whole.index(CANARY) + 5]))

    assert found[0].text == "Kept."
    assert (found[1].reason, found[1].where) == ("bad_json", "notes.json, after entry 1")


@pytest.mark.parametrize("odd", [{"tags": "work"}, {"tags": [5]}, {"id": 5}, {"pinned": True, "publicURL": CANARY}])
def test_odd_fields_cost_nothing(lay, read, odd):
    found = read(lay("notes.json", export(note(**odd))))

    assert [item.text for item in found] == ["Kept."]
    assert CANARY not in repr(found)


def test_a_date_that_cannot_be_read_keeps_the_note(lay, read):
    found = read(lay("notes.json", export(note(creationDate="Thursday"))))

    assert found[0] == Notice("bad_date", "notes.json, entry 1")
    assert [item.text for item in found if isinstance(item, Entry)] == ["Kept."]
