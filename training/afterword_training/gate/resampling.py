"""The paired bootstrap: both models' figures on the same resampled notes, all resamples in one matrix product.

Every figure is made of sums over notes, so a resample is a row of counts times a matrix of sums by unit.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtrit

from afterword_model.labels import LABELS
from afterword_training.gate.contest import Contest
from afterword_training.metrics import BINS, Scored, bins_of

Floats = npt.NDArray[np.float64]

_LOWEST = BINS // len(LABELS)
"""The bin of the least probability that an answer can have."""
_AT_ONCE = 4_000_000
"""Draws held in memory at a time."""


@dataclass(frozen=True)
class Units:
    """What is drawn: `of` says which unit each note belongs to, shape `(n,)`; `strata` how many units each stratum has.

    Units of one stratum stand next to each other. `groups` counts the groups that the notes belong to.
    """

    of: npt.NDArray[np.int64]
    strata: tuple[int, ...]
    groups: int
    whole_groups: bool

    @property
    def freedom(self) -> int:
        """Degrees of freedom that the differences between units leave."""
        return sum(self.strata) - len(self.strata)


@dataclass(frozen=True)
class Figures:
    """Accuracy, ECE and Brier score of champion and challenger, each of shape `(2, resamples)`."""

    accuracy: Floats
    ece: Floats
    brier: Floats


def units_of(groups: npt.NDArray[np.str_], *, fewest: int) -> Units:
    """Return whole groups as units where there are at least `fewest`, so that the answer holds for other groups too.

    Too few groups say nothing of others: then notes are the units, drawn within each group, and the answer holds for
    further notes of these groups. So it is, too, where every note is a group of its own.
    """
    names, of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(names) == len(groups):
        return Units(np.arange(len(groups)), (len(groups),), len(groups), whole_groups=False)
    if len(names) >= fewest:
        return Units(of, (len(names),), len(names), whole_groups=True)
    return Units(np.argsort(np.argsort(of, kind="stable")), tuple(map(int, sizes)), len(names), whole_groups=False)


def resample(contest: Contest, units: Units, *, resamples: int, seed: int) -> tuple[Figures, Figures]:
    """Return the figures on the notes themselves, and those on `resamples` paired draws of the units.

    Both models are asked on the same draws (Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapters 6, 8).

    With whole groups as units this is the cluster bootstrap (Field & Welsh 2007, Journal of the Royal Statistical
    Society B 69, 369-390). The ECE has 15 bins, as in `metrics`.
    """
    columns = _columns(contest)
    sums = np.zeros((sum(units.strata), columns.shape[1]))
    np.add.at(sums, units.of, columns)
    drawn = _counts(units.strata, resamples, seed) @ sums.astype(np.float32)
    return _figures(columns.sum(axis=0, keepdims=True)), _figures(drawn.astype(np.float64))


def limits(values: Floats, units: Units, alpha: float) -> tuple[float, float]:
    """Return the lower and upper limit, each missed with probability alpha: expanded percentiles.

    Plain percentiles are too narrow where few units are drawn; these reach as far as Student's t would
    (Hesterberg 2015, The American Statistician 69, 371-386).
    """
    if units.freedom < 1:
        return float("-inf"), float("inf")
    stretch = np.sqrt(1 + len(units.strata) / units.freedom)
    tail = float(ndtr(-stretch * stdtrit(units.freedom, 1 - alpha)))
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)


def worse_by_chance(values: Floats, measured: float, tolerance: float) -> float:
    """Return the bootstrap p-value of "worse by no more than `tolerance`", where more is worse.

    Values are centred on what was measured, since resampling raises a calibration error.
    """
    centred = values - values.mean() + measured
    return float((1 + (centred <= tolerance).sum()) / (1 + len(values)))


def _columns(contest: Contest) -> Floats:
    """Return what is summed, a row a note: one, then of each model right, Brier score and calibration gaps by bin."""
    both = [
        column
        for scored in contest.scored
        for column in (_right(scored)[:, None], _brier(scored)[:, None], _gaps(scored))
    ]
    return np.concatenate([np.ones((len(contest), 1)), *both], axis=1)


def _right(scored: Scored) -> Floats:
    return np.asarray(scored.predicted == scored.truth, dtype=np.float64)


def _brier(scored: Scored) -> Floats:
    return np.asarray(np.square(scored.probabilities - np.eye(len(LABELS))[scored.truth]).sum(axis=1))


def _gaps(scored: Scored) -> Floats:
    """Return right minus confidence in the column of the note's bin, shape `(n, 10)`: none is below 1/3."""
    bins = bins_of(scored) - _LOWEST
    return np.asarray(np.eye(BINS - _LOWEST)[bins] * (_right(scored) - scored.confidence)[:, None])


def _figures(sums: Floats) -> Figures:
    means = (sums[:, 1:] / sums[:, :1]).T.reshape(2, -1, len(sums))
    return Figures(accuracy=means[:, 0], brier=means[:, 1], ece=np.abs(means[:, 2:]).sum(axis=1))


@lru_cache(maxsize=4)
def _counts(strata: tuple[int, ...], resamples: int, seed: int) -> npt.NDArray[np.float32]:
    """Return how often each unit is drawn in each resample, shape `(resamples, units)`."""
    draw = np.random.default_rng(seed)
    counts = np.concatenate([_stratum(size, resamples, draw) for size in strata], axis=1)
    counts.setflags(write=False)
    return counts


def _stratum(size: int, resamples: int, draw: np.random.Generator) -> npt.NDArray[np.float32]:
    counts = np.empty((resamples, size), dtype=np.float32)
    step = max(1, _AT_ONCE // size)
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        drawn = draw.integers(size, size=(rows, size)) + np.arange(rows)[:, None] * size
        counts[start : start + rows] = np.bincount(drawn.ravel(), minlength=rows * size).reshape(rows, size)
    return counts
