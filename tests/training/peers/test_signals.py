import numpy as np
import pytest

from afterword_model import LABELS
from afterword_training.peers.signals import SignalRule, fit_rule, installed_megabytes

REFLECTION, RUMINATION, NEITHER = range(len(LABELS))


def test_the_signal_further_above_its_threshold_wins_and_below_both_is_neither():
    rule = SignalRule("plan", 2.0, "worry", 10.0)
    signals = {"plan": np.array([2.0, 3.0, 1.9, 0.0]), "worry": np.array([9.0, 20.0, 9.9, 10.1])}
    rows = rule.scores(signals)
    assert rows.argmax(axis=1).tolist() == [REFLECTION, RUMINATION, NEITHER, RUMINATION]
    np.testing.assert_allclose(rows.sum(axis=1), 1)


def test_fitting_finds_signals_and_thresholds_that_part_the_labels():
    truth = np.repeat([REFLECTION, RUMINATION, NEITHER], 20)
    noise = np.random.default_rng(0).uniform(0, 1, 60)
    signals = {
        "noise": noise,
        "plan": np.where(truth == REFLECTION, 5.0, 1.0) + noise,
        "worry": np.where(truth == RUMINATION, 0.7, 0.1) + noise / 10,
    }
    rule = fit_rule(signals, truth, reflection=("noise", "plan"), rumination=("noise", "worry"))
    assert (rule.reflection, rule.rumination) == ("plan", "worry")
    assert (rule.scores(signals).argmax(axis=1) == truth).all()
    assert "plan" in str(rule)


@pytest.mark.parametrize("otherwise", [REFLECTION, NEITHER])
def test_a_constant_stands_for_whichever_label_is_the_rest(otherwise: int):
    truth = np.array([RUMINATION] * 10 + [otherwise] * 10)
    signals = {"always": np.ones(20), "worry": np.repeat([0.9, 0.1], 10)}
    rule = fit_rule(signals, truth, reflection=("always",), rumination=("worry",))
    assert (rule.scores(signals).argmax(axis=1) == truth).all()


def test_a_signal_that_never_speaks_is_borne():
    truth = np.array([REFLECTION, NEITHER])
    signals = {"plan": np.zeros(2), "worry": np.zeros(2)}
    rows = fit_rule(signals, truth, reflection=("plan",), rumination=("worry",)).scores(signals)
    assert rows.argmax(axis=1).tolist() == [NEITHER, NEITHER]


def test_size_of_an_installed_package():
    assert 0.05 < installed_megabytes("click") < 5


def test_a_signal_that_tells_nothing_is_said_never_to_count():
    truth = np.array([RUMINATION] * 10 + [NEITHER] * 10)
    signals = {"always": np.ones(20), "worry": np.repeat([0.9, 0.1], 10)}
    rule = fit_rule(signals, truth, reflection=("always",), rumination=("worry",))
    assert str(rule).startswith("reflection never, rumination where worry reaches 0.")
