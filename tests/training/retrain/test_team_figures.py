import numpy as np
import pytest
from tests.training.retrain.conftest import CLINIC_NOTES

import afterword_training.retrain.run as run
from afterword_model import artifact
from afterword_model.labels import Label
from afterword_model.prediction import Caution
from afterword_model.registry import Registry
from afterword_training.labelled import LabelledNote
from afterword_training.metrics import Scored
from afterword_training.retrain import Request
from afterword_training.retrain.team_figures import least_sure, team_evaluation

pytestmark = pytest.mark.slow


LIKELY = np.array([[0.9, 0.05, 0.05]] * 4)


@pytest.mark.parametrize(
    ("warning", "sure"), [("few_words", 0.75), ("not_english", 0.75), ("unfamiliar", 0.75), (None, 1)]
)
def test_a_note_with_a_warning_does_not_count_as_sure(warning: Caution | None, sure: float) -> None:
    notes = [LabelledNote(f"n{at}", "f:1", "I will ask.", Label.REFLECTION, f"g{at}", 1) for at in range(4)]
    warnings: list[tuple[Caution, ...]] = [(), (), (), (warning,) if warning else ()]
    found = team_evaluation(notes, LIKELY, warnings, model="m 1", threshold=0.8, resamples=10, seed=1)
    assert found.sure_share == sure


def answered(*told: tuple[int, float, bool]) -> Scored:
    """Return so many answers of each probability, right or wrong."""
    rows = [(confidence, right) for count, confidence, right in told for _ in range(count)]
    probabilities = np.array([[confidence, 1 - confidence, 0.0] for confidence, _ in rows])
    truth = np.array([0 if right else 1 for _, right in rows])
    return Scored(truth, probabilities, np.array([str(row) for row in range(len(rows))]))


@pytest.mark.parametrize(
    ("team", "least"),
    [
        (answered((40, 0.9, True), (10, 0.7, True), (8, 0.7, False)), 0.0),  # too few to tell
        (answered((40, 0.9, True), (10, 0.7, True), (9, 0.7, False)), 0.9),
        (answered((55, 0.9, True), (2, 0.7, False), (2, 0.6, False)), 0.7),
        (answered((40, 0.9, False), (20, 0.7, True)), 1.0),
    ],
)
def test_a_team_with_enough_notes_is_answered_as_sure_only_from_where_its_own_are_right(
    team: Scored, least: float
) -> None:
    assert least_sure(team, 0.95, level=0.95) == least


def test_the_threshold_of_a_team_model_is_no_lower_than_its_own_notes_ask_for(
    request_for: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def least(team: Scored, *_: object, **__: object) -> float:
        asked.append(len(team.truth))
        return 0.99

    monkeypatch.setattr(run, "least_sure", least)
    outcome = run.retrain(request_for)
    manifest = artifact.verify(Registry(request_for.registry).artifact(outcome.version))
    assert asked == [CLINIC_NOTES]
    assert manifest.threshold >= 0.99
