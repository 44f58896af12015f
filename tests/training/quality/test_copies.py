import pytest
from tests.training.quality.made import corpus, note

from afterword_model.labels import Label
from afterword_training.quality import Kind, joined_groups
from afterword_training.quality.copies import find_copies

LONG = "Let the family run eleven minutes over again because he had finally begun to talk about the night of the fall. "
OTHER = "Rota for next week: two on leave, one on nights, the flu clinic moved to the small room by the stairs. "
NONE = corpus("Something else altogether, which nobody repeats.")


def told(*notes, evaluation=NONE, training=NONE):
    return [(each.kind, each.where, each.other) for each in find_copies(notes, evaluation, training)]


def test_notes_of_their_own_are_told_of_in_no_way():
    assert told(note(1, LONG), note(2, OTHER)) == []


@pytest.mark.parametrize(
    ("text", "label", "kind"),
    [
        (LONG, Label.REFLECTION, Kind.DUPLICATE),
        ("  **Let** " + LONG[4:].upper().replace(" ", "\n"), Label.REFLECTION, Kind.DUPLICATE),
        (LONG, Label.RUMINATION, Kind.CONFLICT),
        (LONG + "Yes.", Label.REFLECTION, Kind.NEAR_DUPLICATE),
        (LONG + "Yes.", Label.NEITHER, Kind.NEAR_CONFLICT),
    ],
)
def test_a_copy_is_told_with_the_row_it_copies(text, label, kind):
    assert told(note(1, LONG), note(2, OTHER), note(3, text, label)) == [(kind, "team.csv:3", "team.csv:1")]


def test_short_texts_are_compared_too():
    assert told(note(1, "Ok."), note(2, "ok."), note(3, " ")) == [(Kind.DUPLICATE, "team.csv:2", "team.csv:1")]


def test_a_third_copy_is_told_as_duplicate_and_as_conflict():
    found = told(note(1, LONG), note(2, LONG, Label.RUMINATION), note(3, LONG))
    assert found == [
        (Kind.CONFLICT, "team.csv:2", "team.csv:1"),
        (Kind.DUPLICATE, "team.csv:3", "team.csv:1"),
        (Kind.CONFLICT, "team.csv:3", "team.csv:2"),
    ]


@pytest.mark.parametrize("text", [LONG, LONG.lower(), LONG + "Yes."])
@pytest.mark.parametrize("label", [Label.REFLECTION, Label.NEITHER])
def test_what_models_are_judged_on_is_told_as_such_and_no_other_way(text, label):
    found = told(note(1, OTHER), note(2, text, label), evaluation=corpus(LONG, name="E"), training=corpus(LONG))
    assert found == [(Kind.IN_EVALUATION, "team.csv:2", "E-0")]


@pytest.mark.parametrize(
    ("text", "label", "kind"),
    [
        (LONG, Label.REFLECTION, Kind.IN_CORPUS),
        (LONG + "Yes.", Label.RUMINATION, Kind.IN_CORPUS),
        (LONG, Label.RUMINATION, Kind.CORPUS_CONFLICT),
    ],
)
def test_what_the_corpus_has_is_told_with_its_id(text, label, kind):
    assert told(note(1, text, label), training=corpus(OTHER, LONG)) == [(kind, "team.csv:1", "C-1")]


def test_copies_and_notes_of_one_group_are_joined():
    notes = [note(1, LONG, group="a"), note(2, OTHER, group="b"), note(3, LONG + "Yes.", group="b"), note(4, "Ok.")]
    assert joined_groups(notes) == ["n1", "n1", "n1", "n4"]
    assert joined_groups(notes, by_group=False) == ["n1", "n2", "n1", "n4"]
