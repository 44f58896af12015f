"""The gate: one verdict on a challenger, from both models' answers to the same held-out notes."""

from collections.abc import Sequence

import numpy as np

from afterword_model.errors import ConfigError, InputError
from afterword_training.config import GateRules
from afterword_training.gate import checks
from afterword_training.gate.contest import TEAM, Contest, Costs
from afterword_training.gate.measure import measure, slice_changes
from afterword_training.gate.verdict import Check, CostChange, Decision, Outcome, Verdict


def judge(contests: Sequence[Contest], *, costs: Costs, rules: GateRules, seed: int) -> Verdict:
    """Return whether the challenger is to take the champion's place.

    One contest is named "team"; there a gain has to show. On each other one a loss beyond the margin has to be ruled
    out. No slice may fall significantly, calibration may not worsen, speed and size stay in bounds. Anything failed
    keeps the champion; else anything undecided says that there is not enough data.

    Raises:
        ConfigError: there is not exactly one contest on the team's notes, or two contests have one name.
        InputError: a contest has no notes, or a cost is not above 0.
    """
    _check(contests, costs)
    comparisons, calibration = measure(contests, rules, seed)
    slices = slice_changes(contests, rules)
    team = next(item for item in comparisons if item.name == TEAM)
    found = (
        _same(contests),
        checks.enough(team, rules),
        checks.gain(team, rules),
        *(checks.no_loss(item, rules) for item in comparisons if item.name != TEAM),
        checks.slices(slices, rules),
        checks.calibration(calibration, rules),
        *checks.costs(costs, rules),
    )
    return Verdict(
        decision=_decide(found),
        checks=found,
        comparisons=comparisons,
        slices=slices,
        calibration=calibration,
        costs=_costs(costs),
        rules=rules,
        seed=seed,
    )


def _decide(found: Sequence[Check]) -> Decision:
    outcomes = {check.outcome for check in found}
    if Outcome.FAILED in outcomes:
        return Decision.KEEP
    return Decision.NOT_ENOUGH_DATA if Outcome.UNDECIDED in outcomes else Decision.PROMOTE


def _same(contests: Sequence[Contest]) -> Check:
    if all(np.array_equal(contest.champion, contest.challenger) for contest in contests):
        words = "Both models give the same probabilities for every note: there is nothing to promote."
        return Check(name="change", outcome=Outcome.FAILED, sentence=words)
    differing = sum(int((a.predicted != b.predicted).sum()) for a, b in (contest.scored for contest in contests))
    words = f"The models answer {differing} of {sum(map(len, contests))} notes differently."
    return Check(name="change", outcome=Outcome.PASSED, sentence=words)


def _check(contests: Sequence[Contest], costs: Costs) -> None:
    names = [contest.name for contest in contests]
    if names.count(TEAM) != 1 or len(set(names)) < len(names):
        raise ConfigError(f"The gate wants one contest called {TEAM!r} and others by other names, not {names}.")
    for contest in contests:
        if not len(contest):
            raise InputError(f"There are no {contest.name} notes to judge on: none were held out.")
    for who, cost in vars(costs).items():
        if not (cost.notes_per_second > 0 and cost.bytes > 0):
            raise InputError(f"The {who}'s speed and size were not measured; both must be above 0.")


def _costs(costs: Costs) -> tuple[CostChange, ...]:
    before, after = costs.champion, costs.challenger
    return (
        CostChange(figure="notes per second", champion=before.notes_per_second, challenger=after.notes_per_second),
        CostChange(figure="megabytes", champion=before.bytes / 1e6, challenger=after.bytes / 1e6),
    )
