import numpy as np
import pytest
from tests.training.gate.answers import contest

from afterword_training import metrics
from afterword_training.gate.resampling import limits, resample, units_of, worse_by_chance
from afterword_training.gate.simulate import Drawn, draw_contest


@pytest.fixture(scope="module")
def drawn():
    settings = Drawn(notes=300, accuracy=0.8, gain=0.05, discordance=0.15, groups=10)
    return draw_contest("team", settings, np.random.default_rng(3))


def test_measured_figures_are_those_of_metrics(drawn):
    measured, _ = resample(drawn, units_of(drawn.groups, fewest=6), resamples=200, seed=0)
    for at, scored in enumerate(drawn.scored):
        assert measured.accuracy[at, 0] == pytest.approx(metrics.accuracy(scored))
        assert measured.ece[at, 0] == pytest.approx(metrics.expected_calibration_error(scored))
        assert measured.brier[at, 0] == pytest.approx(metrics.brier(scored))


def test_every_note_alone_is_drawn_by_itself():
    units = units_of(np.array(["c", "a", "b"]), fewest=2)
    assert (units.strata, units.whole_groups) == ((3,), False)
    assert sorted(units.of) == [0, 1, 2]


def test_many_groups_are_drawn_whole():
    units = units_of(np.array(list("aabbccddeeff")), fewest=6)
    assert (units.strata, units.whole_groups, units.freedom) == ((6,), True, 5)
    assert list(units.of) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_notes_of_few_groups_are_drawn_within_each():
    units = units_of(np.array(list("babab")), fewest=6)
    assert (units.strata, units.whole_groups, units.freedom) == ((2, 3), False, 3)
    assert list(units.of) == [2, 0, 3, 1, 4]


def test_within_few_groups_a_difference_between_them_is_no_noise():
    groups = np.repeat(["a", "b"], 100)
    both = contest(notes=200, gained=100, groups=groups, wrong=0)
    _, within = resample(both, units_of(groups, fewest=6), resamples=400, seed=0)
    _, plain = resample(both, units_of(np.arange(200).astype(str), fewest=6), resamples=400, seed=0)
    assert (within.accuracy[1] - within.accuracy[0]).std() == pytest.approx(0, abs=1e-6)
    assert (plain.accuracy[1] - plain.accuracy[0]).std() > 0.02


def test_groups_that_win_or_lose_as_one_widen_the_interval():
    many = contest(notes=400, gained=40, groups=np.arange(400) // 20)  # all gains in two of twenty groups
    whole = units_of(many.groups, fewest=6)
    alone = units_of(np.arange(400).astype(str), fewest=6)
    widths = []
    for units in (whole, alone):
        _, figures = resample(many, units, resamples=1000, seed=0)
        low, high = limits(figures.accuracy[1] - figures.accuracy[0], units, 0.05)
        widths.append(high - low)
    assert widths[0] > 3 * widths[1]


def test_limits_of_few_units_reach_as_far_as_students_t():
    values = np.random.default_rng(0).standard_normal(200_000)
    low, high = limits(values, units_of(np.array(list("aabbccddeeff")), fewest=6), 0.05)
    assert high == pytest.approx(np.sqrt(6 / 5) * 2.015, abs=0.03)
    assert low == pytest.approx(-high, abs=0.03)


def test_a_single_note_has_no_limits():
    assert limits(np.zeros(10), units_of(np.array(["a"]), fewest=6), 0.05) == (float("-inf"), float("inf"))


def test_same_seed_same_draws(drawn):
    units = units_of(drawn.groups, fewest=6)
    first, again, other = (resample(drawn, units, resamples=200, seed=seed)[1].ece for seed in (4, 4, 5))
    assert (first == again).all()
    assert (first != other).any()


def test_chance_of_a_rise_is_small_only_beyond_the_tolerance():
    values = np.random.default_rng(0).normal(0.07, 0.01, 1000)  # a resampled ECE lies above the measured one
    assert worse_by_chance(values, 0.05, 0.01) < 0.01
    assert worse_by_chance(values, 0.01, 0.01) == pytest.approx(0.5, abs=0.06)
    assert worse_by_chance(values, -0.02, 0.01) > 0.99
