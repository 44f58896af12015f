import csv
import json

import pytest
from tests.training.labelled.exports import NOTES, annotation, dumps, flat, table, task

from afterword_model.errors import ConfigError
from afterword_training.labelled import read_labelled

ONE = NOTES[1]
EARLY, LATE = "2026-04-01T10:05:00.0Z", "2026-04-02T08:00:00.123456Z"


def read(desk, *tasks, **options):
    return desk.read("project.json", dumps(list(tasks)), **options)


def with_annotations(*annotations):
    return task([ONE], annotations=list(annotations))


@pytest.mark.parametrize("dropped", ["was_cancelled", "skipped"])
def test_a_skipped_annotation_is_dropped(desk, reasons, labels, dropped):
    labelled = read(desk, with_annotations(annotation(ONE, **{dropped: True}), annotation(ONE, 2)))

    assert labels(labelled) == {"e2": "rumination"}
    assert labelled.notes[0].votes == 1
    assert reasons(labelled) == ["an annotator skipped it"]


def test_the_older_name_of_annotations_is_read(desk, labels):
    older = task([ONE])
    older["completions"] = older.pop("annotations")
    assert labels(read(desk, older)) == {"e2": "rumination"}


def test_of_one_annotators_annotations_the_newest_counts(desk, reasons, labels):
    first = annotation(ONE._replace(label="neither"), 1, created_at=EARLY)
    again = annotation(ONE, 1, created_at=LATE)

    labelled = read(desk, with_annotations(first, again))

    assert labels(labelled) == {"e2": "rumination"}
    assert labels(read(desk, with_annotations(again, first))) == {"e2": "rumination"}
    assert labelled.notes[0].votes == 1
    assert reasons(labelled) == ["the same annotator answered again later"]


@pytest.mark.parametrize("annotations", [[], None, [7]])
def test_a_task_without_annotations_is_unlabelled_whatever_was_predicted(desk, reasons, annotations):
    labelled = read(desk, task([ONE], annotations=annotations), task([NOTES[0]], 2))

    assert [note.id for note in labelled.notes] == ["e1"]
    assert reasons(labelled) == ["nobody has annotated it"]


def test_tasks_that_hold_only_predictions_give_no_note(desk, reasons):
    guessed = {key: value for key, value in task([ONE]).items() if key not in ("annotations", "drafts")}
    labelled = read(desk, guessed)

    assert labelled.notes == ()
    assert reasons(labelled) == ["nobody has annotated it"]


@pytest.mark.parametrize("result", [[], None, [{"type": "textarea", "from_name": "label", "value": {"text": ["x"]}}]])
def test_an_annotation_submitted_without_a_choice_is_unlabelled(desk, reasons, result):
    labelled = read(desk, with_annotations(annotation(ONE, result=result)))

    assert labelled.notes == ()
    assert reasons(labelled) == ["it was submitted without a choice"]


def test_drafts_are_not_read(desk):
    assert read(desk, task([ONE], annotations=[], drafts=[annotation(ONE)])).notes == ()


@pytest.mark.parametrize("person", [2, {"id": 2}, {"id": 2, "email": "b@example.org"}, {"email": "b@example.org"}])
def test_an_annotator_is_a_number_or_a_person(desk, person):
    labelled = read(desk, with_annotations(annotation(ONE), annotation(ONE, 2, completed_by=person)))
    assert labelled.notes[0].votes == 2
    assert labelled.votes[1].annotator in ("2", "b@example.org")


def test_other_controls_share_the_result(desk, labels):
    mixed = annotation(ONE)
    mixed["result"] += [
        {"type": "rating", "from_name": "certainty", "to_name": "text", "value": {"rating": 4}},
        {"type": "textarea", "from_name": "why", "to_name": "text", "value": {"text": ["It only repeats."]}},
        {"type": "choices", "from_name": "tone", "to_name": "text", "value": {"choices": ["Warm"]}},
    ]
    assert labels(read(desk, with_annotations(mixed))) == {"e2": "rumination"}


def renamed(name, *more):
    changed = annotation(ONE)
    changed["result"] = [{**changed["result"][0], "from_name": each} for each in (name, *more)]
    return with_annotations(changed)


def test_the_only_choices_are_the_label_whatever_their_name(desk, labels):
    assert labels(read(desk, renamed("kind"))) == {"e2": "rumination"}


def test_of_several_choices_the_label_has_to_be_named(desk, labels):
    with pytest.raises(ConfigError, match=r"project.json holds several choices \(kind, tone\). Say which"):
        read(desk, renamed("kind", "tone"))
    assert labels(read(desk, renamed("kind", "tone"), label_field="tone")) == {"e2": "rumination"}


def test_several_choices_of_one_annotator_are_no_label(desk, reasons):
    both = annotation(ONE)
    both["result"][0]["value"]["choices"] = ["Rumination", "Reflection"]
    assert reasons(read(desk, with_annotations(both))) == ["several labels were chosen"]


