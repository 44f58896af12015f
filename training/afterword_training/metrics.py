"""Figures: how good a classifier's probabilities are on labelled notes, with intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit
from scipy.stats import beta
from sklearn.metrics import accuracy_score, f1_score

from afterword_model.labels import LABELS, Label
from afterword_model.manifest import Figure

Probabilities = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

_NEITHER = LABELS.index(Label.NEITHER)
BINS = 15
"""Bins of equal width of the expected calibration error."""
FEW = 10
"""Groups below which resamples of them are too much alike, and intervals from these too narrow."""


@dataclass(frozen=True)
class Scored:
    """Predictions beside the truth.

    `truth` holds indices into `LABELS`, shape `(n,)`; `probabilities` has shape `(n, 3)`; `groups` names the authors.
    """

    truth: Indices
    probabilities: Probabilities
    groups: npt.NDArray[np.str_]

    def take(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> "Scored":
        """Return the given rows, by number or by mask."""
        return Scored(self.truth[rows], self.probabilities[rows], self.groups[rows])

    @property
    def predicted(self) -> Indices:
        """The most probable label of each note."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def confidence(self) -> npt.NDArray[np.float64]:
        """The probability of that label."""
        return np.asarray(self.probabilities.max(axis=1))


def accuracy(scored: Scored) -> float:
    """Return the share of notes whose label is right."""
    return float(accuracy_score(scored.truth, scored.predicted))


def macro_f1(scored: Scored) -> float:
    """Return the mean F1 of the labels that occur."""
    present = np.unique(scored.truth)
    return float(f1_score(scored.truth, scored.predicted, labels=present, average="macro", zero_division=0))


def two_way_accuracy(scored: Scored) -> float:
    """Return how often reflection and rumination are told apart, on notes that are one of the two."""
    rows = scored.truth != _NEITHER
    if not rows.any():
        return float("nan")
    return float((scored.probabilities[rows, :2].argmax(axis=1) == scored.truth[rows]).mean())


def neither_recall(scored: Scored) -> float:
    """Return the share of `neither` notes that are called so."""
    rows = scored.truth == _NEITHER
    return float((scored.predicted[rows] == _NEITHER).mean()) if rows.any() else float("nan")


def expected_calibration_error(scored: Scored) -> float:
    """Return the ECE of the predicted label's probability, 15 bins of equal width (Guo et al. 2017)."""
    return sum(abs(right - said) * notes for said, right, notes in reliability(scored)) / len(scored.truth)


def reliability(scored: Scored) -> list[tuple[float, float, int]]:
    """Return mean probability of the predicted label, accuracy and number of notes, for each bin that holds any.

    The bins are the 15 of equal width of the expected calibration error.
    """
    bins = bins_of(scored)
    right = scored.predicted == scored.truth
    rows = [bins == at for at in np.unique(bins)]
    return [(float(scored.confidence[row].mean()), float(right[row].mean()), int(row.sum())) for row in rows]


def bins_of(scored: Scored) -> Indices:
    """Return the bin of each note's probability, from 0 to 14."""
    return np.asarray(np.minimum((scored.confidence * BINS).astype(np.int64), BINS - 1))


def brier(scored: Scored) -> float:
    """Return the multi-class Brier score: mean squared distance to the one-hot truth, 0 to 2."""
    return float(((scored.probabilities - np.eye(len(LABELS))[scored.truth]) ** 2).sum(axis=1).mean())


def coverage_at(scored: Scored, wanted: float) -> float:
    """Return the largest share of notes, most confident first, that are right at least `wanted` of the time."""
    _, coverage, running = risk_coverage(scored)
    reached = np.flatnonzero(running >= wanted)
    return float(coverage[reached[-1]]) if len(reached) else 0.0


def risk_coverage(scored: Scored) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return thresholds, coverage and accuracy when only notes from each threshold up are answered.

    Each has one value for each distinct probability, the highest first: notes that tie are answered together.
    """
    order = np.argsort(-scored.confidence, kind="stable")
    confidence = scored.confidence[order]
    running = np.cumsum((scored.predicted == scored.truth)[order])
    last = np.flatnonzero(np.append(confidence[1:] != confidence[:-1], True))
    return confidence[last], (last + 1) / len(order), running[last] / (last + 1)


def threshold_for(scored: Scored, wanted: float, *, level: float) -> float:
    """Return the lowest probability from which predictions may be taken as right `wanted` of the time; 1 where none is.

    They may where the exact lower bound of that share at `level` reaches it (Clopper and Pearson 1934, Biometrika 26,
    404-413), as in selective classification (Geifman and El-Yaniv 2017), but without a correction for how many
    thresholds are looked at. Notes count one by one: how far their authors differ is not in it.
    """
    thresholds, coverage, running = risk_coverage(scored)
    answered = np.rint(coverage * len(scored.truth))
    right = np.rint(running * answered)
    least = beta.ppf(1 - level, right, answered - right + 1)
    reached = np.flatnonzero(least >= wanted)
    return float(thresholds[reached[-1]]) if len(reached) else 1.0


MEASURES: dict[str, Callable[[Scored], float]] = {
    "accuracy": accuracy,
    "macro_f1": macro_f1,
    "two_way_accuracy": two_way_accuracy,
    "neither_recall": neither_recall,
    "ece": expected_calibration_error,
    "brier": brier,
    "coverage_at_95": lambda scored: coverage_at(scored, 0.95),
}
"""The figures of a report, by the names used in manifest, card and README."""


def figures(scored: Scored, *, resamples: int, seed: int) -> dict[str, Figure]:
    """Return every measure that the notes allow with its 95 % interval over whole groups, as authors.

    From `FEW` groups on, percentiles of `resamples` bootstrap resamples; below, the jackknife with Student's t (Miller
    1974, Biometrika 61, 1-15): of four authors the former would hold the true value in about four of five cases only.
    """
    allowed = {name: measure for name, measure in MEASURES.items() if not np.isnan(measure(scored))}
    names = np.unique(scored.groups)
    if len(names) < FEW:
        return {name: _left_out(scored, measure, names) for name, measure in allowed.items()}
    draws = _resample(scored.groups, resamples, seed)
    return {name: _figure(scored, measure, draws) for name, measure in allowed.items()}


def _figure(scored: Scored, measure: Callable[[Scored], float], draws: Sequence[Indices]) -> Figure:
    values = [measure(scored.take(rows)) for rows in draws]
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return Figure(value=measure(scored), low=float(low), high=float(high))


def _left_out(scored: Scored, measure: Callable[[Scored], float], names: npt.NDArray[np.str_]) -> Figure:
    """Return a measure with its interval by leaving out each of the groups `names` in turn.

    Where one group alone has what is measured, nothing is known of others: the interval is all that the measure can be.
    """
    value, most = measure(scored), 2.0 if measure is brier else 1.0
    if len(names) < 2:
        return Figure(value=value, low=value, high=value)
    left = np.array([measure(scored.take(scored.groups != name)) for name in names])
    if np.isnan(left).any():
        return Figure(value=value, low=0.0, high=most)
    error = np.sqrt((len(names) - 1) * np.var(left))
    reach = float(stdtrit(len(names) - 1, 0.975) * error)
    return Figure(value=value, low=max(0.0, value - reach), high=min(most, value + reach))


def _resample(groups: npt.NDArray[np.str_], resamples: int, seed: int) -> list[Indices]:
    draw = np.random.default_rng(seed)
    names = np.unique(groups)
    rows = {name: np.flatnonzero(groups == name) for name in names}
    return [np.concatenate([rows[name] for name in draw.choice(names, len(names))]) for _ in range(resamples)]
