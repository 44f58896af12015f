import numpy as np
import pytest
from scipy.stats import binomtest

from afterword_training.gate.paired import adjusted_wald, holm, mcnemar, notes_needed, power, visible_gain


def test_mcnemar_by_hand():
    assert mcnemar(8, 2) == pytest.approx((45 + 10 + 1) / 1024)
    assert mcnemar(5, 0) == pytest.approx(1 / 32)


def test_mcnemar_is_the_one_sided_sign_test():
    for gained, lost in [(0, 7), (7, 0), (13, 9), (30, 30), (140, 100)]:
        assert mcnemar(gained, lost) == pytest.approx(binomtest(gained, gained + lost, alternative="greater").pvalue)


def test_mcnemar_of_many_pairs_of_counts_and_of_none_that_differ():
    assert mcnemar([0, 8], [0, 2]) == pytest.approx([1, 56 / 1024])


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == pytest.approx([1, 1])
    assert holm([]).shape == (0,)


def test_holm_errs_anywhere_in_at_most_five_of_a_hundred_families():
    families = np.random.default_rng(0).random((4000, 8))
    assert np.mean([(holm(family) <= 0.05).any() for family in families]) == pytest.approx(0.05, abs=0.01)


def test_adjusted_wald_by_hand():
    low, high, error = adjusted_wald(34, 14, 400, 0.05)
    assert error == pytest.approx(np.sqrt((50 / 402 - (20 / 402) ** 2) / 402))
    assert (low, high) == (
        pytest.approx(20 / 402 - 1.6449 * error, abs=1e-5),
        pytest.approx(20 / 402 + 1.6449 * error, abs=1e-5),
    )


def test_an_interval_has_width_where_nothing_differs():
    low, high, _ = adjusted_wald(0, 0, 5, 0.05)
    assert low < -0.2
    assert high > 0.2


@pytest.mark.parametrize(("gain", "discordance"), [(0.05, 0.12), (0.05, 0.2), (0.02, 0.05)])
def test_power_is_how_often_drawn_counts_are_significant(gain, discordance):
    draw = np.random.default_rng(0)
    shares = [(discordance + gain) / 2, (discordance - gain) / 2, 1 - discordance]
    counts = draw.multinomial(400, shares, size=20_000)
    found = (mcnemar(counts[:, 0], counts[:, 1]) <= 0.05).mean()
    assert power(gain, 400, discordance, 0.05) == pytest.approx(found, abs=0.012)


@pytest.mark.parametrize("notes", [10, 57, 400, 3000])
@pytest.mark.parametrize("discordance", [0.01, 0.1, 0.5])
def test_no_gain_is_found_in_at_most_five_of_a_hundred(notes, discordance):
    assert 0 <= power(0.0, notes, discordance, 0.05) <= 0.05


def test_the_visible_gain_is_the_smallest_that_is_found_often_enough():
    gain = visible_gain(400, 0.12, 0.05, 0.8)
    assert power(gain, 400, 0.12, 0.05) >= 0.8 > power(gain - 0.001, 400, 0.12, 0.05)
    assert gain == pytest.approx(2.487 * np.sqrt(0.12 / 400), abs=0.004)


def test_more_notes_show_smaller_gains():
    gains = [visible_gain(notes, 0.1, 0.05, 0.8) for notes in (20, 50, 100, 400, 2000)]
    assert gains == sorted(gains, reverse=True)


def test_four_notes_can_show_nothing():
    assert visible_gain(4, 0.2, 0.05, 0.8) is None
    assert visible_gain(6, 0.2, 0.05, 0.8) is not None


def test_the_notes_needed_show_the_gain():
    notes = notes_needed(0.05, 0.12, 0.05, 0.8)
    assert power(0.05, notes, 0.12, 0.05) >= 0.8
    assert power(0.05, notes - 30, 0.12, 0.05) < 0.8
    assert notes_needed(0.0001, 0.5, 0.05, 0.8) is None
