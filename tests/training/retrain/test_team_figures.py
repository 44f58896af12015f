import numpy as np
import pytest

from afterword_model.labels import Label
from afterword_model.prediction import Caution
from afterword_training.labelled import LabelledNote
from afterword_training.retrain.team_figures import team_evaluation

LIKELY = np.array([[0.9, 0.05, 0.05]] * 4)


@pytest.mark.parametrize(
    ("warning", "sure"), [("few_words", 0.75), ("not_english", 0.75), ("unfamiliar", 0.75), (None, 1)]
)
def test_a_note_with_a_warning_does_not_count_as_sure(warning: Caution | None, sure: float) -> None:
    notes = [LabelledNote(f"n{at}", "f:1", "I will ask.", Label.REFLECTION, f"g{at}", 1) for at in range(4)]
    warnings: list[tuple[Caution, ...]] = [(), (), (), (warning,) if warning else ()]
    found = team_evaluation(notes, LIKELY, warnings, model="m 1", threshold=0.8, resamples=10, seed=1)
    assert found.sure_share == sure
