import numpy as np
import pytest

from afterword_model import LABELS
from afterword_model.errors import InputError
from afterword_training import metrics
from afterword_training.corpus import by_author, load_corpus
from afterword_training.evaluate import Evaluation, evaluate, score
from afterword_training.passages import load_passages
from afterword_training.tables import NAMES, report


@pytest.fixture(scope="module")
def held(tiny_notes):
    return by_author(load_corpus(tiny_notes), ["H", "L"])


@pytest.fixture(scope="module")
def evaluation(classifier, held):
    return evaluate(classifier, held, resamples=20, seed=1)


def test_it_counts_every_note_once_in_each_table(evaluation, held):
    assert evaluation.notes == len(held) == 48
    assert evaluation.authors == ["H", "L"]
    for groups in (evaluation.by_slice, evaluation.by_author, evaluation.by_label, evaluation.by_length):
        assert sum(group.notes for group in groups.values()) == 48
    assert sum(map(sum, evaluation.confusion)) == 48


def test_groups_agree_with_the_whole(evaluation):
    whole = evaluation.figures["accuracy"].value
    for groups in (evaluation.by_slice, evaluation.by_author, evaluation.by_label, evaluation.by_length):
        assert sum(group.notes * group.accuracy for group in groups.values()) / 48 == pytest.approx(whole)
    assert sum(evaluation.confusion[at][at] for at in range(3)) / 48 == pytest.approx(whole)


def test_accuracy_by_label_is_its_recall(evaluation):
    for at, label in enumerate(LABELS):
        row = evaluation.confusion[at]
        assert evaluation.by_label[label].accuracy == pytest.approx(row[at] / sum(row))


def test_it_measures_what_users_get(classifier, held, evaluation):
    predictions = classifier.predict(held["text"])
    right = [each.label == LABELS[truth] for each, truth in zip(predictions, held["label"], strict=True)]
    assert evaluation.figures["accuracy"].value == pytest.approx(np.mean(right))
    assert evaluation.sure_share == pytest.approx(np.mean([each.sure for each in predictions]))
    sure_and_right = [was_right for was_right, each in zip(right, predictions, strict=True) if each.sure]
    assert evaluation.sure_accuracy == pytest.approx(np.mean(sure_and_right))
    assert evaluation.markers["should_standard"].found == sum(
        item.kind == "should_standard" for each in predictions for item in each.evidence
    )


def test_scores_are_the_classifiers_probabilities(classifier, held):
    scored = score(classifier, held)
    assert scored.probabilities.shape == (48, 3)
    assert list(scored.truth) == held["label"][:]
    assert metrics.accuracy(scored) == pytest.approx(
        evaluate(classifier, held, resamples=1, seed=0).figures["accuracy"].value
    )


def test_same_seed_same_figures(classifier, held, evaluation):
    assert evaluate(classifier, held, resamples=20, seed=1) == evaluation


def test_it_comes_back_from_json(evaluation):
    assert Evaluation.model_validate_json(evaluation.model_dump_json()) == evaluation


def test_every_figure_has_a_name_in_the_tables(evaluation):
    assert set(evaluation.figures) <= set(NAMES) == set(metrics.MEASURES)


def test_the_curve_falls_from_sure_to_all(evaluation):
    thresholds, coverage, accuracy = zip(*evaluation.risk_coverage, strict=True)
    assert list(thresholds) == sorted(thresholds, reverse=True)
    assert coverage[-1] == 1
    assert accuracy[-1] == pytest.approx(evaluation.figures["accuracy"].value)
    assert len(thresholds) <= 101


def test_no_notes_are_an_error(classifier, held):
    with pytest.raises(InputError, match="no notes"):
        evaluate(classifier, by_author(held, []), resamples=1, seed=0)


def test_notes_of_no_kind_are_in_no_group_of_kinds(classifier, tmp_path):
    path = tmp_path / "passages.jsonl"
    path.write_text('{"text": "I will ask her on Monday.", "label": "reflection"}\n' * 2, encoding="utf-8")
    evaluation = evaluate(classifier, load_passages(path), resamples=1, seed=0)
    assert evaluation.by_slice == {}
    assert evaluation.by_label["reflection"].notes == 2
    assert "kind of note" not in report(evaluation)
