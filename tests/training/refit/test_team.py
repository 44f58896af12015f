from dataclasses import replace

import numpy as np
import pytest
from tests.training.refit.conftest import corpus_of, team_of

from afterword_model.labels import Label
from afterword_training.labelled import LabelledNote
from afterword_training.refit.seen import NoteLogits, Seen, lessons
from afterword_training.refit.team import held_rows, new_rows, part_team, some_of, team_folds, witnesses


def groups(notes):
    return {note.group for note in notes}


@pytest.mark.parametrize("seed", range(5))
def test_no_group_is_learned_from_and_calibrates(seed):
    notes = team_of(9)
    part = part_team(notes, 0.3, seed=seed)
    assert not groups(part.learned) & groups(part.held)
    assert len(part.learned) + len(part.held) == len(notes)
    assert 0 < len(part.held) < len(notes) / 2


def test_one_group_is_learned_from_whole():
    notes = [replace(note, group="all") for note in team_of(4)]
    assert part_team(notes, 0.3, seed=0).held == []
    held = np.concatenate([held for _, held in team_folds(notes, 3, seed=0)])
    assert sorted(held) == list(range(12))


def test_copies_in_one_group_are_not_parted():
    notes = [replace(note, group="all") for note in team_of(4)]
    copies = [replace(note, id=f"copy of {note.id}", text=f"{note.text}  ") for note in notes]
    for learned, held in team_folds([*notes, *copies], 3, seed=0):
        assert not {row % 12 for row in learned} & {row % 12 for row in held}


def test_there_are_no_folds_of_one_text():
    notes = [LabelledNote(str(at), "f:1", "text", Label.NEITHER, "all", 1) for at in range(12)]
    assert team_folds(notes, 3, seed=0) == []
    assert held_rows([]).tolist() == []


def test_folds_keep_groups_whole_and_hold_each_note_out_once():
    notes = team_of(9)
    folds = team_folds(notes, 4, seed=1)
    assert len(folds) == 4
    assert sorted(np.concatenate([held for _, held in folds])) == list(range(len(notes)))
    for learned, held in folds:
        assert not {notes[row].group for row in learned} & {notes[row].group for row in held}


def with_known(notes, count):
    return [replace(note, known=row < count) for row, note in enumerate(notes)]


@pytest.mark.parametrize("new", [1, 2, 5, 20])
def test_notes_that_are_known_are_learned_from_in_every_fold_and_never_held_out(new):
    notes = with_known(team_of(9), 27 - new)
    folds = team_folds(notes, 4, seed=1)
    assert held_rows(folds).tolist() == new_rows(notes).tolist() == list(range(27 - new, 27))
    for learned, held in folds:
        assert sorted([*learned, *held]) == list(range(27))


def test_where_all_notes_are_known_there_are_no_folds_and_none_is_held_back():
    notes = with_known(team_of(9), 27)
    assert team_folds(notes, 4, seed=1) == []
    assert part_team(notes, 0.3, seed=1).held == []


def test_only_new_notes_are_held_back():
    notes = with_known(team_of(9), 14)
    part = part_team(notes, 0.3, seed=1)
    assert part.held
    assert not any(note.known for note in part.held)
    assert len(part.learned) + len(part.held) == len(notes)


def test_some_of_the_corpus_is_some_of_it():
    corpus = corpus_of("A", 5)
    ids = some_of(corpus, 0.4, seed=2)["id"]
    assert len(set(ids)) == 6
    assert list(ids) == sorted(ids, key=list(corpus["id"]).index)
    assert ids == some_of(corpus, 0.4, seed=2)["id"]
    assert len(some_of(corpus, 0.001, seed=2)) == 1


LONG = NoteLogits(np.array([[3, 0, 0], [0, 2, 0], [0, 0, 4]], dtype=np.float32))


@pytest.mark.parametrize(("label", "passages"), [("reflection", [0]), ("rumination", [1]), ("neither", [0, 1, 2])])
def test_the_passage_that_shows_a_label_bears_witness(label, passages):
    assert witnesses(LONG, Label(label)) == passages


def test_passages_of_one_note_weigh_as_much_as_a_short_note():
    logits = np.concatenate([LONG.logits, LONG.logits[:1], LONG.logits])
    seen = Seen(np.arange(14.0).reshape(7, 2), logits, np.array([0, 0, 0, 1, 2, 2, 2]))
    found = lessons(seen, np.array([2, 0, 1]), weight=3)
    assert found.labels.tolist() == [2, 2, 2, 0, 1]
    assert found.weights.tolist() == [1, 1, 1, 3, 3]
    assert found.vectors[:, 0].tolist() == [0, 2, 4, 6, 10]
    assert [len(note.logits) for note in seen.by_note()] == [3, 1, 3]
    assert seen.take(np.array([1, 2])).note.tolist() == [0, 1, 1, 1]
