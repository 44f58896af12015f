"""Drawn contests: the answers of two models that differ by a known gain, with calibrated probabilities.

Champion and challenger are drawn note by note. They differ in whether they are right on a share of the notes, the
*discordance*; the gain is the part of it that the challenger wins more than it loses.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr
from scipy.stats import beta

from afterword_model.labels import LABELS
from afterword_training.gate.contest import Contest
from afterword_training.metrics import Indices, Probabilities

Floats = npt.NDArray[np.float64]

_SPREAD = 2.9
"""Concentration of the beta distribution of confidences, as of the shipped model on authors kept out of training."""
_LIKENESS = 0.7
"""Correlation of both models' confidences on a note, on the normal scale."""
_EDGES = np.linspace(0, 1, 4001)
_GRID = 1 / len(LABELS) + (1 - 1 / len(LABELS)) * (_EDGES[1:] + _EDGES[:-1]) / 2


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What contests are drawn from; shares are of 1."""

    notes: int
    accuracy: float
    """Of the champion."""
    gain: float
    """True difference in accuracy."""
    discordance: float
    groups: int | None = None
    """Groups that notes belong to; None: every note stands for itself."""
    even: bool = False
    """Whether all groups are of one size."""
    cohesion: float = 0.0
    """Intraclass correlation within groups of which model wins a note that they differ on; 0 to below 1."""
    slices: int = 0
    """Kinds of notes."""


def draw_contest(name: str, drawn: Drawn, draw: np.random.Generator) -> Contest:
    """Return one contest drawn at random."""
    groups = _groups(drawn, draw)
    champion, challenger = _right(drawn, groups, draw)
    truth = draw.integers(len(LABELS), size=drawn.notes)
    normal = draw.standard_normal((2, drawn.notes))
    other = _LIKENESS * normal[0] + np.sqrt(1 - _LIKENESS**2) * normal[1]
    sliced = draw.integers(drawn.slices, size=drawn.notes).astype(str) if drawn.slices else None
    return Contest(
        name=name,
        ids=[str(row) for row in range(drawn.notes)],
        truth=truth,
        champion=_probabilities(truth, champion, drawn.accuracy, ndtr(normal[0]), draw),
        challenger=_probabilities(truth, challenger, drawn.accuracy + drawn.gain, ndtr(other), draw),
        groups=groups.astype(str),
        slices=sliced,
    )


def _groups(drawn: Drawn, draw: np.random.Generator) -> Indices:
    if drawn.groups is None:
        return np.arange(drawn.notes)
    if drawn.even:
        return np.arange(drawn.notes) % drawn.groups
    return draw.choice(drawn.groups, size=drawn.notes, p=draw.dirichlet(np.full(drawn.groups, 5.0)))


def _right(
    drawn: Drawn, groups: Indices, draw: np.random.Generator
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which notes champion and challenger have right."""
    wins = np.full(drawn.notes, (1 + drawn.gain / drawn.discordance) / 2)
    if drawn.cohesion:
        weight = 1 / drawn.cohesion - 1
        wins = draw.beta(wins[0] * weight, (1 - wins[0]) * weight, size=groups.max() + 1)[groups]
    differ = draw.random(drawn.notes) < drawn.discordance
    won = draw.random(drawn.notes) < wins
    both = draw.random(drawn.notes) < (drawn.accuracy - (drawn.discordance - drawn.gain) / 2) / (1 - drawn.discordance)
    return np.where(differ, ~won, both), np.where(differ, won, both)


def _probabilities(
    truth: Indices, right: npt.NDArray[np.bool_], accuracy: float, rank: Floats, draw: np.random.Generator
) -> Probabilities:
    """Return probabilities, shape `(n, 3)`, that are right as often as they say.

    The probability of the answer is drawn given whether it is right; the rest goes to the other labels, and a wrong
    answer's truth is the second of them as often as its probability says.
    """
    if_right, if_wrong = _quantiles(round(accuracy, 6))
    confidence = np.empty(len(truth))
    confidence[right] = np.interp(rank[right], if_right, _GRID)
    confidence[~right] = np.interp(rank[~right], if_wrong, _GRID)
    rest = 1 - confidence
    share = draw.uniform(0.5, np.minimum(1, confidence / rest))
    turned = draw.random(len(truth)) < 0.5  # which of the other two labels comes first
    true_second = draw.random(len(truth)) < share
    place = np.where(right, 0, np.where(true_second, 1, 2))  # of the truth, most probable first
    order = np.stack([confidence, rest * share, rest * (1 - share)], axis=1)
    step = np.where(turned, 1, 2)[:, None]
    labels = ((truth[:, None] + step * (np.arange(len(LABELS)) - place[:, None])) % len(LABELS)).astype(np.int64)
    probabilities = np.empty_like(order)
    np.put_along_axis(probabilities, labels, order, axis=1)
    return probabilities


@lru_cache(maxsize=64)
def _quantiles(accuracy: float) -> tuple[Floats, Floats]:
    """Return the distributions on the grid of confidences of right and of wrong answers, by Bayes' rule."""
    mean = (accuracy - 1 / len(LABELS)) / (1 - 1 / len(LABELS))
    mass = np.diff(beta.cdf(_EDGES, mean * _SPREAD, (1 - mean) * _SPREAD))
    right, wrong = np.cumsum(mass * _GRID), np.cumsum(mass * (1 - _GRID))
    return right / right[-1], wrong / wrong[-1]
