"""doccano, spaCy, fastText."""

import pytest
from tests.training.labelled.exports import NOTES, cats, document, documents, dumps, lines, table, zipped

ONE = NOTES[1]


def test_a_doccano_member_is_an_annotator(desk, reasons):
    ben = [document(each, number, label=[]) for number, each in enumerate(NOTES, 1)]
    labelled = desk.read("d.zip", zipped({"ana.jsonl": lines(documents(NOTES)), "ben.jsonl": lines(ben)}))

    assert {vote.annotator for vote in labelled.votes} == {"ana"}
    assert reasons(labelled) == ["it has no label"] * 3
    assert [each.where for each in labelled.set_aside] == [f"d.zip/ben.jsonl:{row}" for row in (1, 2, 3)]


def test_a_collaborative_doccano_project_has_one_annotator_for_all(desk):
    labelled = desk.read("d.zip", zipped({"all.jsonl": lines(documents(NOTES))}))
    assert {vote.annotator for vote in labelled.votes} == {"all"}


@pytest.mark.parametrize(
    ("label", "why"),
    [
        ([], "it has no label"),
        (["neither", "rumination"], "several labels were chosen"),
        ([[0, 4, "rumination"]], "its labels mark stretches of the text, not the whole"),
        ([{"id": 1, "label": "rumination"}], "its labels mark stretches of the text, not the whole"),
    ],
)
def test_a_doccano_row_without_one_label_is_told(desk, reasons, label, why):
    labelled = desk.read("ana.jsonl", lines([document(ONE, label=label), document(NOTES[0])]))
    assert [note.id for note in labelled.notes] == ["e1"]
    assert reasons(labelled) == [why]


def test_two_names_of_one_label_are_one_label(desk, labels):
    assert labels(desk.read("a.jsonl", lines([document(ONE, label=["Rumination", "ruminative"])]))) == {
        "e2": "rumination"
    }


def test_doccanos_comments_and_guesses_are_not_labels(desk, reasons):
    row = document(ONE, label=[], Comments=["rumination"], suggestion="rumination")
    assert reasons(desk.read("a.jsonl", lines([row]))) == ["it has no label"]


@pytest.mark.parametrize(
    ("cell", "why"), [("", "it has no label"), ("neither#rumination", "several labels were chosen")]
)
def test_doccanos_csv_joins_labels(desk, reasons, cell, why):
    assert reasons(desk.read("a.csv", table([document(ONE) | {"label": cell}]))) == [why]


def test_a_doccano_label_may_hold_the_joint(desk, labels):
    data = table([document(ONE) | {"label": "type #2"}])
    assert labels(desk.read("a.csv", data, labels={"type #2": "rumination"})) == {"e2": "rumination"}


def test_older_doccano_calls_the_text_data(desk, labels):
    row = {("data" if key == "text" else key): value for key, value in document(ONE).items()}
    assert labels(desk.read("a.jsonl", lines([row]))) == {"e2": "rumination"}


def test_doccanos_silence_on_confirmation_is_told(desk):
    (notice,) = desk.read("a.jsonl", lines([document(ONE)])).notices
    assert notice.startswith("a.jsonl: doccano does not tell which labels a person confirmed.")


@pytest.mark.parametrize(
    ("scores", "why"),
    [
        ({"REFLECTION": 0.0, "RUMINATION": 0.0}, "none of its categories is 1"),
        ({}, "none of its categories is 1"),
        ({"REFLECTION": 1, "RUMINATION": 1.0}, "several labels were chosen"),
        ({"REFLECTION": 0.2, "RUMINATION": 0.8}, "its categories are scores between 0 and 1, not labels"),
    ],
)
def test_spacys_categories_without_one_label_are_told(desk, reasons, scores, why):
    rows = [cats(ONE) | {"cats": scores}, cats(NOTES[0])]
    labelled = desk.read("train.jsonl", lines(rows))
    assert [note.id for note in labelled.notes] == ["e1"]
    assert reasons(labelled) == [why]


def test_spacys_categories_may_be_true_and_false(desk, labels):
    row = cats(ONE) | {"cats": {"REFLECTION": False, "RUMINATION": True}}
    assert labels(desk.read("train.json", dumps([row]))) == {"e2": "rumination"}


def fast(desk, text):
    return desk.read("train.txt", text.encode())


def test_fasttext_labels_stand_before_the_text(desk, reasons):
    labelled = fast(desk, "__label__rumination I said it.\r\n\r\n__label__neither __label__rumination Room 4.\n")
    assert [(note.text, note.label, note.where) for note in labelled.notes] == [
        ("I said it.", "rumination", "train.txt:1")
    ]
    assert reasons(labelled) == ["several labels were chosen"]


def test_doccanos_comments_in_fasttext_are_cut_off(desk):
    assert [note.text for note in fast(desk, "__label__neither Room 4. __comment__sure of it\n").notes] == ["Room 4."]


def test_a_fasttext_line_in_quotation_marks_is_read_without_them(desk):
    assert [note.text for note in fast(desk, '"__label__neither Room 4, ""big"" group."\n').notes] == [
        'Room 4, "big" group.'
    ]


def test_a_note_broken_over_lines_is_not_read_by_halves(desk, reasons):
    labelled = fast(desk, "__label__rumination It was bad.\nNext time I ask.\n__label__neither Room 4.\n")

    assert [note.text for note in labelled.notes] == ["Room 4."]
    assert reasons(labelled) == [
        "the line below has no label, so the note may go on there; export as JSON Lines",
        "the line has no label; export notes of several lines as JSON Lines",
    ]


def test_a_fasttext_line_without_text_is_told(desk, reasons):
    assert reasons(fast(desk, "__label__neither\n__label__neither Room 4.\n")) == ["its text is empty"]


@pytest.mark.parametrize(
    "columns",
    [
        {"id": 1, "text": ONE.text, "annotator": "cy", "label": "rumination", "Comments": "sure"},
        {"id": "e2", "text": ONE.text, "label": "rumination", "Comments": "sure"},
        {"id": 1, "text": ONE.text, "label": "rumination", "why": "", "Comments": "sure"},
        {"text": ONE.text, "id": 1, "label": "rumination", "Comments": "sure"},
    ],
)
def test_a_teams_own_table_with_comments_is_not_doccanos(desk, columns):
    labelled = desk.read("a.csv", table([columns]))
    assert labelled.formats == (("a.csv", "table"),)
    assert [vote.annotator for vote in labelled.votes] == [columns.get("annotator", "a")]
