"""Files, folders and zips; encodings; damage. No message repeats what a file held."""

import json
import os
import zipfile

import pytest
from tests.training.labelled.exports import EXPORTS, NOTES, Said, dumps, lines, plain, table, zipped

from afterword_model.errors import AfterwordError, InputError
from afterword_training.labelled import LabelOptions, read_labelled
from afterword_training.labelled import files as labelled_files

ROW = {"id": "e2", "text": "«été» – 40 €", "label": "rumination"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
@pytest.mark.parametrize("write", [lambda row: table([row]), lambda row: lines([row]), lambda row: dumps([row])])
def test_marked_encodings_are_read(desk, encoding, write):
    (note,) = desk.read("n", write(ROW).decode().encode(encoding)).notes
    assert note.text == ROW["text"]


def test_windows_1252_is_read_and_told(desk):
    labelled = desk.read("n.csv", table([ROW], delimiter=";").decode().encode("cp1252"))
    assert labelled.notes[0].text == ROW["text"]
    assert labelled.notices == ("n.csv is not UTF-8 and was read as Windows-1252.",)


def test_a_folder_stands_for_its_files(desk):
    desk.put("all/b/choice.jsonl", EXPORTS["prodigy choice"][2](NOTES))
    desk.put("all/a.csv", EXPORTS["csv"][2]([each._replace(annotator="ben") for each in NOTES]))
    desk.put("all/.argilla/settings.json", b"{}")
    desk.put("all/README.md", b"# Labels, and how they came about\n")
    desk.put("all/empty.jsonl", b"")

    labelled = read_labelled([desk.folder / "all"])

    assert labelled.formats == (("all/a.csv", "table"), ("all/b/choice.jsonl", "prodigy"))
    assert [note.votes for note in labelled.notes] == [2, 2, 2]
    assert [each.where for each in labelled.set_aside] == ["all/README.md", "all/empty.jsonl"]
    assert str(labelled.set_aside[1]) == "all/empty.jsonl: is empty."


STRAY = {
    "plan.docx": zipped({"[Content_Types].xml": b"<x/>"}),
    "cut.zip": EXPORTS["doccano zip"][2](NOTES)[:-9],
    "texts.csv": table([{"id": "e1", "text": "Room 4."}]),
}


def test_stray_files_in_a_folder_are_set_aside_with_the_reason(desk):
    desk.put("all/ana.csv", table([ROW]))
    for name, data in STRAY.items():
        desk.put(f"all/{name}", data)

    labelled = read_labelled([desk.folder / "all"])

    assert [note.id for note in labelled.notes] == ["e2"]
    assert {str(each) for each in labelled.set_aside} == {
        "all/plan.docx: is an office document. Save the table as CSV and give that file.",
        "all/cut.zip: is a damaged zip. Download it again.",
        "all/texts.csv: has no field named label, labels, category.",
    }


@pytest.mark.parametrize("name", STRAY)
def test_the_same_files_are_errors_where_they_were_named(desk, name):
    with pytest.raises(AfterwordError, match=name):
        read_labelled([desk.put("ana.csv", table([ROW])), desk.put(name, STRAY[name])])


def test_a_models_answers_in_a_folder_are_an_error(desk):
    scores = {"p_reflection": 0.1, "p_rumination": 0.8, "p_neither": 0.1}
    desk.put("all/ana.csv", table([ROW]))
    desk.put("all/results.csv", table([ROW | scores]))
    with pytest.raises(InputError, match="all/results.csv holds a model's answers"):
        read_labelled([desk.folder / "all"])


def test_a_label_field_that_no_file_of_a_folder_has_is_told(desk):
    desk.put("all/ana.csv", table([ROW]))
    with pytest.raises(InputError, match=r"no labelled file in all. all/ana.csv: has no field named verdict\."):
        read_labelled([desk.folder / "all"], LabelOptions(label_field="verdict"))


@pytest.mark.parametrize("named", [False, True])
def test_copies_of_two_people_under_one_name_are_of_two_annotators(desk, named):
    files = [desk.put(f"all/{name}/tasks.csv", table([ROW])) for name in ("ana", "ben")]
    labelled = read_labelled(files if named else [desk.folder / "all"])

    assert [note.votes for note in labelled.notes] == [2]
    annotators = [vote.annotator for vote in labelled.votes]
    assert [each.rpartition("all/")[2] for each in annotators] == ["ana/tasks", "ben/tasks"]


def test_files_that_are_called_alike_are_told_apart(desk):
    one, two = (desk.put(f"{name}/all.csv", table([ROW])) for name in "ab")
    labelled = read_labelled([one, two])
    assert labelled.notes[0].where == f"{one.resolve().as_posix()}:2"


def test_a_zip_is_read_without_what_systems_leave_in_it(desk):
    members = {"__MACOSX/._ana.jsonl": b"\x00", ".DS_Store": b"\x00", "ana.jsonl": EXPORTS["jsonl"][2](NOTES)}
    labelled = desk.read("d.zip", zipped(members))
    assert len(labelled.notes) == 3
    assert labelled.set_aside == ()


def test_a_zip_in_a_zip_and_an_encrypted_member_are_told(desk, reasons):
    data = bytearray(zipped({"a.zip": zipped({"x": b""}), "b.csv": table([ROW]), "c.csv": table([ROW])}))
    place = data.rfind(b"PK\x01\x02")
    data[place + 8] |= 1

    labelled = desk.read("d.zip", bytes(data))

    assert len(labelled.notes) == 1
    assert reasons(labelled) == [
        "it is a zip in a zip; unpack the outer one",
        "it is encrypted; unpack the zip and give the files",
    ]


def test_a_zip_without_labelled_files_is_an_error(desk):
    with pytest.raises(InputError, match=r"There is no labelled file in d.zip\."):
        desk.read("d.zip", zipped({"readme.txt": b"hello"}))


def test_a_zip_that_unpacks_too_large_is_refused(desk, monkeypatch):
    monkeypatch.setattr(labelled_files, "LARGEST", 1 << 20)
    path = desk.folder / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * (2 << 20))
    with pytest.raises(InputError, match="unpacks to more than 1 MB"):
        read_labelled([path])


