from dataclasses import replace

import numpy as np
from tests.training.quality.made import features_of, labels_of, notes_of

from afterword_model.labels import LABELS
from afterword_training.quality.checking import judge_labels
from afterword_training.quality.findings import Kind
from afterword_training.quality.refitted import out_of_fold
from afterword_training.quality.simulation import flipped


def found(labels, features):
    notes = notes_of(labels)
    return judge_labels(notes, features, seed=1, groups=[note.group for note in notes])[1]


def test_most_flipped_labels_are_found_with_the_label_they_should_have():
    right = labels_of(300)
    labels = flipped(0.08)(right, np.random.default_rng(2))
    wrong = {f"n{row}" for row in np.flatnonzero(labels != right)}
    errors = found(labels, features_of(right, spread=0.3))
    hits = [error for error in errors if error.id in wrong]
    assert len(wrong) == 24
    assert len(hits) >= 16
    assert len(hits) / len(errors) >= 0.8
    assert all(error.kind is Kind.LABEL_ERROR and error.label is not error.other_label for error in errors)
    meant = [error.other_label is LABELS[right[int(error.id[1:])]] for error in hits]
    assert np.mean(meant) > 0.9


def test_the_likeliest_come_first():
    right = labels_of(300)
    errors = found(flipped(0.08)(right, np.random.default_rng(2)), features_of(right))
    chances = [error.probability for error in errors]
    assert chances == sorted(chances)


def test_right_labels_raise_few_alarms():
    labels = labels_of(300)
    assert len(found(labels, features_of(labels, spread=0.3))) <= 3


def test_a_label_that_the_champion_would_give_too_is_not_listed():
    right = labels_of(300)
    labels = flipped(0.08)(right, np.random.default_rng(2))
    features = features_of(right, spread=0.3)
    agreeing = replace(features, champion=np.eye(3)[labels] * 0.8 + 0.1 * (1 - np.eye(3)[labels]))
    assert found(labels, features)
    assert found(labels, agreeing) == []


def test_copies_never_vouch_for_each_other():
    """Each text stands twice, under one wrong label: a fold that held one of the two would learn the other's label."""
    labels = np.repeat(labels_of(60), 2)
    vectors = np.repeat(np.random.default_rng(0).standard_normal((60, 200)), 2, axis=0)
    groups = [str(row // 2) for row in range(120)]
    together = out_of_fold(vectors, labels, groups, seed=1)
    apart = out_of_fold(vectors, labels, [str(row) for row in range(120)], seed=1)
    assert (together.argmax(axis=1) == labels).mean() < 0.6
    assert (apart.argmax(axis=1) == labels).mean() > 0.7


def test_a_label_of_one_group_only_gets_no_probability():
    labels = np.array([0, 1] * 20 + [2] * 3)
    groups = [str(row) for row in range(40)] + ["last"] * 3
    probabilities = out_of_fold(np.random.default_rng(0).standard_normal((43, 4)), labels, groups, seed=1)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert (probabilities[40:, 2] == 0).all()
