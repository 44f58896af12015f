"""Two profiles held against each other, figure by figure, with a verdict that knows how many notes there are.

The measure is the population stability index, sum of (q - p) ln(q / p) over bins. From 0.1 on a change is taken to
matter, from 0.25 on to matter much (Siddiqi 2006, Credit Risk Scorecards). Of two samples from one population it is
about (1/n + 1/m) times a chi-square variable of one degree of freedom less than there are bins (Yurdakul 2018,
Statistical Properties of Population Stability Index, Western Michigan University), so that what chance does is known.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict
from scipy.stats import chi2, norm

from afterword_model.labels import LABELS
from afterword_training.drift.profile import LENGTHS, TENTHS, Profile

MATTERS, MATTERS_MUCH = 0.1, 0.25
ALPHA = 0.01
"""Chance that notes like those of the reference are said to differ in any figure."""

_LEAST = 0.05
"""Share of the reference that a bin holds at least; smaller ones are joined with the next."""
_WORDS_APART = 0.05
"""Difference in the share of notes from which a word is named."""
_WORDS_NAMED = 8

Counts = npt.NDArray[np.float64]


class Verdict(StrEnum):
    """What a figure shows."""

    STEADY = "steady"
    MOVED = "moved"
    DRIFTED = "drifted"
    TOO_FEW = "too few notes"


class Shift(BaseModel):
    """One figure of recent notes beside that of the reference."""

    model_config = ConfigDict(frozen=True)

    name: str
    bins: tuple[str, ...]
    before: tuple[int, ...]
    """Notes of the reference by bin."""
    now: tuple[int, ...]
    psi: float
    chance: float
    """What `psi` stays under where nothing has changed, but for a chance of `ALPHA` over all figures."""
    verdict: Verdict


class WordShift(BaseModel):
    """A word that the reference lists, and the shares of notes that use it."""

    model_config = ConfigDict(frozen=True)

    word: str
    before: float
    now: float


class Drift(BaseModel):
    """Everything that was compared."""

    model_config = ConfigDict(frozen=True)

    notes_before: int
    notes_now: int
    shifts: tuple[Shift, ...]
    words: tuple[WordShift, ...]
    """Those that changed most, and by more than chance, the greatest change first."""
    unknown: tuple[str, ...]
    """Figures that could not be compared, for want of texts, lengths or listed words on one side."""

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict of any figure; too few notes where no figure shows a change and one cannot tell."""
        found = {shift.verdict for shift in self.shifts}
        order = (Verdict.DRIFTED, Verdict.MOVED, Verdict.TOO_FEW)
        return next((verdict for verdict in order if verdict in found), Verdict.STEADY)


def compare(before: Profile, now: Profile) -> Drift:
    """Return how recent notes (`now`) differ from those of the reference (`before`); each has notes."""
    figures = {name: (bins, a, b) for name, bins, a, b in _figures(before, now)}
    known = {name: (bins, a, b) for name, (bins, a, b) in figures.items() if sum(a) and sum(b)}
    if not before.words:  # then every text lies in the lowest bin, whatever it is about
        known.pop("vocabulary", None)
    return Drift(
        notes_before=before.notes,
        notes_now=now.notes,
        shifts=tuple(_shift(name, *each, alpha=ALPHA / len(known)) for name, each in known.items()),
        words=_words(before, now),
        unknown=tuple(name for name in figures if name not in known),
    )


def enough(shift: Shift) -> int | None:
    """Return from how many recent notes on a figure could tell; None where the reference itself is too small.

    With so many, chance alone brings less than what matters much, and less than the change found where that matters.
    """
    n, m = sum(shift.before), sum(shift.now)
    spread = shift.chance / (1 / n + 1 / m)
    wanted = min(shift.psi, MATTERS_MUCH) if shift.psi >= MATTERS else MATTERS_MUCH
    room = wanted / spread - 1 / n
    return int(np.ceil(1 / room)) if room > 0 else None


