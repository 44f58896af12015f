"""The figures of a verdict: accuracy, slices and calibration of champion and challenger on the same notes."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from afterword_model.labels import LABELS
from afterword_training.config import GateRules
from afterword_training.gate.contest import Contest
from afterword_training.gate.paired import adjusted_wald, holm, mcnemar, notes_needed, visible_gain
from afterword_training.gate.resampling import Figures, Units, limits, resample, units_of, worse_by_chance
from afterword_training.gate.verdict import CalibrationChange, Comparison, SliceChange

Floats = npt.NDArray[np.float64]


def measure(
    contests: Sequence[Contest], rules: GateRules, seed: int
) -> tuple[tuple[Comparison, ...], tuple[CalibrationChange, ...]]:
    """Return accuracy and calibration on each set of notes, all from the same resamples."""
    comparisons, calibration, chances = [], [], []
    for contest in contests:
        units = units_of(contest.groups, fewest=rules.min_groups)
        measured, drawn = resample(contest, units, resamples=rules.resamples, seed=seed)
        comparisons.append(_compare(contest, units, drawn.accuracy[1] - drawn.accuracy[0], rules))
        for change, chance in _calibration(contest.name, measured, drawn, rules):
            calibration.append(change)
            chances.append(chance)
    adjusted = [
        change.model_copy(update={"p_value": float(p)}) for change, p in zip(calibration, holm(chances), strict=True)
    ]
    return tuple(comparisons), tuple(adjusted)


def _compare(contest: Contest, units: Units, drawn: Floats, rules: GateRules) -> Comparison:
    notes, change = len(contest), contest.change
    gained, lost = int((change > 0).sum()), int((change < 0).sum())
    low, high = limits(drawn, units, rules.alpha)
    wald_low, wald_high, error = adjusted_wald(gained, lost, notes, rules.alpha)
    inflation = max(1.0, float(drawn.std()) / error) ** 2 if units.whole_groups else 1.0
    discordance = round((gained + lost + 2) / (notes + 2), 3)  # one note more of either kind, as in the Wald interval
    needed = notes_needed(rules.worthwhile_gain, discordance, rules.alpha, rules.power)
    champion, challenger = (float(right.mean()) for right in contest.right)
    return Comparison(
        name=contest.name,
        notes=notes,
        groups=units.groups,
        whole_groups=units.whole_groups,
        known_groups=contest.known_groups,
        champion=champion,
        challenger=challenger,
        gained=gained,
        lost=lost,
        difference=(gained - lost) / notes,
        low=max(-1.0, min(low, wald_low)),
        high=min(1.0, max(high, wald_high)),
        p_value=float(mcnemar(gained, lost)),
        visible_gain=visible_gain(int(notes / inflation), discordance, rules.alpha, rules.power),
        notes_needed=None if needed is None else int(np.ceil(needed * inflation)),
    )


def _calibration(
    name: str, measured: Figures, drawn: Figures, rules: GateRules
) -> Iterator[tuple[CalibrationChange, float]]:
    """Yield each calibration figure with its p-value of a rise, not yet adjusted."""
    for figure, once, often, tolerance in (
        ("ECE", measured.ece, drawn.ece, rules.ece_tolerance),
        ("Brier score", measured.brier, drawn.brier, rules.brier_tolerance),
    ):
        champion, challenger = (float(value) for value in once[:, 0])
        chance = worse_by_chance(often[1] - often[0], challenger - champion, tolerance)
        yield (
            CalibrationChange(contest=name, figure=figure, champion=champion, challenger=challenger, p_value=chance),
            chance,
        )


def slice_changes(contests: Sequence[Contest], rules: GateRules) -> tuple[SliceChange, ...]:
    """Return how both models do on each kind of note and each true label, with p-values of a fall.

    The test is McNemar's, exact, over the notes of the slice; Holm's method counts all slices of all contests that are
    large enough to be judged.
    """
    counted = [(contest.name, *row) for contest in contests for row in _counted(contest)]
    large = np.array([notes >= rules.min_slice_notes for _, _, notes, *_ in counted])
    falls = mcnemar([row[-1] for row in counted], [row[-2] for row in counted])
    adjusted = np.full(len(counted), np.nan)
    adjusted[large] = holm(falls[large])
    return tuple(
        SliceChange(
            contest=contest,
            name=name,
            notes=notes,
            champion=champion / notes,
            challenger=challenger / notes,
            p_value=None if np.isnan(p_value) else float(p_value),
        )
        for (contest, name, notes, champion, challenger, _, _), p_value in zip(counted, adjusted, strict=True)
    )


def _counted(contest: Contest) -> Iterator[tuple[str, int, int, int, int, int]]:
    """Yield name, notes, right by champion, right by challenger, gained and lost of each slice."""
    present, labels = np.unique(contest.truth, return_inverse=True)
    kinds = [([f"label {LABELS[index]}" for index in present], labels)]
    if contest.slices is not None:
        names, codes = np.unique(contest.slices, return_inverse=True)
        kinds.append(([str(name) for name in names], codes))
    marks = (*contest.right, contest.change > 0, contest.change < 0)
    for called, codes in kinds:
        columns = [np.bincount(codes), *(np.bincount(codes[mark], minlength=len(called)) for mark in marks)]
        yield from zip(called, *(map(int, column) for column in columns), strict=True)
