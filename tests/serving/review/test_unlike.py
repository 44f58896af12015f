import pytest

from afterword_serving.review.unlike import FEWEST, Familiar

USUAL = "She came late today and we spoke of the week and of her mother, room {n}."
STRANGE = "Quantum turbines hum; invoices, ledgers, parsnips everywhere tonight, alas nobody noticed."


@pytest.fixture
def usual(make_note):
    return [make_note(n, USUAL.format(n=n % 7) + " We ended well." * (n % 3)) for n in range(3 * FEWEST)]


def test_a_note_in_other_words_stands_out(make_note, usual):
    other = make_note(999, STRANGE)

    reason, same = Familiar(usual).reasons([other, make_note(998, USUAL.format(n=3))])

    assert reason.strength == 1.0
    assert reason.words.endswith("other words than theirs")
    assert same.strength < 0.5
    assert not same.said


@pytest.mark.parametrize(("times", "what"), [(40, "much longer"), (0, "much shorter")])
def test_a_note_of_other_length_stands_out(make_note, usual, times, what):
    text = " ".join([USUAL.format(n=1)] * times) or "She came late."

    (reason,) = Familiar(usual).reasons([make_note(999, text)])

    assert reason.said
    assert reason.words.endswith(what)


def test_what_the_model_is_unsure_of_is_no_measure(make_note, usual):
    unsure = [make_note(500 + n, STRANGE, p=(0.4, 0.3, 0.3)) for n in range(100)]

    (reason,) = Familiar([*usual, *unsure]).reasons([make_note(999, STRANGE)])

    assert reason.strength == 1.0


def test_a_sure_note_is_not_its_own_witness(make_note, usual):
    strange = make_note(999, STRANGE)

    (reason,) = Familiar([*usual, strange]).reasons([strange])

    assert reason.said


def test_nothing_is_said_from_few_sure_notes(make_note, usual):
    assert Familiar(usual[: FEWEST - 1]).reasons(usual[:3]) == [None, None, None]
    assert Familiar(usual).reasons([]) == []


def test_notes_all_alike_do_not_divide_by_nothing(make_note):
    same = [make_note(n, "Rain again.") for n in range(FEWEST)]

    assert [reason.strength for reason in Familiar(same).reasons(same[:2])] == pytest.approx([0.0, 0.0], abs=0.01)
