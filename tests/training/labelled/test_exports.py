"""Every export of every tool gives back what was labelled, and nothing else."""

import json

import pytest
from tests.training.labelled.exports import EXPORTS, NOTES, ONE_ANNOTATOR, Said, lines, plain, zipped

from afterword_model.errors import ConfigError, InputError
from afterword_training.labelled import FORMATS, Agreement, LabelOptions, read_labelled
from afterword_training.labelled.tools import TOOLS

BEN = [each._replace(annotator="ben") for each in NOTES]


def words(text):
    return " ".join(text.split())


@pytest.mark.parametrize("kind", EXPORTS)
def test_an_export_gives_its_notes_in_order(desk, kind):
    format, name, write = EXPORTS[kind]

    labelled = desk.read(name, write(NOTES))

    assert [(words(note.text), note.label, note.votes) for note in labelled.notes] == [
        (words(said.text), said.label, 1) for said in NOTES
    ]
    assert labelled.set_aside == ()
    assert labelled.agreement is None
    assert {each for _, each in labelled.formats} == {format}
    if kind != "fasttext":
        assert [(note.id, note.text) for note in labelled.notes] == [(said.id, said.text) for said in NOTES]


@pytest.mark.parametrize("kind", EXPORTS)
def test_the_place_of_a_note_is_its_file_and_row(desk, kind):
    _, name, write = EXPORTS[kind]
    labelled = desk.read(name, write(NOTES))

    file = f"{name}/ana.jsonl" if kind == "doccano zip" else name
    first = 2 if name.endswith((".csv", ".tsv")) else 1
    assert [note.where for note in labelled.notes] == [f"{file}:{first + number}" for number in range(3)]


@pytest.mark.parametrize("kind", [kind for kind in EXPORTS if kind not in ONE_ANNOTATOR])
def test_an_export_of_two_annotators_gives_both_votes(desk, kind):
    _, name, write = EXPORTS[kind]
    ben = [BEN[0], BEN[1]._replace(label="neither"), BEN[2]]

    labelled = desk.read(name, write([*NOTES, *ben]))

    assert [note.votes for note in labelled.notes] == [2, 2]
    assert [each.reason for each in labelled.set_aside] == ["the annotators are divided: 1 rumination, 1 neither"]
    assert isinstance(labelled.agreement, Agreement)
    assert (labelled.agreement.notes, labelled.agreement.annotators) == (3, 2)
    assert len(labelled.votes) == 6


@pytest.mark.parametrize("kind", EXPORTS)
def test_a_format_can_be_forced(desk, kind):
    format, name, write = EXPORTS[kind]
    assert len(desk.read("export.bin" if "zip" not in kind else name, write(NOTES), format=format).notes) == 3


@pytest.mark.parametrize("kind", EXPORTS)
def test_the_files_ending_does_not_matter(desk, kind):
    format, _, write = EXPORTS[kind]
    assert {each for _, each in desk.read("download", write(NOTES)).formats} == {format}


@pytest.mark.parametrize("kind", [kind for kind in EXPORTS if not kind.startswith("fasttext")])
def test_several_files_of_several_tools_are_one_set(desk, kind):
    _, name, write = EXPORTS[kind]
    other = desk.put("more/ben.csv", EXPORTS["csv"][2](BEN))

    labelled = read_labelled([desk.put(name, write(NOTES)), other])

    assert [note.votes for note in labelled.notes] == [2, 2, 2]
    assert labelled.agreement is not None
    assert labelled.agreement.alpha == pytest.approx(1)


def test_an_unknown_label_is_an_error_that_lists_the_names(desk):
    said = [NOTES[0]._replace(label="Grübeln"), NOTES[1]._replace(label="Grübeln"), NOTES[2]._replace(label="unsure")]
    with pytest.raises(InputError) as caught:
        desk.read("notes.jsonl", lines(plain(said)))
    assert str(caught.value) == (
        "Unknown labels: Grübeln (2 times), unsure (1 times); the first in notes.jsonl:1. "
        "Map each to one of ours (reflection, rumination, neither) or to skip, "
        'as in --label "Grübeln=reflection".'
    )


