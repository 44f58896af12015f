from dataclasses import replace

import numpy as np
import pytest
from tests.training.gate.answers import contest

from afterword_model.errors import InputError

GOOD = contest(notes=6, gained=2, lost=1)


def sound(**columns):
    """Return `GOOD` with some columns changed."""
    return replace(GOOD, **columns)


def test_what_the_challenger_changes():
    assert list(GOOD.change) == [1, 1, -1, 0, 0, 0]
    assert [list(right[:3]) for right in GOOD.right] == [[False, False, True], [True, True, False]]


@pytest.mark.parametrize("column", ["truth", "groups", "ids"])
def test_columns_of_differing_length_are_refused(column):
    with pytest.raises(InputError, match="differ in length|did not answer"):
        sound(**{column: getattr(GOOD, column)[:-1]})


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.1, 0.2])
def test_what_is_no_probability_is_refused_by_id(value):
    bad = GOOD.challenger.copy()
    bad[3, 0] = value
    with pytest.raises(InputError, match=r"challenger gives no probabilities for note team-3 of the team notes"):
        sound(challenger=bad)


def test_a_model_that_left_notes_out_is_refused():
    with pytest.raises(InputError, match="champion did not answer every one of the 6 team notes"):
        sound(champion=GOOD.champion[:5])


def test_a_note_counts_once():
    with pytest.raises(InputError, match="An id stands twice"):
        sound(ids=["a", "b", "c", "d", "e", "a"])


def test_truth_is_one_of_the_labels():
    with pytest.raises(InputError, match="no label"):
        sound(truth=np.array([0, 1, 2, 3, 0, 1]))


def test_slices_have_a_name_for_every_note():
    with pytest.raises(InputError, match="differ in length"):
        sound(slices=np.array(["plain"] * 5))
