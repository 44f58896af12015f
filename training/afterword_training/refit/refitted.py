"""What a challenger is before it is judged."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from datasets import Dataset

from afterword_training.fitted import Fitted
from afterword_training.labelled import LabelledNote
from afterword_training.metrics import Indices, Probabilities, Scored


@dataclass(frozen=True, kw_only=True)
class Refitted(Fitted):
    """A challenger, and its calibrated answers on the notes that it did not learn from.

    `calibration` has the corpus's validation notes and after them, grouped as they came, notes of the team; the
    threshold for `sure` is to be chosen on it.
    """

    calibration: Scored


def calibration_of(
    validation: Dataset, team: Sequence[LabelledNote], truth: Indices, probabilities: Probabilities
) -> Scored:
    """Return the answers to validation notes, then the team's, grouped by author or by the team's own groups."""
    return Scored(truth, probabilities, np.array([*validation["author"], *(note.group for note in team)]))
