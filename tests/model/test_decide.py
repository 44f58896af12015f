import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from afterword_model.decide import NoteDecider
from afterword_model.reading import Reading

STRONG = {"reflection": [6.0, 0.0, 0.0], "rumination": [0.0, 6.0, 0.0], "neither": [0.0, 0.0, 6.0]}
ORDER = list(STRONG)


def _reading(*passages: list[float]) -> Reading:
    count = len(passages)
    return Reading(
        passages=tuple((at, at + 1) for at in range(count)),
        logits=np.array(passages, dtype=np.float32),
        pooled=np.zeros((count, 2), dtype=np.float32),
        tokens=np.array([(at, at + 1) for at in range(count)]),
        pieces=np.arange(count),
        markers=np.zeros((count, 7), dtype=np.float32),
    )


@pytest.fixture
def decider() -> NoteDecider:
    """A decider of temperature 1."""
    made = NoteDecider()
    made.temperature_ = 1.0
    return made


def _label(decider: NoteDecider, *labels: str) -> str:
    return ORDER[int(decider.predict([_reading(*(STRONG[label] for label in labels))])[0])]


def test_one_passage_is_a_softmax(decider: NoteDecider) -> None:
    row = decider.predict_proba([_reading([1.0, 2.0, 3.0])])[0]
    np.testing.assert_allclose(row, np.exp([1, 2, 3]) / np.exp([1, 2, 3]).sum())


@pytest.mark.parametrize("label", ["reflection", "rumination"])
@pytest.mark.parametrize("at", [0, 4, 8])
def test_one_decisive_passage_among_plain_ones_decides(decider: NoteDecider, label: str, at: int) -> None:
    labels = ["neither"] * 9
    labels[at] = label
    assert _label(decider, *labels) == label


def test_a_note_is_what_it_ends_up_at(decider: NoteDecider) -> None:
    assert _label(decider, "rumination", "neither", "reflection", "neither") == "reflection"
    assert _label(decider, "reflection", "neither", "rumination", "neither") == "rumination"


def test_the_end_decides_however_much_was_said_before_it(decider: NoteDecider) -> None:
    said, end = np.log([0.02, 0.95, 0.03]).tolist(), np.log([0.90, 0.03, 0.07]).tolist()
    assert decider.predict([_reading(*[said] * 12, end)])[0] == ORDER.index("reflection")


def test_many_slightly_suspicious_passages_are_no_verdict(decider: NoteDecider) -> None:
    suspicious = [0.0, 1.0, 2.0]
    assert decider.predict([_reading(*[suspicious] * 20)])[0] == ORDER.index("neither")


def test_rows_sum_to_one(decider: NoteDecider) -> None:
    rng = np.random.default_rng(0)
    readings = [_reading(*rng.normal(0, 4, (count, 3)).tolist()) for count in (1, 2, 7, 60)]
    np.testing.assert_allclose(decider.predict_proba(readings).sum(axis=1), 1)
    assert decider.predict_proba([]).shape == (0, 3)


def test_the_temperature_cools_what_is_too_sure() -> None:
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 3, 600)
    seen = np.where(rng.random(600) < 0.75, truth, rng.integers(0, 3, 600))
    readings = [_reading((np.eye(3)[label] * 9).tolist()) for label in seen]
    decider = NoteDecider().fit(readings, truth)
    assert decider.temperature_ > 2
    right = (decider.predict(readings) == truth).mean()
    assert decider.predict_proba(readings).max(axis=1).mean() == pytest.approx(right, abs=0.02)


def test_it_has_to_be_fitted() -> None:
    with pytest.raises(NotFittedError):
        NoteDecider().predict_proba([_reading([1.0, 2.0, 3.0])])


def test_label_smoothing_is_undone() -> None:
    smoothed = np.array([0.9 * 0.97 + 0.1 / 3, 0.9 * 0.02 + 0.1 / 3, 0.9 * 0.01 + 0.1 / 3])
    decider = NoteDecider(smoothing=0.1)
    decider.temperature_ = 1.0
    found = decider.predict_proba([_reading(list(np.log(smoothed)))])
    assert found[0] == pytest.approx([0.97, 0.02, 0.01], abs=1e-6)


def test_a_network_surer_than_smoothing_taught_it_leaves_some_doubt() -> None:
    decider = NoteDecider(smoothing=0.1)
    decider.temperature_ = 1.0
    (row,) = decider.predict_proba([_reading([30.0, 0.0, 0.0])])
    assert 0.999 < row[0] < 1
    assert row[1] == row[2]


def test_undoing_label_smoothing_keeps_the_order_of_what_is_least_likely() -> None:
    decider = NoteDecider(smoothing=0.1)
    decider.temperature_ = 1.0
    rows = decider.predict_proba([_reading([9.0, step, 0.0]) for step in np.linspace(0, 9, 60)])
    assert (np.diff(rows[:, 1]) > 0).all()
    assert (rows[1:, 1] > rows[1:, 2]).all()


def test_a_decider_saved_before_smoothing_was_undone_answers_as_it_did() -> None:
    decider = NoteDecider()
    decider.temperature_ = 2.0
    del decider.__dict__["smoothing"]
    assert decider.predict_proba([_reading([2.0, 0.0, 0.0])])[0] == pytest.approx([0.576, 0.212, 0.212], abs=1e-3)
