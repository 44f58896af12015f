import pytest
from tests.training.labelled.exports import NOTES, choice, classification, lines

from afterword_model.labels import Label

ONE = NOTES[1]
PAIR = (Label.REFLECTION, Label.RUMINATION)


def read(desk, *tasks, **options):
    return desk.read("db.jsonl", lines(tasks), **options)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"answer": "ignore"}, "the annotator ignored it"),
        ({"answer": "reject"}, "the annotator rejected the whole task"),
        ({"answer": "reject", "accept": []}, "the annotator rejected the whole task"),
        ({"accept": []}, "it was accepted without a choice"),
        ({"accept": ["reflection", "rumination"]}, "several labels were chosen"),
    ],
)
def test_a_choice_without_one_label_is_told(desk, reasons, changes, why):
    labelled = read(desk, choice(ONE, **changes), choice(NOTES[0]))

    assert [note.id for note in labelled.notes] == ["e1"]
    assert reasons(labelled) == [why]


def test_tasks_that_nobody_answered_give_no_note(desk, reasons):
    task = {key: value for key, value in choice(ONE).items() if key not in ("answer", "accept")}
    assert reasons(read(desk, task)) == ["nobody has answered it"]


@pytest.mark.parametrize("id", [1, "1"])
def test_numbered_options_are_read_by_their_words(desk, labels, id):
    options = [{"id": number, "text": name} for number, name in enumerate(("Reflection", "Rumination"))]
    assert labels(read(desk, choice(ONE, options=options, accept=[id]))) == {"e2": "rumination"}


def test_an_options_id_goes_before_its_words(desk, labels):
    options = [{"id": "RUMINATION", "text": "It goes in circles"}]
    assert labels(read(desk, choice(ONE, options=options, accept=["RUMINATION"]))) == {"e2": "rumination"}


def test_an_accepted_label_is_one(desk, labels):
    assert labels(read(desk, classification(ONE))) == {"e2": "rumination"}


@pytest.mark.parametrize(
    ("answer", "why"),
    [("ignore", "the annotator ignored it"), ("reject", "it says only which label the note does not have")],
)
def test_a_label_not_accepted_is_told(desk, reasons, answer, why):
    assert reasons(read(desk, classification(ONE, answer=answer))) == [why]


def test_a_rejected_label_means_the_other_only_of_a_pair_declared_exhaustive(desk, labels, reasons):
    tasks = [classification(said, answer="reject") for said in NOTES]

    assert labels(read(desk, *tasks)) == {}
    labelled = read(desk, *tasks, exhaustive=PAIR)
    assert labels(labelled) == {"e1": "rumination", "e2": "reflection"}
    assert reasons(labelled) == ["it says only which label the note does not have"]


def test_an_exhaustive_pair_changes_nothing_for_choices(desk, reasons):
    assert reasons(read(desk, choice(ONE, answer="reject"), exhaustive=PAIR)) == [
        "the annotator rejected the whole task"
    ]


def test_questions_about_one_text_complete_each_other(desk, labels, reasons):
    no = classification(ONE._replace(label="reflection"), answer="reject", _timestamp=9)
    labelled = read(desk, classification(ONE, _timestamp=5), no)

    assert labels(labelled) == {"e2": "rumination"}
    assert reasons(labelled) == ["it says only which label the note does not have"]


def test_two_labels_accepted_by_one_annotator_contradict_each_other(desk, reasons):
    both = [classification(ONE, _timestamp=5), classification(ONE._replace(label="reflection"), _timestamp=9)]
    assert reasons(read(desk, *both)) == ["the same annotator gave it several labels"] * 2


def test_a_later_answer_to_the_same_task_replaces_the_earlier(desk, labels, reasons):
    first, again = choice(ONE, _timestamp=5), choice(ONE, accept=["neither"], _timestamp=9)
    assert labels(read(desk, again, first)) == {"e2": "neither"}
    assert reasons(read(desk, first, choice(ONE, answer="reject", _timestamp=9))) == [
        "the same annotator answered again later",
        "the annotator rejected the whole task",
    ]


@pytest.mark.parametrize("hash", [-153, "-153", "a7f"])
def test_annotators_are_brought_together_by_the_input_hash(desk, hash):
    tasks = [choice(ONE._replace(annotator=name), meta={}, _input_hash=hash) for name in ("ana", "ben")]
    assert [note.votes for note in read(desk, *tasks).notes] == [2]


def test_the_session_names_the_annotator_where_nothing_else_does(desk):
    tasks = [choice(ONE, _annotator_id=None, _session_id=f"notes-{name}") for name in ("ana", "ben")]
    assert {vote.annotator for vote in read(desk, *tasks).votes} == {"notes-ana", "notes-ben"}


def test_without_a_session_the_file_names_the_annotator(desk):
    task = {key: value for key, value in choice(ONE).items() if key not in ("_annotator_id", "_session_id")}
    assert [vote.annotator for vote in read(desk, task).votes] == ["db"]


def test_sessions_that_nobody_named_are_of_one_annotator(desk):
    sittings = ["2024-02-06_10-17-19", "2024-02-07_09-00-01"]
    tasks = [choice(ONE, _annotator_id=each, _session_id=each, _timestamp=at) for at, each in enumerate(sittings)]
    assert [vote.annotator for vote in read(desk, *tasks).votes] == ["db"]
    named = choice(ONE, _annotator_id=sittings[0], _session_id="notes-ana")
    assert [vote.annotator for vote in read(desk, named).votes] == ["notes-ana"]


def test_the_score_of_a_model_in_the_loop_is_not_read(desk, reasons):
    assert reasons(read(desk, classification(ONE, answer="ignore", score=0.99))) == ["the annotator ignored it"]


def test_a_group_may_stand_in_meta(desk):
    (note,) = read(desk, choice(ONE, meta={"id": "e2", "client": "c7"}), group_field="client").notes
    assert note.group == "c7"
