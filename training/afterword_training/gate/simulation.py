"""How often the gate errs: drawn challengers of a known gain, judged a thousand times by the rules in use."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, cpu_count, delayed
from tqdm import tqdm

from afterword_training.config import GateRules
from afterword_training.gate.contest import TEAM, Cost, Costs
from afterword_training.gate.judging import judge
from afterword_training.gate.simulate import Drawn, draw_contest
from afterword_training.gate.verdict import Decision
from afterword_training.tables import table

TEAM_ACCURACY = 0.80
"""Of the champion, on the notes of a team that writes unlike the corpus."""
SHIPPED = Drawn(notes=1200, accuracy=0.86, gain=0.0, discordance=0.08, groups=4, even=True, slices=16)
"""The shipped test notes: four authors, sixteen kinds, as in the corpus."""
_COSTS = Costs(Cost(100.0, 24_000_000), Cost(100.0, 24_000_000))
_ASKED_GAIN = 0.05
_ASKED_NOTES = 400


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One row of the table: the true state of things."""

    gain: float
    notes: int = _ASKED_NOTES
    discordance: float = 0.10
    groups: int | None = None
    cohesion: float = 0.0
    shipped_gain: float = 0.0
    """True difference on the shipped test notes; a loss is below 0."""


SETTINGS = (
    *(Setting(gain=0, notes=notes) for notes in (100, 400)),
    Setting(gain=0, discordance=0.20),
    Setting(gain=0, groups=3),
    *(Setting(gain=0, groups=groups, cohesion=0.1) for groups in (6, 8, 20)),
    *(Setting(gain=_ASKED_GAIN, discordance=discordance) for discordance in (0.08, 0.10, 0.12, 0.14, 0.20)),
    Setting(gain=_ASKED_GAIN, notes=200),
    *(Setting(gain=_ASKED_GAIN, shipped_gain=gain) for gain in (-0.01, -0.03)),
)
"""What is simulated: no gain and a gain of five points, by notes, discordance, groups and loss elsewhere."""


@dataclass(frozen=True)
class Simulated:
    """Verdicts on the challengers drawn in one setting."""

    setting: Setting
    runs: int
    promoted: int
    kept: int

    @property
    def share(self) -> float:
        """Share of challengers that were promoted."""
        return self.promoted / self.runs


def simulate(settings: Sequence[Setting], rules: GateRules, *, runs: int, seed: int) -> list[Simulated]:
    """Return how `runs` challengers fare in each setting, on all cores; a progress bar goes to standard error.

    The number of cores changes nothing: each setting has draws of its own.
    """
    jobs = (delayed(_simulate)(setting, rules, runs, seed, at) for at, setting in enumerate(settings))
    done = Parallel(n_jobs=min(len(settings), cpu_count()), return_as="generator")(jobs)
    return list(tqdm(done, total=len(settings), desc="simulate", unit=" settings"))


def _simulate(setting: Setting, rules: GateRules, runs: int, seed: int, at: int) -> Simulated:
    draw = np.random.default_rng([seed, at])
    found = Counter(_verdict(setting, rules, draw, seed) for _ in range(runs))
    return Simulated(setting, runs, found[Decision.PROMOTE], found[Decision.KEEP])


def _verdict(setting: Setting, rules: GateRules, draw: np.random.Generator, seed: int) -> Decision:
    team = Drawn(
        notes=setting.notes,
        accuracy=TEAM_ACCURACY,
        gain=setting.gain,
        discordance=setting.discordance,
        groups=setting.groups,
        cohesion=setting.cohesion,
    )
    shipped = Drawn(**{**vars(SHIPPED), "gain": setting.shipped_gain})
    contests = [draw_contest(TEAM, team, draw), draw_contest("shipped test", shipped, draw)]
    return judge(contests, costs=_COSTS, rules=rules, seed=seed).decision


def simulation_report(found: Sequence[Simulated], rules: GateRules) -> str:
    """Return what was assumed, what came out, and the table of all settings."""
    return "\n\n".join([_assumed(found[0].runs), *_summary(found, rules), _table(found)])


def _assumed(runs: int) -> str:
    return (
        f"{runs} drawn challengers a row, each judged by the whole gate. Assumed: the champion has {TEAM_ACCURACY:.0%} "
        f"of the team's notes right, and {SHIPPED.accuracy:.0%} of {SHIPPED.notes} shipped test notes "
        f"({SHIPPED.groups} authors, {SHIPPED.slices} kinds), where the two differ on {SHIPPED.discordance:.0%}; both "
        "are calibrated, equally fast and large. *Discordance*: share of the team's notes that only one of the two has "
        "right. *Cohesion*: correlation, within a group, of which one that is."
    )


def _summary(found: Sequence[Simulated], rules: GateRules) -> list[str]:
    """Return the sentences on what is asked of the gate, as far as its settings were run."""
    sentences = []
    none = [item.share for item in found if item.setting.gain == 0]
    if none:
        sentences.append(f"A challenger that is no better is promoted in at most {max(none):.1%} of the runs.")
    by_discordance = {
        item.setting.discordance: item.share
        for item in found
        if item.setting == Setting(gain=_ASKED_GAIN, discordance=item.setting.discordance)
    }
    reached = [discordance for discordance, share in by_discordance.items() if share >= rules.power]
    if reached:
        sentences.append(
            f"A gain of {_ASKED_GAIN * 100:.0f} points at {_ASKED_NOTES} notes is found in at least {rules.power:.0%} "
            f"of the runs up to a discordance of {max(reached):.2f}; at {max(by_discordance):.2f} in "
            f"{by_discordance[max(by_discordance)]:.1%}."
        )
    return [" ".join(sentences)] if sentences else []


def _table(found: Sequence[Simulated]) -> str:
    head = ("true gain", "notes", "groups", "cohesion", "discordance", "shipped test", *Decision)
    return table(head, [_row(item) for item in found])


def _row(item: Simulated) -> tuple[str, ...]:
    setting = item.setting
    shares = (item.promoted, item.kept, item.runs - item.promoted - item.kept)
    return (
        f"{setting.gain * 100:.0f} points",
        str(setting.notes),
        "–" if setting.groups is None else str(setting.groups),
        "–" if setting.groups is None else f"{setting.cohesion:.1f}",
        f"{setting.discordance:.2f}",
        f"{setting.shipped_gain * 100:+.0f} points" if setting.shipped_gain else "0 points",
        *(f"{share / item.runs:.1%}" for share in shares),
    )
