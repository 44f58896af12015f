import numpy as np
import pytest
import scipy.stats
from sklearn.metrics import brier_score_loss, f1_score, log_loss, recall_score

from afterword_training import metrics
from afterword_training.metrics import Scored, figures

THREE = np.array([[0.8, 0.1, 0.1], [0.3, 0.6, 0.1], [0.5, 0.2, 0.3], [0.1, 0.2, 0.7], [0.2, 0.5, 0.3]])
TRUTH = np.array([0, 1, 2, 2, 0])
GROUPS = np.array(["a", "a", "b", "b", "b"])


@pytest.fixture
def scored():
    return Scored(TRUTH, THREE, GROUPS)


@pytest.fixture(scope="module")
def many():
    draw = np.random.default_rng(0)
    probabilities = draw.dirichlet([1, 1, 1], 400)
    truth = np.array([draw.choice(3, p=row) for row in probabilities])
    return Scored(truth, probabilities, draw.choice(list("abcdefghijkl"), 400))


def two(confidence, right):
    """Notes whose label 0 has the given probabilities and is right or not."""
    rest = (1 - np.array(confidence)) / 2
    return Scored(np.where(right, 0, 1), np.column_stack([confidence, rest, rest]), np.full(len(right), "a"))


def test_accuracy(scored):
    assert metrics.accuracy(scored) == 3 / 5


def test_macro_f1_is_the_mean_over_labels(scored):
    # found and right: reflection 1/2 and 1/2, rumination 1/1 and 1/2, neither 1/2 and 1/1
    assert metrics.macro_f1(scored) == pytest.approx((1 / 2 + 2 / 3 + 2 / 3) / 3)


def test_macro_f1_leaves_out_labels_that_do_not_occur():
    assert metrics.macro_f1(two([0.9, 0.8], [True, True])) == 1


def test_two_way_accuracy_asks_only_reflection_or_rumination(scored):
    assert metrics.two_way_accuracy(scored) == pytest.approx(2 / 3)


def test_neither_recall(scored):
    assert metrics.neither_recall(scored) == 1 / 2


def test_what_cannot_be_measured_is_not_a_number():
    only_neither = Scored(np.array([2, 2]), THREE[:2], GROUPS[:2])
    assert np.isnan(metrics.two_way_accuracy(only_neither))
    assert np.isnan(metrics.neither_recall(two([0.9], [True])))


def test_calibration_error_by_hand():
    # bins of 1/15: 0.91 and 0.92 fall in one (mean 0.915, half right), 0.5 in another (right)
    assert metrics.expected_calibration_error(two([0.91, 0.92, 0.5], [True, False, True])) == pytest.approx(
        2 / 3 * abs(0.5 - 0.915) + 1 / 3 * 0.5
    )


def test_calibration_error_is_naught_when_sure_and_right():
    assert metrics.expected_calibration_error(two([1.0, 1.0], [True, True])) == 0


def test_calibration_error_is_small_where_probabilities_are_true(many):
    assert metrics.expected_calibration_error(many) < 0.1


def test_brier_by_hand():
    assert metrics.brier(Scored(np.array([0]), np.array([[0.5, 0.25, 0.25]]), np.array(["a"]))) == pytest.approx(0.375)


def test_figures_agree_with_scikit_learn(many):
    predicted = many.probabilities.argmax(axis=1)
    assert metrics.macro_f1(many) == pytest.approx(f1_score(many.truth, predicted, average="macro"))
    assert metrics.neither_recall(many) == pytest.approx(recall_score(many.truth, predicted, average=None)[2])
    assert metrics.brier(many) == pytest.approx(brier_score_loss(many.truth, many.probabilities, scale_by_half=False))
    assert log_loss(many.truth, many.probabilities) < np.log(3)


def test_coverage_is_the_largest_share_that_is_right_enough():
    scored = two([0.9, 0.8, 0.7, 0.6], [True, True, False, True])
    assert metrics.coverage_at(scored, 1.0) == 0.5
    assert metrics.coverage_at(scored, 0.75) == 1.0
    assert metrics.coverage_at(two([0.9, 0.8], [False, True]), 0.9) == 0


