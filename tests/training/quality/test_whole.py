import numpy as np
import pytest
from tests.training.quality.made import features_of, labels_of, notes_of

from afterword_model.labels import LABELS, Label
from afterword_training.quality.checking import judge_labels
from afterword_training.quality.simulation import flipped, shuffled, swapped
from afterword_training.quality.whole import judge_whole


def verdict(labels, features):
    notes = notes_of(labels)
    return judge_labels(notes, features, seed=1, groups=[note.group for note in notes])


def changed(change, count=240):
    right = labels_of(count)
    return verdict(change(right, np.random.default_rng(2)), features_of(right))


@pytest.mark.parametrize("share", [0, 0.08, 0.2])
def test_labels_that_are_mostly_right_are_no_poison(share):
    whole, _ = changed(flipped(share))
    assert not whole.poisoned
    assert "go with the texts (kappa" in whole.message
    assert whole.renaming is None


@pytest.mark.parametrize("change", [flipped(0.6), flipped(0.7), shuffled], ids=["60 %", "70 %", "shuffled"])
def test_labels_that_hardly_go_with_the_texts_are_poison_and_no_row_is_listed(change):
    whole, errors = changed(change)
    assert whole.poisoned
    assert "do not go with the texts" in whole.message
    assert errors == []


def test_exchanged_labels_are_named_though_a_model_can_learn_them():
    whole, errors = changed(swapped)
    assert whole.poisoned
    assert whole.renaming.names == {Label.REFLECTION: Label.RUMINATION, Label.RUMINATION: Label.REFLECTION}
    assert whole.renaming.agreement < 0.5 < whole.renaming.renamed
    assert "if reflection means rumination, rumination means reflection. Look at the label map" in whole.message
    assert whole.refitted[0].kappa > 0.7
    assert errors == []


def test_labels_renamed_in_a_ring_are_named():
    whole, _ = changed(lambda labels, _: (labels + 1) % 3)
    assert len(whole.renaming.names) == 3


def test_two_labels_exchanged_in_most_notes_are_poison():
    def mostly(labels, draw):
        return np.where(draw.random(len(labels)) < 0.62, swapped(labels, draw), labels)

    whole, _ = changed(mostly, 360)
    assert whole.poisoned
    assert "reflection" in whole.message
    assert "rumination" in whole.message


@pytest.mark.parametrize("count", [12, 19])
def test_too_few_notes_get_no_verdict(count):
    labels = labels_of(count)
    assert verdict(labels, features_of(labels)) == (None, [])


def test_sixty_per_cent_of_few_labels_flipped_is_not_yet_proof():
    right = labels_of(24)
    whole, _ = verdict(flipped(0.6)(right, np.random.default_rng(2)), features_of(right))
    assert whole.champion[0].high > 0.2


def test_notes_of_one_label_are_no_poison():
    labels = np.zeros(60, dtype=np.int64)
    whole, errors = verdict(labels, features_of(labels_of(60)))
    assert not whole.poisoned
    assert errors == []


def test_a_label_that_the_team_does_not_use_is_no_renaming():
    """The champion calls most reflections of a strange style `neither`, and the team never uses that label."""
    labels = np.array([0] * 60 + [1] * 60)
    answers = np.eye(len(LABELS))[[2] * 50 + [0] * 10 + [2] * 30 + [1] * 30]
    assert judge_whole(labels, answers, np.eye(len(LABELS))[labels]).renaming is None


def test_a_champion_at_a_loss_is_no_poison_where_the_labels_can_be_learned():
    labels = labels_of(240)
    lost = np.eye(len(LABELS))[np.random.default_rng(1).permutation(labels)]
    assert not judge_whole(labels, lost, np.eye(len(LABELS))[labels]).poisoned
