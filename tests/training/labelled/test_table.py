import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.training.labelled.exports import NOTES, dumps, lines, parquet, plain, table

from afterword_model.errors import ConfigError, InputError

ONE = NOTES[1]
ROW = {"id": "e2", "text": ONE.text, "label": "rumination"}
RESULT = ROW | {"p_reflection": 0.1, "p_rumination": 0.8, "p_neither": 0.1, "lean": 0.1, "sure": False}


@pytest.mark.parametrize("empty", ["", "  ", None])
def test_a_row_without_a_label_is_told(desk, reasons, empty):
    rows = [ROW | {"label": empty}]
    for name, data in (("n.csv", table(rows)), ("n.jsonl", lines(rows)), ("n.parquet", parquet(rows))):
        assert reasons(desk.read(name, data)) == ["it has no label"]


@pytest.mark.parametrize(("value", "why"), [("", "empty"), (" \n", "empty"), (None, "empty"), (7, "not text")])
def test_a_row_without_a_text_is_told(desk, reasons, value, why):
    assert reasons(desk.read("n.jsonl", lines([ROW | {"text": value}, ROW]))) == [f"its text is {why}"]


def test_without_an_annotator_column_the_file_names_the_annotator(desk):
    (vote,) = desk.read("ana.csv", table([ROW])).votes
    assert (vote.annotator, vote.where, vote.key) == ("ana", "ana.csv:2", "e2")


def test_columns_are_found_by_name_whatever_their_case(desk, labels):
    rows = [{"Uuid": "e2", "Body": ONE.text, " Category ": "Rumination"}]
    assert labels(desk.read("n.csv", table(rows, delimiter=";"))) == {"e2": "rumination"}


def test_columns_of_other_names_have_to_be_named(desk, labels):
    rows = [{"key": "e2", "words": ONE.text, "verdict": "rumination", "who": "cy"}]
    named = {"text_field": "words", "label_field": "verdict", "id_field": "key", "annotator_field": "who"}

    with pytest.raises(ConfigError, match=r"n.csv has no field named label, .* with --label-field"):
        desk.read("n.csv", table(rows))
    with pytest.raises(ConfigError, match=r"n.csv has no field named text, .* with --text-field"):
        desk.read("n.csv", table(rows), label_field="verdict")
    labelled = desk.read("n.csv", table(rows), **named)
    assert labels(labelled) == {"e2": "rumination"}
    assert labelled.votes[0].annotator == "cy"


def test_two_columns_that_could_be_the_text_have_to_be_told_apart(desk):
    rows = [{"note": ONE.text, "body": "x", "label": "rumination"}]
    with pytest.raises(ConfigError, match="In n.csv note and body could be the text"):
        desk.read("n.csv", table(rows))
    assert len(desk.read("n.csv", table(rows), text_field="note").notes) == 1


def test_a_column_called_text_needs_no_telling(desk):
    assert desk.read("n.csv", table([ROW | {"note": "asked her again"}])).notes[0].text == ONE.text


def test_two_columns_of_one_name_are_refused(desk):
    with pytest.raises(InputError, match="n.csv: column 3 bears the name of one before"):
        desk.read("n.csv", b"text,label,label\na,neither,rumination\n")


@pytest.mark.parametrize("name", ["n.csv", "n.jsonl", "n.parquet"])
def test_a_models_answers_are_never_labels(desk, name):
    data = {"n.csv": table, "n.jsonl": lines, "n.parquet": parquet}[name]([RESULT])
    with pytest.raises(InputError, match="holds a model's answers, and those are never labels"):
        desk.read(name, data)


def test_a_persons_column_beside_a_models_answers_is_read(desk, labels):
    assert labels(desk.read("n.csv", table([RESULT | {"mine": "neither"}]), label_field="mine")) == {"e2": "neither"}


def test_a_suggestion_is_never_a_label(desk, reasons):
    assert reasons(desk.read("n.csv", table([RESULT | {"label": "", "suggestion": "rumination"}]))) == [
        "it has no label"
    ]


def test_numbers_are_labels_once_mapped(desk, labels):
    rows = [ROW | {"label": 1}, ROW | {"id": "e3", "label": 0.0}, ROW | {"id": "e4", "label": None}]
    with pytest.raises(InputError, match=r"Unknown labels: 1 \(1 times\), 0 \(1 times\)"):
        desk.read("n.jsonl", lines(rows))
    assert labels(desk.read("n.parquet", parquet(rows), labels={"0": "reflection", "1": "rumination"})) == {
        "e2": "rumination",
        "e3": "reflection",
    }


