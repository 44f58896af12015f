import pytest
from tests.training.labelled.exports import (
    NOTES,
    dumps,
    flat_record,
    lines,
    old_record,
    parquet,
    record,
    struct_of_lists,
    table,
    zipped,
)

from afterword_model.errors import ConfigError, InputError

ONE = NOTES[1]
TWO = [ONE, ONE._replace(label="neither", annotator="ben")]
STATES = [("draft", "a response is only a draft"), ("discarded", "an annotator discarded it")]


def test_a_nested_record_is_trusted_only_when_completed(desk, reasons, labels):
    records = [record([ONE], status=status) for status in ("pending", None)] + [record([NOTES[0]])]
    labelled = desk.read("records.json", dumps(records))

    assert labels(labelled) == {"e1": "reflection"}
    assert reasons(labelled) == ["the record is not completed, so its responses may be drafts"] * 2


@pytest.mark.parametrize("responses", [{}, None, {"label": []}, {"certainty": [{"value": 3, "user_id": "u"}]}])
def test_a_record_without_responses_is_unlabelled_whatever_was_suggested(desk, reasons, responses):
    records = [record([ONE], responses=responses), record([NOTES[0]])]
    assert reasons(desk.read("records.json", dumps(records))) == ["it has no response"]


@pytest.mark.parametrize(("state", "why"), STATES)
def test_a_flat_record_gives_only_what_was_submitted(desk, reasons, labels, state, why):
    rows = [flat_record(TWO, **{"label.responses.status": ["submitted", state]})]
    for name, data in (("flat.json", dumps(rows)), ("flat.parquet", parquet(rows))):
        labelled = desk.read(name, data)
        assert labels(labelled) == {"e2": "rumination"}
        assert reasons(labelled) == [why]


def test_a_flat_record_need_not_be_completed(desk, labels):
    assert labels(desk.read("flat.json", dumps([flat_record([ONE], status="pending")]))) == {"e2": "rumination"}


def test_a_flat_record_without_states_has_to_be_completed(desk, reasons, labels):
    rows = [flat_record([ONE], status="pending"), flat_record([NOTES[0]])]
    for row in rows:
        del row["label.responses.status"]
    labelled = desk.read("flat.json", dumps(rows))

    assert labels(labelled) == {"e1": "reflection"}
    assert reasons(labelled) == ["the record is not completed, so its responses may be drafts"]


def test_lists_of_differing_length_are_told(desk, reasons):
    rows = [flat_record([ONE], **{"label.responses.status": ["submitted", "draft"]})]
    assert reasons(desk.read("flat.json", dumps(rows))) == ["its lists of users, values and states differ in length"]


@pytest.mark.parametrize("empty", [None, []])
def test_a_flat_record_without_responses_is_unlabelled_whatever_was_suggested(desk, reasons, empty):
    columns = ("label.responses", "label.responses.users", "label.responses.status")
    rows = [flat_record([ONE], **dict.fromkeys(columns, empty)), flat_record([NOTES[0]])]
    labelled = desk.read("flat.parquet", parquet(rows))

    assert [note.id for note in labelled.notes] == ["e1"]
    assert reasons(labelled) == ["it has no response"]


@pytest.mark.parametrize(("state", "why"), STATES)
def test_a_record_of_version_1_gives_only_what_was_submitted(desk, reasons, labels, state, why):
    row = old_record(TWO)
    row["label"][1]["status"] = state
    for name, data in (("v1.jsonl", lines([row])), ("v1.parquet", parquet([struct_of_lists(row)]))):
        labelled = desk.read(name, data)
        assert labels(labelled) == {"e2": "rumination"}
        assert reasons(labelled) == [why]


def test_metadata_of_version_1_is_json_in_a_string(desk):
    (note,) = desk.read("v1.jsonl", lines([old_record([ONE])]), group_field="month").notes
    assert note.group == "2026-04"


def test_a_question_of_another_name_is_found_or_has_to_be_named(desk, labels):
    answers = record([ONE])["responses"]["label"]
    assert labels(desk.read("r.json", dumps([record([ONE], responses={"kind": answers})]))) == {"e2": "rumination"}
    both = dumps([record([ONE], responses={"kind": answers, "tone": answers})])
    with pytest.raises(ConfigError, match=r"r.json holds several questions \(kind, tone\). Say which"):
        desk.read("r.json", both)
    assert labels(desk.read("r.json", both, label_field="kind")) == {"e2": "rumination"}


def test_several_labels_of_one_user_are_no_label(desk, reasons):
    responses = {"label": [{"value": ["rumination", "neither"], "user_id": "u"}]}
    assert reasons(desk.read("r.json", dumps([record([ONE], responses=responses)]))) == ["several labels were chosen"]


def test_the_folder_that_argilla_saves_is_read(desk, labels):
    members = {"records.json": dumps([record([ONE])]), ".argilla/settings.json": b"{}", ".argilla/dataset.json": b"{}"}
    labelled = desk.read("notes.zip", zipped(members))
    assert labels(labelled) == {"e2": "rumination"}
    assert labelled.set_aside == ()


def test_a_csv_of_records_is_refused(desk):
    with pytest.raises(InputError, match="Export the records as JSON or Parquet"):
        desk.read("flat.csv", table([flat_record([ONE])]))