def _figures(before: Profile, now: Profile) -> list[tuple[str, tuple[str, ...], Sequence[int], Sequence[int]]]:
    tenths = tuple(f"{at / TENTHS:.1f}–{(at + 1) / TENTHS:.1f}" for at in range(TENTHS))
    return [
        ("labels", tuple(LABELS), [before.labels[label] for label in LABELS], [now.labels[label] for label in LABELS]),
        ("unsure", ("sure", "unsure"), _sureness(before), _sureness(now)),
        *((f"p({label})", tenths, before.scores[label], now.scores[label]) for label in LABELS),
        ("length", _length_bins(), before.lengths, now.lengths),
        ("vocabulary", tenths, before.familiar, now.familiar),
    ]


def _sureness(profile: Profile) -> Sequence[int]:
    return profile.notes - profile.unsure, profile.unsure


def _length_bins() -> tuple[str, ...]:
    starts = (0, *LENGTHS)
    return (*(f"{low}–{high - 1}" for low, high in zip(starts, LENGTHS, strict=False)), f"{LENGTHS[-1]}+")


def _shift(name: str, bins: tuple[str, ...], before: Sequence[int], now: Sequence[int], *, alpha: float) -> Shift:
    a, b = _joined(before, now) if len(bins) > len(LABELS) else (np.array(before, float), np.array(now, float))
    psi = _psi(a, b)
    chance = float(chi2.ppf(1 - alpha, len(a) - 1) * (1 / a.sum() + 1 / b.sum()))
    return Shift(
        name=name,
        bins=bins,
        before=tuple(before),
        now=tuple(now),
        psi=psi,
        chance=chance,
        verdict=_verdict(psi, chance),
    )


def _verdict(psi: float, chance: float) -> Verdict:
    if psi > chance and psi >= MATTERS:
        return Verdict.DRIFTED if psi >= MATTERS_MUCH else Verdict.MOVED
    return Verdict.TOO_FEW if psi >= MATTERS or chance > MATTERS_MUCH else Verdict.STEADY


def _joined(before: Sequence[int], now: Sequence[int]) -> tuple[Counts, Counts]:
    """Return both with neighbouring bins joined until each holds `_LEAST` of the reference; two at least stay."""
    least = max(1.0, _LEAST * sum(before))
    ends, held = [], 0
    for at, count in enumerate(before):
        held += count
        if held >= least and sum(before[at + 1 :]) >= least:
            ends.append(at + 1)
            held = 0
    if not ends:  # all of the reference lies in one bin
        ends = [max(1, min(int(np.argmax(before)), len(before) - 1))]
    starts = [0, *ends]
    return np.add.reduceat(before, starts).astype(float), np.add.reduceat(now, starts).astype(float)


def _psi(before: Counts, now: Counts) -> float:
    """Return the index; half a note is added to every bin, so that an empty one has a logarithm."""
    p, q = ((counts + 0.5) / (counts.sum() + 0.5 * len(counts)) for counts in (before, now))
    return float(((q - p) * np.log(q / p)).sum())


def _words(before: Profile, now: Profile) -> tuple[WordShift, ...]:
    """Return the words whose share of notes changed, by a two-proportion z test with Bonferroni's correction."""
    n, m = before.texts, now.texts
    names = [word for word in before.words if word in now.words]
    if not (n and m and names):
        return ()
    p = np.array([before.words[word] for word in names]) / n
    q = np.array([now.words[word] for word in names]) / m
    pooled = (p * n + q * m) / (n + m)
    error = np.sqrt(np.maximum(pooled * (1 - pooled), 1e-12) * (1 / n + 1 / m))
    certain = np.abs(q - p) / error > norm.ppf(1 - ALPHA / 2 / len(names))
    found = [at for at in np.argsort(-np.abs(q - p), kind="stable") if certain[at] and abs(q - p)[at] >= _WORDS_APART]
    return tuple(WordShift(word=names[at], before=float(p[at]), now=float(q[at])) for at in found[:_WORDS_NAMED])
