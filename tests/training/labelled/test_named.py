"""What users name has to be in their files: fields, and who settles a note."""

import json

import pytest
from tests.training.labelled.exports import EXPORTS, NOTES, Said, dumps, lines, record, table, task

from afterword_model.errors import ConfigError

ROWS = [{"id": "e1", "text": "Room 4.", "label": "neither", "annotator": name} for name in ("ana", "ben")]


@pytest.mark.parametrize("field", ["id_field", "annotator_field", "group_field"])
@pytest.mark.parametrize("kind", ["csv", "prodigy choice", "label-studio json", "argilla nested", "fasttext"])
def test_a_field_that_no_row_has_is_an_error(desk, field, kind):
    option = "--" + field.replace("_", "-")
    with pytest.raises(ConfigError, match=f"No row has a field named codr. Check the name given with {option}"):
        desk.read("n", EXPORTS[kind][2](NOTES), **{field: "codr"})


def test_an_adjudicator_whom_nobody_knows_is_an_error_that_names_those_there_are(desk):
    with pytest.raises(ConfigError, match=r"No annotator is called Ana. There are ana, ben. Check the name"):
        desk.read("n.csv", table(ROWS), adjudicator="Ana")


def test_ten_annotators_are_named_at_most(desk):
    rows = [ROWS[0] | {"annotator": f"a{number}"} for number in range(12)]
    with pytest.raises(ConfigError, match=r"There are a0, .*, a9 and 2 more\."):
        desk.read("n.csv", table(rows), adjudicator="zoe")


def test_a_text_in_an_annotators_place_is_not_repeated(desk, canary):
    rows = [ROWS[0] | {"text": text} for text in (canary, " ".join(canary.split()[:2]))]
    with pytest.raises(ConfigError) as caught:
        desk.read("n.csv", table(rows), adjudicator="zoe", annotator_field="text")
    assert str(caught.value) == "No annotator is called zoe. Check the name given with --adjudicator."


def in_label_studio():
    return dumps([task([each]) | {"meta": {"coder": "cy"}} for each in NOTES])


def in_argilla():
    return dumps([record([each], metadata={"coder": "cy"}) for each in NOTES])


def flat():
    rows = json.loads(EXPORTS["label-studio json_min"][2](NOTES))
    return lines(row | {"coder": "cy"} for row in rows)


@pytest.mark.parametrize("write", [in_label_studio, in_argilla, flat])
def test_the_annotators_field_wins_over_the_tools_own(desk, write):
    labelled = desk.read("n", write(), annotator_field="coder")
    assert {vote.annotator for vote in labelled.votes} == {"cy"}


def test_the_tools_own_field_may_be_named(desk):
    data = EXPORTS["label-studio json"][2]([Said("e1", "Room 4.", "neither")])
    (vote,) = desk.read("n", data, annotator_field="completed_by").votes
    assert vote.annotator == "ana@example.org"
