import json

import pytest

from afterword_serving.entry import Entry, Notice, Skip
from afterword_serving.journals.standard_notes_text import words

CANARY = "xylophone"
BACKUP = "Standard Notes Backup and Import File.txt"
SAMPLE = """{"version":"004","items":[{"uuid":"u1","content_type":"Note","deleted":false,"created_at":"2026-04-02T18:00:00.000Z",
 "content":{"title":"Thu","text":"Plan: slow down the opening.","noteType":"plain-text","references":[]}},
 {"uuid":"u2","content_type":"Tag","content":{"title":"work","references":[{"uuid":"u1","content_type":"Note"}]}}]}"""  # noqa: E501


def test_a_note_of_too_much_markup_is_left_out_alone(lay, read, monkeypatch):
    monkeypatch.setattr("afterword_serving.journals.html_text.LARGEST_MARKUP", 100)
    items = [note("<b>x</b>" * 20, noteType="rich-text"), note("Kept.", uuid="u2")]

    found = read(lay("a.txt", json.dumps({"version": "004", "items": items})))

    assert found[0] == Skip("too_large", "a.txt, entry 1")
    assert [item.text for item in found[1:]] == ["Kept."]


def note(text="Kept.", *, uuid="u1", **content):
    written = {"title": "", "text": text, "noteType": "plain-text", "references": [], **content}
    return {"uuid": uuid, "content_type": "Note", "created_at": "2026-04-02T18:00:00.000Z", "content": written}


def backup(*items):
    return json.dumps({"version": "004", "items": list(items)})


def super_text(*blocks):
    return json.dumps({"root": {"type": "root", "children": list(blocks)}})


def block(kind, *children):
    return {"type": kind, "children": list(children)}


def leaf(text):
    return {"type": "text", "text": text, "format": 0}


def test_the_backup_as_the_app_writes_it(lay, read, zipped):
    members = {
        BACKUP: SAMPLE,
        "Items/Note/Thu-0a1b2c3d.txt": CANARY,
        "Items/Tag/work-0a1b2c3e.txt": CANARY,
        "Items/SN|UserPreferences/x-0a1b2c3f.txt": CANARY,
    }

    (found,) = read(lay("Standard Notes.zip", zipped(members)))

    assert (found.text, found.title, found.tags, found.id) == ("Plan: slow down the opening.", "Thu", ("work",), "u1")
    assert found.written_at.isoformat() == "2026-04-02T18:00:00+00:00"
    assert str(found.source) == f"Standard Notes.zip/{BACKUP}, entry 1"
    assert found.source.format == "standard-notes"


def test_an_unpacked_folder_reads_as_the_zip_does(lay, texts, tmp_path):
    lay(f"t/Backup/{BACKUP}", SAMPLE)
    lay("t/Backup/Items/Note/Thu-0a1b2c3d.txt", CANARY)
    lay("t/Items/Note/mine.txt", "Another file.")

    assert texts(tmp_path / "t") == ["Plan: slow down the opening.", "Another file."]


def test_it_is_told_by_content(lay, read):
    older = json.dumps({"keyParams": {}, "items": [note()]})

    assert read(lay("a", SAMPLE))[0].source.format == read(lay("b", older))[0].source.format == "standard-notes"


def test_an_encrypted_backup_is_refused_once_with_the_way_out(lay, read):
    locked = {"content_type": "Note", "content": f"004:{CANARY}"}

    found = read(lay(BACKUP, backup(locked, {**locked, "uuid": "u2"}, {**locked, "content_type": "SN|ItemsKey"})))

    assert found == [Skip("encrypted", BACKUP, "an encrypted backup; make a decrypted one in the app")]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({**note(), "deleted": True}, "trashed"),
        ({"uuid": "u9", "content_type": "Note", "deleted": True}, "trashed"),
        (note(trashed=True), "trashed"),
        (note(CANARY, noteType="authentication"), "template"),
        (note(CANARY, noteType="spreadsheet"), "template"),
        (note(""), "empty"),
        (note(5), "empty"),
        ({"content_type": "Note", "content": None}, "empty"),
        (CANARY, "bad_row"),
        (None, "bad_row"),
    ],
)
def test_one_item_without_words_does_not_end_the_file(lay, read, item, reason):
    found = read(lay(BACKUP, backup(note(), item, note())))

    assert [item.text for item in found if isinstance(item, Entry)] == ["Kept.", "Kept."]
    assert [(item.reason, item.where) for item in found if isinstance(item, Skip)] == [(reason, f"{BACKUP}, entry 2")]
    assert CANARY not in repr(found)


