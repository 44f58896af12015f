"""The figures of a verdict: accuracy, slices and calibration of champion and challenger on the same notes."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from afterword_model.labels import LABELS
from afterword_training.config import GateRules
from afterword_training.gate.contest import Contest
from afterword_training.gate.paired import adjusted_wald, holm, mcnemar, notes_needed, visible_gain
from afterword_training.gate.resampling import Resampled, Units, limits, resample, units_of, worse_by_chance
from afterword_training.gate.verdict import CalibrationChange, Comparison, SliceChange
from afterword_training.metrics import accuracy, brier, expected_calibration_error


def measure(
    contests: Sequence[Contest], rules: GateRules, seed: int
) -> tuple[tuple[Comparison, ...], tuple[CalibrationChange, ...]]:
    """Return accuracy and calibration on each set of notes, all from the same resamples."""
    comparisons, calibration, chances = [], [], []
    for contest in contests:
        units = units_of(contest.groups, fewest=rules.min_groups)
        drawn = resample(contest, units, resamples=rules.resamples, seed=seed)
        comparisons.append(_compare(contest, units, drawn, rules))
        for change, chance in _calibration(contest, drawn, rules):
            calibration.append(change)
            chances.append(chance)
    adjusted = [change.model_copy(update={"p_value": float(p)}) for change, p in zip(calibration, holm(chances))]
    return tuple(comparisons), tuple(adjusted)


def _compare(contest: Contest, units: Units, drawn: Resampled, rules: GateRules) -> Comparison:
    notes, change = len(contest), contest.change
    gained, lost = int((change > 0).sum()), int((change < 0).sum())
    low, high = limits(drawn.accuracy, units, rules.alpha)
    wald_low, wald_high, error = adjusted_wald(gained, lost, notes, rules.alpha)
    inflation = max(1.0, float(drawn.accuracy.std()) / error) ** 2 if units.whole_groups else 1.0
    discordance = round((gained + lost + 2) / (notes + 2), 3)  # one note more of either kind, as in the Wald interval
    needed = notes_needed(rules.worthwhile_gain, discordance, rules.alpha, rules.power)
    champion, challenger = contest.scored
    return Comparison(
        name=contest.name,
        notes=notes,
        groups=len(np.unique(contest.groups)),
        whole_groups=units.whole_groups,
        champion=accuracy(champion),
        challenger=accuracy(challenger),
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
    contest: Contest, drawn: Resampled, rules: GateRules
) -> Iterator[tuple[CalibrationChange, float]]:
    _, ece_change, brier_change = drawn.measured
    figures = (
        ("ECE", expected_calibration_error, drawn.ece, ece_change, rules.ece_tolerance),
        ("Brier score", brier, drawn.brier, brier_change, rules.brier_tolerance),
    )
    for name, figure, values, measured, tolerance in figures:
        before, after = (figure(scored) for scored in contest.scored)
        change = CalibrationChange(
            contest=contest.name, figure=name, champion=before, challenger=after, p_value=1.0
        )
        yield change, worse_by_chance(values, measured, tolerance)


def slice_changes(contests: Sequence[Contest], rules: GateRules) -> tuple[SliceChange, ...]:
    """Return how both models do on each kind of note and each true label, with p-values of a fall.

    The test is McNemar's, exact, over the notes of the slice; Holm's method counts all slices of all contests.
    """
    found = [(contest, *item) for contest in contests for item in _slices(contest)]
    large = [bool(rows.sum() >= rules.min_slice_notes) for _, _, rows in found]
    changes = [contest.change[rows] for contest, _, rows in found]
    falls = mcnemar([(change < 0).sum() for change in changes], [(change > 0).sum() for change in changes])
    adjusted = iter(holm(falls[large]))
    return tuple(
        _slice(contest, name, rows, float(next(adjusted)) if judged else None)
        for (contest, name, rows), judged in zip(found, large, strict=True)
    )


def _slices(contest: Contest) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    for index in np.unique(contest.truth):
        yield f"label {LABELS[index]}", contest.truth == index
    if contest.slices is not None:
        for name in np.unique(contest.slices):
            yield str(name), contest.slices == name


def _slice(contest: Contest, name: str, rows: npt.NDArray[np.bool_], p_value: float | None) -> SliceChange:
    champion, challenger = (accuracy(scored.take(rows)) for scored in contest.scored)
    return SliceChange(
        contest=contest.name,
        name=name,
        notes=int(rows.sum()),
        champion=champion,
        challenger=challenger,
        p_value=p_value,
    )
