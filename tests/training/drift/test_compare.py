import numpy as np
import pytest

from afterword_model.labels import LABELS, Label
from afterword_training.drift.compare import MATTERS, MATTERS_MUCH, Verdict, compare, enough
from afterword_training.drift.picture import drift_picture
from afterword_training.drift.profile import Profile
from afterword_training.drift.report import drift_report, headline

TENTHS = (0.30, 0.12, 0.08, 0.06, 0.06, 0.06, 0.06, 0.05, 0.08, 0.13)
LENGTHS = (0.01, 0.14, 0.32, 0.17, 0.12, 0.11, 0.12, 0.01, 0.0)
WORDS = {"ward": 0.4, "she": 0.7, "billing": 0.02}


def made(notes, draw=None, *, tenths=TENTHS, lengths=LENGTHS, unsure=0.3, words=WORDS, texts=True):
    """A profile of so many notes: as expected, or drawn at random."""

    def counts(shares):
        if draw is not None:
            return tuple(map(int, draw.multinomial(notes, np.array(shares) / sum(shares))))
        return tuple(round(notes * share) for share in shares)

    return Profile(
        notes=notes,
        labels=dict(zip(LABELS, counts((0.3, 0.3, 0.4)), strict=True)),
        unsure=counts((1 - unsure, unsure))[1],
        scores={label: counts(tenths) for label in LABELS},
        lengths=counts(lengths) if texts else (0,) * 9,
        familiar=counts(TENTHS[::-1]) if texts else (0,) * 10,
        words={word: round(notes * share) for word, share in words.items()} if texts else dict.fromkeys(words, 0),
    )


def shift(drift, name):
    return next(shift for shift in drift.shifts if shift.name == name)


def test_the_index_is_the_sum_over_bins():
    drift = compare(made(10_000, unsure=0.3), made(10_000, unsure=0.5))
    expected = (0.5 - 0.3) * np.log(0.5 / 0.3) + (0.5 - 0.7) * np.log(0.5 / 0.7)
    assert shift(drift, "unsure").psi == pytest.approx(expected, abs=1e-3)


def test_the_same_profile_is_steady():
    drift = compare(made(900), made(900))
    assert {shift.verdict for shift in drift.shifts} == {Verdict.STEADY}
    assert max(shift.psi for shift in drift.shifts) < 1e-9
    assert (drift.verdict, drift.words, drift.unknown) == (Verdict.STEADY, (), ())


@pytest.mark.parametrize("notes", [60, 200, 1000])
def test_notes_like_the_reference_are_seldom_said_to_differ(notes):
    draw = np.random.default_rng(1)
    found = [compare(made(900, draw), made(notes, draw)).verdict for _ in range(300)]
    assert sum(verdict in (Verdict.MOVED, Verdict.DRIFTED) for verdict in found) <= 0.02 * 300


CHANGES = {
    "shorter": (dict(lengths=LENGTHS[::-1]), "length"),
    "less sure": (dict(unsure=0.6), "unsure"),
    "other scores": (dict(tenths=TENTHS[::-1]), "p(rumination)"),
}


@pytest.mark.parametrize(("change", "name"), CHANGES.values(), ids=CHANGES)
def test_a_real_change_is_found_in_its_figure(change, name):
    draw = np.random.default_rng(2)
    found = [shift(compare(made(900, draw), made(300, draw, **change)), name).verdict for _ in range(50)]
    assert sum(verdict in (Verdict.MOVED, Verdict.DRIFTED) for verdict in found) >= 48


def test_a_small_change_has_moved_and_a_smaller_one_is_steady():
    assert shift(compare(made(5000), made(5000, unsure=0.48)), "unsure").verdict is Verdict.MOVED
    assert shift(compare(made(5000), made(5000, unsure=0.35)), "unsure").verdict is Verdict.STEADY


def test_few_notes_do_not_tell_and_the_report_says_how_many_would():
    drift = compare(made(900), made(25))
    assert drift.verdict is Verdict.TOO_FEW
    wanted = max(enough(shift) for shift in drift.shifts)
    assert f"About {wanted} would." in drift_report(drift, "A and B")
    assert compare(made(900), made(wanted + 5)).verdict is Verdict.STEADY
    assert Verdict.TOO_FEW in {shift.verdict for shift in compare(made(900), made(wanted - 10)).shifts}


def test_a_change_that_matters_and_that_chance_could_bring_is_not_called_steady():
    drift = compare(made(900), made(60, unsure=0.47))
    unsure = shift(drift, "unsure")
    assert MATTERS <= unsure.psi <= unsure.chance <= MATTERS_MUCH
    assert unsure.verdict is Verdict.TOO_FEW
    assert headline(drift, "A").startswith("Too few notes")
    wanted = enough(unsure)
    assert shift(compare(made(900), made(wanted + 10, unsure=0.47)), "unsure").verdict is Verdict.MOVED


def test_few_notes_that_are_quite_different_are_told_all_the_same():
    assert shift(compare(made(900), made(25, lengths=(0,) * 8 + (1,))), "length").verdict is Verdict.DRIFTED


def test_a_reference_that_is_too_small_is_said_to_be():
    drift = compare(made(20), made(5000))
    assert drift.verdict is Verdict.TOO_FEW
    assert enough(shift(drift, "length")) is None
    assert "The reference itself is too small" in drift_report(drift, "A")


def test_a_bin_that_the_reference_never_saw_is_no_trouble():
    narrow = made(500, lengths=(0, 0, 1, 0, 0, 0, 0, 0, 0))
    assert shift(compare(narrow, narrow), "length").verdict is Verdict.STEADY
    assert shift(compare(narrow, made(500)), "length").verdict is Verdict.DRIFTED
    last = made(500, lengths=(0,) * 8 + (1,))
    assert shift(compare(last, made(500)), "length").verdict is Verdict.DRIFTED


def test_words_that_changed_are_named_the_greatest_change_first():
    now = made(600, words={"ward": 0.2, "she": 0.72, "billing": 0.55})
    assert [(word.word, word.now > word.before) for word in compare(made(900), now).words] == [
        ("billing", True),
        ("ward", False),
    ]


def test_without_texts_the_rest_is_compared():
    drift = compare(made(900), made(300, texts=False))
    assert drift.unknown == ("length", "vocabulary")
    assert {shift.name for shift in drift.shifts} == {"labels", "unsure", *(f"p({label})" for label in Label)}
    report = drift_report(drift, "A and B")
    assert "Length was not compared" in report
    assert "Vocabulary was not compared" in report


def test_vocabulary_is_not_compared_where_the_reference_lists_no_words():
    drift = compare(made(900, words={}), made(900, words={}))
    assert drift.unknown == ("vocabulary",)
    assert "a reference that lists words" in drift_report(drift, "the team")


def test_the_report_begins_with_the_verdict_and_the_figures_it_rests_on():
    drift = compare(made(900), made(900, unsure=0.7, lengths=LENGTHS[::-1]))
    report = drift_report(drift, "A and B")
    assert report.startswith(
        "Drifted: the 900 recent notes or their answers differ much from the 900 of A and B in unsure, length."
    )
    assert "| unsure | 30% | 70% |" in report
    assert "afterword review" in report


def test_the_picture_has_a_panel_for_each_figure():
    drift = compare(made(900), made(300, texts=False, unsure=0.7))
    picture = drift_picture(drift, headline(drift, "A and B"))
    assert picture.startswith("<?xml")
    assert "unsure: drifted (PSI 0.6" in picture
    assert "labels: steady" in picture
    assert "vocabulary" not in picture
    assert picture == drift_picture(drift, headline(drift, "A and B"))
