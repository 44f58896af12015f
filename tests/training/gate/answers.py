"""Contests with given counts of notes that only one of two models has right."""

import numpy as np

from afterword_training.gate import Contest, Cost, Costs, GateRules, judge

EQUAL = Costs(Cost(100.0, 1000), Cost(100.0, 1000))


def contest(name="team", *, notes=400, gained=0, lost=0, wrong=0.15, groups=None, confident=(0.85, 0.85), **columns):
    """Return a contest: the first `gained` notes only the challenger has right, the next `lost` only the champion.

    Of the others a share of `wrong` both have wrong, spread evenly. `confident` is what the two give their answers.
    """
    rows = np.arange(notes)
    both = np.floor((rows + 1) * wrong) == np.floor(rows * wrong)
    champion = np.where(rows < gained, False, np.where(rows < gained + lost, True, both))
    challenger = np.where(rows < gained, True, np.where(rows < gained + lost, False, both))
    truth = rows % 3
    return Contest(
        name=name,
        ids=[f"{name}-{row}" for row in rows],
        truth=truth,
        champion=probabilities(truth, champion, confident[0]),
        challenger=probabilities(truth, challenger, confident[1]),
        groups=rows.astype(str) if groups is None else np.asarray(groups),
        **columns,
    )


def probabilities(truth, right, confidence):
    answer = np.where(right, truth, (truth + 1) % 3)
    rest = (1 - confidence) / 2
    return np.where(np.arange(3) == answer[:, None], confidence, rest)


def decide(*contests, costs=EQUAL, seed=1, **rules):
    return judge(contests, costs=costs, rules=GateRules(**rules), seed=seed)


def outcome(verdict, name):
    return next(str(check.outcome) for check in verdict.checks if check.name == name)
