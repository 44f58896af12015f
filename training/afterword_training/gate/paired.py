"""Statistics of two models' right and wrong answers to the same notes, from the counts of notes they differ on.

`gained` counts notes that the challenger alone has right, `lost` those that the champion alone has right. Their sum,
as a share of all notes, is the *discordance*.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import bdtrc, ndtri
from scipy.stats import binom

Floats = npt.NDArray[np.float64]

_FEW = 2
"""Notes added by the adjusted Wald interval: one gained, one lost."""
_MOST = 200_000
"""Notes beyond which nobody will label."""


def mcnemar(gained: npt.ArrayLike, lost: npt.ArrayLike) -> Floats:
    """Return the one-sided exact p-value of McNemar's test, one for each pair of counts; 1 where nothing differs.

    Under no difference each note that the models differ on is as likely gained as lost, so `gained` is binomial with
    probability one half (McNemar 1947, Psychometrika 12, 153-157, in its exact binomial form).
    """
    gained, lost = np.asarray(gained), np.asarray(lost)
    return np.asarray(bdtrc(gained - 1.0, gained + lost, 0.5))


def holm(p_values: npt.ArrayLike) -> Floats:
    """Return p-values adjusted for their number (Holm 1979, Scandinavian Journal of Statistics 6, 65-70).

    Rejecting those of at most alpha errs anywhere with a probability of at most alpha, however the tests hang together.
    """
    p_values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p_values, kind="stable")
    stepped = np.maximum.accumulate(p_values[order] * np.arange(len(order), 0, -1))
    return np.asarray(stepped.clip(max=1)[np.argsort(order, kind="stable")])


def adjusted_wald(gained: int, lost: int, notes: int, alpha: float) -> tuple[float, float, float]:
    """Return the limits of the difference in accuracy, either missed with probability alpha, and its standard error.

    One note is added to either count, which keeps the interval honest where the models
    hardly ever differ and a bootstrap has nothing to draw from (Bonett & Price 2012, Journal of Educational and
    Behavioral Statistics 37, 479-488).
    """
    total = notes + _FEW
    difference, discordance = (gained - lost) / total, (gained + lost + _FEW) / total
    error = float(np.sqrt((discordance - difference**2) / total))
    reach = float(ndtri(1 - alpha)) * error
    return difference - reach, difference + reach, error


def power(gain: float, notes: int, discordance: float, alpha: float) -> float:
    """Return how often McNemar's exact one-sided test finds a true `gain` in accuracy among so many notes.

    Exact sum over the number of notes that the models differ on and over those gained among them (as in Miettinen 1968,
    Biometrics 24, 339-352, without the normal approximation). A gain above the discordance raises it.
    """
    discordance = max(discordance, gain)
    if discordance <= 0:
        return 0.0
    reach = -ndtri(1e-7) * np.sqrt(notes * discordance) + 10
    differing = np.arange(max(1, int(notes * discordance - reach)), min(notes, int(notes * discordance + reach)) + 1)
    needed = binom.isf(alpha, differing, 0.5) + 1  # the fewest gained whose p-value is at most alpha
    found = binom.sf(needed - 1, differing, (1 + gain / discordance) / 2)
    return float((binom.pmf(differing, notes, discordance) * found).sum())


@lru_cache(maxsize=1024)
def visible_gain(notes: int, discordance: float, alpha: float, wanted: float) -> float | None:
    """Return the smallest gain that is found with probability `wanted`, to 0.1 points; None where no gain would be."""
    if power(1.0, notes, 1.0, alpha) < wanted:
        return None
    low, high = 0, 1000  # tenths of a point
    while high - low > 1:
        middle = (low + high) // 2
        enough = power(middle / 1000, notes, discordance, alpha) >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return high / 1000


@lru_cache(maxsize=1024)
def notes_needed(gain: float, discordance: float, alpha: float, wanted: float) -> int | None:
    """Return about how many notes find a true `gain` with probability `wanted`; None where more than anyone labels."""
    low, high = 1, 2
    while power(gain, high, discordance, alpha) < wanted:
        low, high = high, high * 2
        if high > _MOST:
            return None
    while high - low > max(1, high // 200):
        middle = (low + high) // 2
        low, high = (low, middle) if power(gain, middle, discordance, alpha) >= wanted else (middle, high)
    return high