def test_what_is_no_note_is_not_read(lay, read):
    others = [{"content_type": kind, "content": {"title": CANARY, "text": CANARY}} for kind in ("SN|File", "Tag", None)]

    found = read(lay(BACKUP, backup(*others, note())))

    assert [item.text for item in found] == ["Kept."]
    assert CANARY not in repr(found)


def test_a_kind_of_note_or_block_that_is_no_text_costs_nothing(lay, read):
    tree = super_text({"type": [], "children": [leaf("Two.")]})

    found = read(lay(BACKUP, backup(note(noteType=[]), note(tree, noteType="super"))))

    assert [item.text for item in found] == ["Kept.", "Two."]


@pytest.mark.parametrize("references", [None, "u1", [None], [{"uuid": 5}], [{"uuid": "other"}]])
def test_tags_that_point_nowhere_cost_nothing(lay, read, references):
    tag = {"content_type": "Tag", "content": {"title": "work", "references": references}}

    assert [(item.text, item.tags) for item in read(lay(BACKUP, backup(tag, note())))] == [("Kept.", ())]


def test_a_note_may_have_many_tags_from_both_sides_of_it(lay, read):
    tags = [{"content_type": "Tag", "content": {"title": name, "references": [{"uuid": "u1"}]}} for name in "ab"]

    assert read(lay(BACKUP, backup(tags[0], note(), tags[1])))[0].tags == ("a", "b")


def test_what_comes_before_a_break_in_the_file_is_kept(lay, read):
    whole = backup(note(), note(CANARY))

    found = read(lay(BACKUP, whole[: whole.index(CANARY) + 5]))

    assert found[0].text == "Kept."
    assert (found[1].reason, found[1].where) == ("bad_json", f"{BACKUP}, after entry 1")


def test_a_date_that_cannot_be_read_keeps_the_note(lay, read):
    found = read(lay(BACKUP, backup({**note(), "created_at": "Thursday"})))

    assert found[0] == Notice("bad_date", f"{BACKUP}, entry 1")
    assert found[1].text == "Kept."


def test_a_title_alone_is_the_text(lay, read):
    (found,) = read(lay(BACKUP, backup(note("", title="Froze again."))))

    assert (found.text, found.title) == ("Froze again.", None)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("plain-text", "5 <b> 6", "5 <b> 6"),
        ("markdown", "**One.**", "**One.**"),
        (None, "One.", "One."),
        ("rich-text", "<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("super", super_text(block("paragraph", leaf("One "), leaf("two.")), block("heading", leaf("Three"))), None),
        (
            "super",
            super_text(block("list", block("listitem", leaf("One two.")), block("listitem", leaf("Three")))),
            None,
        ),
        (
            "super",
            super_text(block("paragraph", leaf("One "), block("link", leaf("two."))), block("x", leaf("Three"))),
            None,
        ),
        ("super", super_text(block("paragraph", leaf("One two."), {"type": "linebreak"}, leaf("Three"))), None),
        ("super", "not JSON", "not JSON"),
        ("super", "[1]", "[1]"),
        ("super", super_text(None, 5, block("paragraph"), {"type": "snfile", "fileUuid": "x"}), ""),
        ("super", '{"root":' + '{"children":[' * 100 + '{"text":"Deep."}' + "]}" * 100 + "}", "Deep."),
        ("super", "[" * 50_000, "[" * 50_000),
    ],
)
def test_the_text_of_each_editor(kind, text, expected):
    assert words(text, kind) == ("One two.\nThree" if expected is None else expected)
