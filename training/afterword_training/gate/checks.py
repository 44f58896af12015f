"""The checks of the gate: each says whether it was passed, failed or cannot be decided on these notes, and why."""

from collections.abc import Iterator, Sequence

from afterword_training.config import GateRules
from afterword_training.gate.contest import Costs
from afterword_training.gate.verdict import CalibrationChange, Check, Comparison, Outcome, SliceChange


def gain(team: Comparison, rules: GateRules) -> Check:
    """Return whether a gain on the team's notes is shown, ruled out, or neither.

    Shown takes both: McNemar's exact test and a lower limit above 0. Ruled out is a gain worth having whose place is
    above the upper limit.
    """
    seen = f"{points(team.difference)} ({points(team.low)} to {points(team.high)}; p = {team.p_value:.3f})"
    if team.p_value <= rules.alpha and team.low > 0:
        return Check(name="gain", outcome=Outcome.PASSED, sentence=f"Right more often on the team's notes: {seen}.")
    if team.high < rules.worthwhile_gain:
        words = f"No gain shown on the team's notes, {seen}, and one of {points(rules.worthwhile_gain)} is ruled out."
        return Check(name="gain", outcome=Outcome.FAILED, sentence=words)
    words = f"No gain shown on the team's notes, and none ruled out: {seen}. {visible(team, rules)}"
    return Check(name="gain", outcome=Outcome.UNDECIDED, sentence=words)


def visible(team: Comparison, rules: GateRules) -> str:
    """Return what gain these notes could have shown, and how many notes would show the worthwhile one."""
    share = f"{rules.power:.0%}"
    if team.visible_gain is None:
        words = f"So few notes could not have shown any gain with {share} power."
    else:
        words = f"The smallest gain they could have shown with {share} power is {points(team.visible_gain)}."
    if team.notes_needed is None:
        return words
    rounded = round(team.notes_needed, -1) if team.notes_needed > 100 else team.notes_needed
    return f"{words} For {points(rules.worthwhile_gain)} about {rounded} notes are needed."


def enough(team: Comparison, rules: GateRules) -> Check:
    """Return whether the team's notes are as many as the rules ask for."""
    if team.notes >= rules.min_notes:
        return Check(name="notes", outcome=Outcome.PASSED, sentence=f"{team.notes} of the team's notes were held out.")
    words = f"Only {team.notes} of the team's notes were held out; at least {rules.min_notes} are asked for."
    return Check(name="notes", outcome=Outcome.UNDECIDED, sentence=words)


def no_loss(other: Comparison, rules: GateRules) -> Check:
    """Return whether a loss beyond the margin is ruled out on notes that are not the team's (non-inferiority)."""
    name, margin = f"no loss on {other.name}", points(rules.loss_margin).lstrip("+")
    seen = f"{points(other.difference)} ({points(other.low)} to {points(other.high)})"
    if other.low >= -rules.loss_margin:
        words = f"On the {other.name} notes a loss of more than {margin} is ruled out: {seen}."
        return Check(name=name, outcome=Outcome.PASSED, sentence=words)
    if other.difference < -rules.loss_margin or other.high < 0:
        words = f"Worse on the {other.name} notes: {seen}; {margin} are tolerated, and more is not ruled out."
        return Check(name=name, outcome=Outcome.FAILED, sentence=words)
    words = f"On the {other.name} notes a loss of more than {margin} can be neither shown nor ruled out: {seen}."
    return Check(name=name, outcome=Outcome.UNDECIDED, sentence=words)


def slices(changes: Sequence[SliceChange], rules: GateRules) -> Check:
    """Return whether some kind of note or some label fell significantly."""
    fallen = [item for item in changes if item.p_value is not None and item.p_value <= rules.alpha]
    if fallen:
        listed = "; ".join(
            f"{item.name} ({item.contest}): {item.champion:.3f} to {item.challenger:.3f}" for item in fallen
        )
        return Check(name="slices", outcome=Outcome.FAILED, sentence=f"Significantly worse on {listed}.")
    judged = sum(item.p_value is not None for item in changes)
    words = f"None of {judged} slices is significantly worse; {len(changes) - judged} are too small to judge."
    return Check(name="slices", outcome=Outcome.PASSED, sentence=words)


def calibration(changes: Sequence[CalibrationChange], rules: GateRules) -> Check:
    """Return whether the probabilities became worse by more than is tolerated."""
    worse = [item for item in changes if item.p_value <= rules.alpha]
    if worse:
        listed = "; ".join(
            f"{item.figure} on the {item.contest} notes {item.champion:.3f} to {item.challenger:.3f}" for item in worse
        )
        return Check(name="calibration", outcome=Outcome.FAILED, sentence=f"Calibration is worse: {listed}.")
    words = "Calibration is not significantly worse than is tolerated."
    return Check(name="calibration", outcome=Outcome.PASSED, sentence=words)


def costs(costs: Costs, rules: GateRules) -> Iterator[Check]:
    """Yield whether speed and size stay in bounds."""
    speed = costs.challenger.notes_per_second / costs.champion.notes_per_second
    size = costs.challenger.bytes / costs.champion.bytes
    yield _bound("speed", speed >= rules.min_speed, f"{speed:.2f} times the champion's speed", rules.min_speed, "least")
    yield _bound("size", size <= rules.max_size, f"{size:.2f} times the champion's size", rules.max_size, "most")


def _bound(name: str, kept: bool, is_: str, bound: float, which: str) -> Check:
    words = f"The challenger has {is_}; {bound:g} is the {which} allowed."
    return Check(name=name, outcome=Outcome.PASSED if kept else Outcome.FAILED, sentence=words)


def points(share: float) -> str:
    """Return a difference of shares in percentage points, with its sign."""
    return f"{share * 100:+.1f} points"
