"""How far annotators agree: Krippendorff's alpha for nominal data (Krippendorff 2019, Content Analysis, chapter 12)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from afterword_model.labels import LABELS
from afterword_training.labelled.answer import Vote


@dataclass(frozen=True)
class Agreement:
    """Agreement over the notes that two annotators or more have labelled."""

    alpha: float | None
    """1: always; 0: as by chance; below: less. None where only one label was ever given: nothing to agree about."""
    notes: int
    annotators: int

    def __str__(self) -> str:
        value = "undefined (only one label was given)" if self.alpha is None else f"{self.alpha:.3f}"
        return f"Krippendorff's alpha {value}, over {self.notes} notes and {self.annotators} annotators"


def agreement(votes: Iterable[Iterable[Vote]]) -> Agreement | None:
    """Return the agreement over notes, each given by its votes; None where no note has two."""
    units = [unit for each in votes if len(unit := list(each)) > 1]
    if not units:
        return None
    counts = np.array([[Counter(vote.label for vote in unit)[label] for label in LABELS] for unit in units])
    return Agreement(_alpha(counts), len(units), len({vote.annotator for unit in units for vote in unit}))


def _alpha(counts: npt.NDArray[np.int64]) -> float | None:
    """Return 1 less observed over expected disagreement; `counts` says how often a unit (row) was given a label."""
    answers, labels = counts.sum(axis=1), counts.sum(axis=0)
    expected = (labels.sum() ** 2 - (labels**2).sum()) / (labels.sum() - 1)
    if not expected:
        return None
    observed = ((answers**2 - (counts**2).sum(axis=1)) / (answers - 1)).sum()
    return float(1 - observed / expected)
