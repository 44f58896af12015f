import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from afterword_model.familiarity import Familiarity
from afterword_model.reading import Reading

RNG = np.random.default_rng(7)
USUAL = [RNG.integers(0, 20, 40) for _ in range(200)]


def _reading(pieces: object) -> Reading:
    ids = np.array(pieces, dtype=np.int64)
    nothing = np.zeros((0, 7), np.float32)
    return Reading(
        ((0, 0),), np.zeros((1, 3), np.float32), np.zeros((1, 2), np.float32), np.zeros((0, 2), int), ids, nothing
    )


@pytest.fixture
def familiarity() -> Familiarity:
    known = Familiarity(vocabulary=50, tolerated=0.02).fit(USUAL)
    return known.set_limit([_reading(RNG.integers(0, 20, 40)) for _ in range(300)])


def test_words_of_another_kind_are_unfamiliar_and_usual_ones_are_not(familiarity: Familiarity) -> None:
    strange = familiarity.strangeness([RNG.integers(20, 50, 40) for _ in range(50)])
    usual = familiarity.strangeness([RNG.integers(0, 20, 40) for _ in range(500)])
    assert familiarity.unfamiliar(strange).all()
    assert familiarity.unfamiliar(usual).mean() < 0.06


def test_a_few_words_need_more_to_be_strange_than_many(familiarity: Familiarity) -> None:
    mixed = [1, 2, 3, 30]
    short, long = familiarity.strangeness([np.array(mixed), np.array(mixed * 20)])
    assert short < long


def test_a_note_without_words_is_not_strange(familiarity: Familiarity) -> None:
    assert not familiarity.unfamiliar(familiarity.strangeness([np.array([], dtype=np.int64)])).any()
    assert familiarity.unfamiliar(familiarity.strangeness([])).shape == (0,)


def test_a_word_of_few_notes_leaves_no_trace() -> None:
    rare = [np.append(pieces, 42) if number < 4 else pieces for number, pieces in enumerate(USUAL)]
    with_rare, without = (Familiarity(vocabulary=50).fit(notes).surprise_ for notes in (rare, USUAL))
    np.testing.assert_array_equal(with_rare, without)


def test_it_does_not_answer_before_its_limit_is_set() -> None:
    with pytest.raises(NotFittedError):
        Familiarity(vocabulary=50).fit(USUAL).unfamiliar(np.array([1.0]))


def test_only_what_is_stranger_than_every_validation_note_is_unlike_any() -> None:
    validation = [RNG.integers(0, 20, 40) for _ in range(300)]
    familiarity = Familiarity(vocabulary=50, tolerated=0.02).fit(USUAL).set_limit([_reading(ids) for ids in validation])
    found = familiarity.strangeness(validation)
    assert not familiarity.unlike_any(found).any()
    assert familiarity.unfamiliar(found).sum() == 6
    assert familiarity.unlike_any(familiarity.strangeness([RNG.integers(20, 50, 40)])).all()


def test_an_older_one_finds_nothing_unlike_any(familiarity: Familiarity) -> None:
    del familiarity.strangest_
    assert not familiarity.unlike_any(familiarity.strangeness([RNG.integers(20, 50, 40)])).any()