WRONG = {
    "empty": (b"", "n is empty."),
    "blank": (b" \n", "n is empty."),
    "binary": (b"\x89PNG\x00\x01", "n is neither a table nor JSON."),
    "prose": (b"I said it again.\nAll night.\n", "n is in none of the formats that can be read."),
    "cut JSON": (dumps([ROW])[:-9], "n is not whole JSON (line 1, column "),
    "deep JSON": (b"[" * 100_000, "n is not whole JSON"),
    "cut Parquet": (EXPORTS["parquet"][2](NOTES)[:-9], "n is not a whole Parquet file."),
    "cut zip": (EXPORTS["doccano zip"][2](NOTES)[:-9], "n is a damaged zip."),
    "office": (zipped({"[Content_Types].xml": b"<x/>"}), "n is an office document. Save the table as CSV"),
    "only broken lines": (b"{a\n{b\n", "n holds no row that can be read."),
    "texts": (b'["a", "b"]', "n holds no row that can be read."),
    "header alone": (b"text,label\n", "n holds no row that can be read."),
}


@pytest.mark.parametrize(("data", "words"), WRONG.values(), ids=WRONG)
def test_a_file_that_cannot_be_read_is_an_error_that_names_it(desk, data, words):
    with pytest.raises(InputError) as caught:
        desk.read("n", data)
    assert str(caught.value).startswith(words)


def test_a_missing_file_and_one_named_twice_are_errors(desk):
    path = desk.put("n.csv", table([ROW]))
    with pytest.raises(InputError, match=r"There is no file or folder .*gone.csv"):
        read_labelled([path, desk.folder / "gone.csv"])
    with pytest.raises(InputError, match="is named twice"):
        read_labelled([path, desk.folder / "." / "n.csv"])