def test_apostrophes_before_formulas_go_from_our_own_tables_only(desk):
    guarded = {"id": "'=e2", "text": "'- one\n'=two", "label": "rumination"}
    ours = guarded | {"suggestion": "neither", "p_reflection": 0.2, "p_rumination": 0.2, "p_neither": 0.6}

    (note,) = desk.read("n.csv", table([ours])).notes
    assert (note.id, note.text) == ("=e2", "- one\n'=two")
    assert desk.read("n.csv", table([guarded])).notes[0].text == guarded["text"]
    assert desk.read("n.jsonl", lines([ours])).notes[0].text == guarded["text"]


def test_halves_of_characters_are_replaced(desk):
    data = dumps([ROW]).replace(b"All night", b"All \\ud83d night")
    assert "All \ufffd night" in desk.read("n.json", data).notes[0].text


def test_a_row_longer_than_the_header_is_told(desk, reasons):
    data = b"text,label\nRoom 4,neither\nwell, then,neither\nRoom 5,neither,\n\n,\n"
    labelled = desk.read("n.csv", data)

    assert [(note.text, note.where) for note in labelled.notes] == [("Room 4", "n.csv:2"), ("Room 5", "n.csv:4")]
    assert reasons(labelled) == ["it has more cells than the header"]


def test_a_row_with_a_torn_quotation_is_told(desk, reasons):
    labelled = desk.read("n.csv", b'text,label\n"Room 4"x,neither\nRoom 5,neither\n')
    assert [note.text for note in labelled.notes] == ["Room 5"]
    assert reasons(labelled) == ["it cannot be parted into cells; a quotation mark is missing or too many"]


TORN = "cannot be parted into cells; a quotation mark is missing or too many"


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ('1,"She said "wait" to me.\nAnd then I waited, and I will ask first",reflection', 3),
        ('1,"She said "wait" to me.\nI left, sadly, alone\n\nor so, I know",neither', 5),
        ('1,"She is 5" tall, I know.\nI waited, sadly",neither', 3),
        ('1,"open,neither\n2,Lost.,neither\n3,"She left, again.",neither', 4),
    ],
)
def test_of_a_torn_row_no_line_becomes_a_note_or_a_label(desk, rows, last):
    labelled = desk.read("n.csv", f'id,text,label\n{rows}\n7,Room 5,neither\n8,"One,\nand two",neither\n'.encode())

    assert [(note.id, note.text, note.where) for note in labelled.notes] == [
        ("7", "Room 5", f"n.csv:{last + 1}"),
        ("8", "One,\nand two", f"n.csv:{last + 2}"),
    ]
    assert [str(each) for each in labelled.set_aside] == [f"n.csv:2: rows 2 to {last} {TORN}."]


def test_a_quotation_never_closed_is_told_to_the_end(desk):
    labelled = desk.read("n.csv", b'text,label\nRoom 4,neither\n"Room 5,neither\nRoom 6,neither\n')
    assert [note.text for note in labelled.notes] == ["Room 4"]
    assert [str(each) for each in labelled.set_aside] == [f"n.csv:3: rows 3 to 4 {TORN}."]


def test_a_declared_separator_is_believed(desk):
    assert [note.text for note in desk.read("n.csv", b"sep=;\r\ntext;label\r\nRoom 4, big;neither\r\n").notes] == [
        "Room 4, big"
    ]


def test_notes_of_the_same_words_stay_apart_by_id(desk):
    rows = [ROW, ROW | {"id": "e9"}]
    assert [note.id for note in desk.read("n.csv", table(rows)).notes] == ["e2", "e9"]


def test_a_whole_corpus_line_is_a_row(desk):
    row = plain(NOTES)[0] | {"slice": "plain", "author": "A", "markers": [{"span": "x", "kind": "next_step"}]}
    (note,) = desk.read("A.jsonl", lines([row]), group_field="author").notes
    assert note.group == "A"


@pytest.mark.parametrize("options", [{}, {"format": "doccano"}])
@pytest.mark.parametrize("order", [[*RESULT], ["id", "text", *(name for name in RESULT if name[0] in "pls")]])
def test_comments_do_not_make_a_models_answers_labels(desk, options, order):
    names = [name for name in order if name != "label"]
    row = {name: (RESULT | {"id": 1})[name] for name in names} | {"label": "rumination", "Comments": "mine"}
    with pytest.raises(InputError, match="holds a model's answers, and those are never labels"):
        desk.read("n.csv", table([row]), **options)


def test_one_odd_date_in_parquet_costs_that_date_alone(desk):
    dates = pa.array([2**31 - 1, 0], pa.int32()).cast(pa.date32())
    rows = {"day": dates, "text": ["Room 4", "Room 5"], "label": ["neither"] * 2}
    stream = io.BytesIO()
    pq.write_table(pa.table(rows), stream)

    notes = desk.read("n.parquet", stream.getvalue(), group_field="day").notes

    assert [(note.text, note.group) for note in notes] == [("Room 4", "n.parquet:1"), ("Room 5", "1970-01-01")]