def test_names_are_mapped_and_skipped_ones_set_aside(desk, labels, reasons):
    said = [
        NOTES[0]._replace(label="Grübeln"),
        NOTES[1]._replace(label="REFLECTIVE"),
        NOTES[2]._replace(label="not sure"),
    ]
    labelled = desk.read("n.jsonl", lines(plain(said)), labels={"GRÜBELN": "rumination", "Not_Sure": "skip"})

    assert labels(labelled) == {"e1": "rumination", "e2": "reflection"}
    assert reasons(labelled) == ["its label is mapped to be skipped"]


@pytest.mark.parametrize("kind", [kind for kind in EXPORTS if kind not in ("numbered parquet", "spacy")])
def test_an_unknown_label_is_an_error_in_every_format(desk, kind):
    _, name, write = EXPORTS[kind]
    with pytest.raises(InputError, match="Unknown labels: Grübeln"):
        desk.read(name, write([*NOTES, Said("e4", "I said it again.", "Grübeln")]))


def test_notes_of_a_group_bear_its_name(desk):
    rows = [row | {"client": f"c{number // 2}"} for number, row in enumerate(plain(NOTES))]
    assert [note.group for note in desk.read("n.jsonl", lines(rows), group_field="client").notes] == ["c0", "c0", "c1"]
    assert [note.group for note in desk.read("n.jsonl", lines(rows)).notes] == ["e1", "e2", "e3"]


GROUPED = {
    "label-studio json": lambda data: [task["data"] for task in data],
    "label-studio json_min": lambda data: data,
    "argilla nested": lambda data: [record["metadata"] for record in data],
    "argilla flat": lambda data: data,
    "doccano json": lambda data: data,
    "json": lambda data: data,
}


@pytest.mark.parametrize("kind", GROUPED)
def test_each_tool_keeps_groups_in_its_own_place(desk, kind):
    _, name, write = EXPORTS[kind]
    data = json.loads(write(NOTES))
    for number, place in enumerate(GROUPED[kind](data)):
        place["client"] = number // 2

    labelled = desk.read(name, json.dumps(data).encode(), group_field="client")

    assert [note.group for note in labelled.notes] == ["0", "0", "1"]
    assert not [notice for notice in labelled.notices if "client" in notice]


def test_a_group_field_that_no_row_has_is_an_error(desk):
    with pytest.raises(ConfigError, match="No row has a field named client"):
        desk.read("n.jsonl", lines(plain(NOTES)), group_field="client")


def test_rows_without_a_group_are_told(desk):
    rows = [plain(NOTES)[0] | {"client": "c"}, *plain(NOTES)[1:]]
    labelled = desk.read("n.jsonl", lines(rows), group_field="client")

    assert [note.group for note in labelled.notes] == ["c", "e2", "e3"]
    assert labelled.notices == ("2 answers have no client; each of their notes is a group by itself.",)


def test_options_may_be_left_out(desk):
    assert len(read_labelled([desk.put("n.jsonl", lines(plain(NOTES)))]).notes) == 3
    assert LabelOptions() == LabelOptions()


def test_a_zip_of_several_formats_is_read_whole(desk):
    data = zipped({"a/choice.jsonl": EXPORTS["prodigy choice"][2](NOTES), "b.csv": EXPORTS["csv"][2](BEN)})
    labelled = desk.read("all.zip", data)

    assert labelled.formats == (("all.zip/a/choice.jsonl", "prodigy"), ("all.zip/b.csv", "table"))
    assert [note.votes for note in labelled.notes] == [2, 2, 2]


def test_the_formats_are_those_that_can_be_forced():
    assert set(FORMATS) == set(TOOLS) == {format for format, _, _ in EXPORTS.values()}