@pytest.mark.parametrize("inner", ["all/b/ana.csv", "all/b"])
def test_a_file_that_a_folder_names_again_is_an_error(desk, inner):
    desk.put("all/b/ana.csv", table([ROW]))
    with pytest.raises(InputError, match=r"ana\.csv is named twice, by itself or by a folder"):
        read_labelled([desk.folder / "all", desk.folder / inner])


def test_an_empty_folder_is_an_error(tmp_path):
    with pytest.raises(InputError, match="There are no files in"):
        read_labelled([tmp_path])


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind the superuser")
def test_a_file_that_may_not_be_read_is_an_error(desk):
    path = desk.put("n.csv", table([ROW]))
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be read"):
        read_labelled([path])


def test_broken_lines_do_not_stop_the_file(desk):
    data = lines(plain(NOTES[:1])) + b'{"id": "e9", "text": "cut\n\n"words"\n' + lines(plain(NOTES[1:]))
    labelled = desk.read("n.jsonl", data)

    assert [note.id for note in labelled.notes] == ["e1", "e2", "e3"]
    assert [str(each) for each in labelled.set_aside] == [
        "n.jsonl:2: the line is not JSON (column 22).",
        "n.jsonl:4: it is not a record with named fields.",
    ]


def test_a_name_that_could_steer_a_terminal_is_shown_harmless(desk):
    (note,) = desk.read("a\x1b[31m.csv", table([ROW])).notes
    assert note.where == "a?[31m.csv:2"


CANARY = "Zorvexian marmalade quibbled"


def leaks(canary):
    yield "label is the text", lines([{"text": canary, "label": canary}])
    yield "label is another text", lines([{"text": "a", "label": canary}])
    yield "many short ones", lines([{"text": "a", "label": f"{canary[:9]} {number}"} for number in range(30)])
    yield "one short text", lines([{"text": "a", "label": canary.rpartition(" ")[0]}])
    yield "texts of a word", lines([{"text": canary.split()[0], "label": "neither"}] * 2)
    yield "a field", lines([{canary: "a", "label": "neither"}])
    yield "no text field", table([{canary: canary, "label": "neither"}])
    yield "two columns", f"{canary},{canary},text,label\na,b,c,neither\n".encode()
    yield "broken line", f'{{"text": "{canary}'.encode()
    yield "broken array", f'[{{"text": "{canary}'.encode()
    yield "torn quotation", f'text,label\n"{canary}"x,neither\n{canary},x,y\n{canary},neither\n'.encode()
    yield "torn lines", f'text,label\n"She said "no" to me.\nIt was, {canary.split()[0]}\nI know",neither\n'.encode()
    yield "prose", canary.encode()
    yield "no text", lines([{"text": [canary], "label": "neither"}, {"text": {"a": canary}, "label": "neither"}])
    yield "unlabelled", lines([{"text": canary, "label": ""}, {"text": canary, "label": ["neither", "rumination"]}])
    yield "divided", lines([{"id": canary[:3], "text": canary, "label": "neither", "annotator": "a"}] * 2)
    yield "fasttext", f"__label__neither {canary}\n{canary}\n".encode()
    yield "questions", dumps([{"fields": {"text": canary}, "responses": {canary: [], canary + "2": []}}])
    yield "controls", dumps(json.loads(EXPORTS["label-studio json"][2]([Said("1", canary, canary)])))
    for kind in ("prodigy choice", "argilla nested", "doccano csv", "doccano jsonl", "csv"):
        yield f"unknown in {kind}", EXPORTS[kind][2]([Said("1", canary, canary)])


@pytest.mark.parametrize("data", [data for _, data in leaks(CANARY)], ids=[name for name, _ in leaks(CANARY)])
@pytest.mark.parametrize("options", [LabelOptions(), LabelOptions(label_field="text")], ids=["", "text as label"])
def test_what_a_file_held_is_in_no_message(desk, data, options):
    try:
        labelled = read_labelled([desk.put("n", data)], options)
        said = [str(each) for each in labelled.set_aside] + list(labelled.notices) + [str(labelled.agreement)]
    except AfterwordError as err:
        said = [str(err)]
    assert said
    for words in CANARY.casefold().split():
        assert all(words not in each.casefold() for each in said)