def test_ground_truth_settles_a_note(desk, labels):
    others = [annotation(ONE._replace(label="neither", annotator=name)) for name in ("ben", "cy")]
    labelled = read(desk, with_annotations(*others, annotation(ONE, 3, ground_truth=True)))

    assert labels(labelled) == {"e2": "rumination"}
    assert labelled.notes[0].votes == 3


def test_the_text_may_have_another_key(desk, labels):
    other = task([ONE], data={"body_of_note": ONE.text, "id": "e2"})
    with pytest.raises(ConfigError, match="--text-field"):
        read(desk, other)
    assert labels(read(desk, other, text_field="body_of_note")) == {"e2": "rumination"}


@pytest.mark.parametrize(("text", "why"), [("", "empty"), ("  \n", "empty"), (None, "empty"), (["a"], "not text")])
def test_a_task_without_text_is_told(desk, reasons, text, why):
    labelled = read(desk, task([ONE], data={"text": text}), task([NOTES[0]]))
    assert reasons(labelled) == [f"its text is {why}"]


def test_a_row_an_annotation(desk, labels, reasons):
    rows = flat([*NOTES, ONE._replace(label="neither", annotator="ben"), ONE._replace(annotator="cy")])
    labelled = desk.read("min.json", dumps(rows))

    assert labels(labelled) == {"e1": "reflection", "e2": "rumination", "e3": "neither"}
    assert [note.votes for note in labelled.notes] == [1, 3, 1]


@pytest.mark.parametrize(
    "value", [{"choices": ["Rumination", "Reflection"]}, '{"choices": ["Rumination", "Reflection"]}']
)
def test_several_choices_in_a_row_are_no_label(desk, reasons, value):
    assert reasons(desk.read("min.json", dumps([flat([ONE])[0] | {"label": value}]))) == ["several labels were chosen"]


def test_several_choices_in_csv_are_no_label(desk, reasons):
    rows = [flat([ONE])[0] | {"label": json.dumps({"choices": ["A", "Rumination"]})}]
    data = table(rows, quoting=csv.QUOTE_NONNUMERIC)
    assert reasons(desk.read("ls.csv", data, labels={"a": "neither"})) == ["several labels were chosen"]


def test_a_column_renamed_for_a_control_is_the_tasks_own(desk, labels):
    """A task imported with a `label` and a `text` of its own: the controls took those names."""
    row = flat([ONE])[0] | {"_data_label": "neither", "_data_text": ONE.text, "text": "why I chose so"}
    labelled = desk.read("min.json", dumps([row]))

    assert labels(labelled) == {"e2": "rumination"}
    assert labelled.notes[0].text == ONE.text


def test_the_label_column_of_another_control_has_to_be_named(desk, labels):
    row = {("kind" if key == "label" else key): value for key, value in flat([ONE])[0].items()}
    with pytest.raises(ConfigError, match=r"min.json has no field named label\. Say which"):
        desk.read("min.json", dumps([row]))
    assert labels(desk.read("min.json", dumps([row]), label_field="kind")) == {"e2": "rumination"}


def test_a_row_without_an_annotation_is_unlabelled(desk, reasons):
    rows = [row | {"annotation_id": None, "label": None} for row in flat([ONE])]
    assert reasons(desk.read("min.json", dumps(rows))) == ["nobody has annotated it"]


def test_the_entry_is_the_note_and_not_the_task(desk):
    """Two projects, each with a task 1, are not one note; two tasks of one entry are."""
    first, second = (
        dumps([task([NOTES[0]], 1)]),
        dumps([task([NOTES[1]], 1), task([NOTES[0]._replace(annotator="b")], 2)]),
    )
    one, two = desk.put("a/p.json", first), desk.put("b/q.json", second)
    assert [(note.id, note.votes) for note in read_labelled([one, two]).notes] == [("e1", 2), ("e2", 1)]


def test_tasks_of_two_projects_with_one_number_get_ids_of_their_own(desk):
    one = desk.put("p.json", dumps([task([NOTES[0]], 7, data={"text": NOTES[0].text})]))
    two = desk.put("q.json", dumps([task([NOTES[1]], 7, data={"text": NOTES[1].text})]))
    assert [note.id for note in read_labelled([one, two]).notes] == ["7@p.json:1", "7@q.json:1"]


def test_choices_of_a_name_that_no_control_bears_are_an_error(desk):
    with pytest.raises(ConfigError, match=r"project.json holds no choices named knid\. Check the name"):
        read(desk, task([ONE]), label_field="knid")


@pytest.mark.parametrize("moment", ["yesterday", None, 1e400, 10**400, True, "9" * 400, "2026-04-01T10:05:00"])
def test_a_moment_of_any_form_stops_nothing(desk, labels, moment):
    data = dumps([with_annotations(annotation(ONE, created_at=moment))])
    assert labels(desk.read("project.json", data)) == {"e2": "rumination"}