def test_from_the_threshold_up_so_many_are_right_that_luck_would_hardly_make_it_so(many):
    threshold = metrics.threshold_for(many, 0.8, level=0.95)
    answered = many.take(many.confidence >= threshold)
    right = int((answered.predicted == answered.truth).sum())
    assert scipy.stats.binomtest(right, len(answered.truth), p=0.8, alternative="greater").pvalue <= 0.05
    assert 0 < len(answered.truth) / len(many.truth) < metrics.coverage_at(many, 0.8)


def test_the_lowest_such_threshold_is_taken(many):
    threshold = metrics.threshold_for(many, 0.8, level=0.95)
    for lower in np.unique(many.confidence[many.confidence < threshold]):
        answered = many.take(many.confidence >= lower)
        right = int((answered.predicted == answered.truth).sum())
        assert scipy.stats.binomtest(right, len(answered.truth), p=0.8, alternative="greater").pvalue > 0.05


def test_few_right_answers_promise_nothing():
    assert metrics.threshold_for(two([0.9] * 58, [True] * 58), 0.95, level=0.95) == 1.0
    assert metrics.threshold_for(two([0.9] * 59, [True] * 59), 0.95, level=0.95) == 0.9


def test_tied_notes_are_answered_together():
    scored = two([0.9, 0.9, 0.8], [True, False, True])
    assert metrics.threshold_for(scored, 0.6, level=0.3) == 0.8
    assert metrics.threshold_for(scored, 0.95, level=0.3) == 1.0
    assert metrics.coverage_at(scored, 0.95) == 0
    thresholds, coverage, accuracy = metrics.risk_coverage(scored)
    assert list(thresholds) == [0.9, 0.8]
    assert list(coverage) == pytest.approx([2 / 3, 1])
    assert list(accuracy) == pytest.approx([1 / 2, 2 / 3])


def test_same_seed_same_intervals_and_they_hold_the_value(many):
    first = figures(many, resamples=50, seed=3)
    assert first == figures(many, resamples=50, seed=3)
    assert first != figures(many, resamples=50, seed=4)
    for name in ("accuracy", "macro_f1", "brier"):
        assert first[name].low <= first[name].value <= first[name].high
        assert first[name].low < first[name].high


def test_intervals_resample_whole_authors():
    authors = np.repeat([f"author {number}" for number in range(12)], 50)
    scored = Scored(np.repeat([0, 1], 300), np.tile([0.8, 0.1, 0.1], (600, 1)), authors)
    interval = figures(scored, resamples=500, seed=0)["accuracy"]
    assert interval.value == 0.5
    assert (interval.low, interval.high) == (pytest.approx(0.25, abs=0.09), pytest.approx(0.75, abs=0.09))


def test_few_authors_give_the_interval_of_students_t_over_their_figures():
    right = [0.60, 0.70, 0.80, 0.90]
    truth = np.concatenate([np.repeat([0, 1], [round(share * 100), 100 - round(share * 100)]) for share in right])
    scored = Scored(truth, np.tile([0.8, 0.1, 0.1], (400, 1)), np.repeat(["a", "b", "c", "d"], 100))
    interval = figures(scored, resamples=5, seed=0)["accuracy"]
    expected = scipy.stats.t.interval(0.95, 3, loc=np.mean(right), scale=scipy.stats.sem(right))
    assert (interval.low, interval.high) == pytest.approx(expected)
    certain = Scored(truth[:2] * 0, np.tile([0.8, 0.1, 0.1], (2, 1)), np.array(["a", "b"]))
    assert figures(certain, resamples=5, seed=0)["accuracy"].high == 1


def test_figures_that_the_notes_do_not_allow_are_left_out():
    only_neither = Scored(np.array([2, 2]), THREE[:2], GROUPS[:2])
    assert "two_way_accuracy" not in figures(only_neither, resamples=5, seed=0)
    assert "neither_recall" in figures(only_neither, resamples=5, seed=0)


def test_a_single_author_has_an_interval_of_no_width():
    figure = figures(two([0.9, 0.8], [True, False]), resamples=5, seed=0)["accuracy"]
    assert figure.low == figure.value == figure.high


def test_where_one_author_alone_has_a_label_the_interval_is_the_whole_range():
    scored = Scored(np.array([2, 0, 1]), THREE[[3, 0, 1]], np.array(["a", "b", "c"]))
    figure = figures(scored, resamples=5, seed=0)["neither_recall"]
    assert (figure.value, figure.low, figure.high) == (1, 0, 1)
