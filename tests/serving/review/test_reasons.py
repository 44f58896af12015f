import pytest

from afterword_serving.review.pool import reasons_for
from afterword_serving.review.reasons import disagreement, unsure, worth


def test_unsure_grows_as_the_two_likeliest_labels_near_each_other(make_note):
    strengths = [unsure(make_note(p=p)).strength for p in [(0.9, 0.1, 0), (0.6, 0.3, 0.1), (0.45, 0.45, 0.1)]]

    assert strengths == pytest.approx([0.2, 0.7, 1.0])


def test_unsure_names_the_two_labels_it_wavers_between(make_note):
    reason = unsure(make_note(p=(0.1, 0.42, 0.48)))

    assert reason.words == "unsure: neither 48%, rumination 42%"
    assert reason.said
    assert not unsure(make_note()).said


REFLECTION, RUMINATION, NEITHER = (0.9, 0.05, 0.05), (0.05, 0.9, 0.05), (0.05, 0.05, 0.9)


@pytest.mark.parametrize(
    ("p", "markers", "strength", "words"),
    [
        (RUMINATION, ["next_step", "self_verdict"], 1.0, "called rumination, yet it shows a next step"),
        (NEITHER, ["next_step"], 1.0, "called neither, yet it shows a next step"),
        (NEITHER, ["over_analysis"], 1.0, "called neither, yet it shows over analysis"),
        (REFLECTION, ["self_verdict"], 1.0, "called reflection, yet it shows no next step but self verdict"),
        (REFLECTION, [], 0.5, "called reflection, yet it shows no next step"),
        (RUMINATION, ["self_compassion"], 0.5, "called rumination, yet no words of it were found"),
    ],
)
def test_label_and_evidence_that_disagree(make_note, p, markers, strength, words):
    reason = disagreement(make_note(p=p, markers=markers))

    assert (reason.strength, reason.words) == (strength, words)
    assert reason.said


@pytest.mark.parametrize(
    ("p", "markers"),
    [
        (REFLECTION, ["next_step", "self_verdict"]),
        (RUMINATION, ["should_standard"]),
        (NEITHER, []),
        (NEITHER, ["self_compassion"]),
    ],
)
def test_label_and_evidence_that_agree(make_note, p, markers):
    assert disagreement(make_note(p=p, markers=markers)) is None


def test_more_reasons_make_a_note_worth_more(make_note):
    plain, torn = make_note(p=(0.5, 0.4, 0.1), markers=["next_step"]), make_note(p=(0.5, 0.4, 0.1))

    assert worth(reasons_for(torn, None)) > worth(reasons_for(plain, None)) > worth(reasons_for(make_note(), None)) > 0
