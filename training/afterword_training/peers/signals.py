"""From the signals of a heuristic package to the three labels, by one rule with two thresholds.

A package that was made for another question gives numbers, not our labels. Each number is divided by a threshold, and
the larger quotient wins; where neither reaches 1 the note is `neither`. Which signal speaks for which label is limited
to those that could mean it; among them, the choice and the thresholds are those with the best macro-F1 on validation.
"""

import json
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import files
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
from datasets import Dataset

from afterword_training.metrics import Indices, Probabilities, Scored, macro_f1
from afterword_training.peers.base import Answers, Peer

Signals = dict[str, npt.NDArray[np.float64]]
"""Values by the name of the signal, each not negative, shape `(n,)`."""

_STEPS = 20


@dataclass(frozen=True)
class SignalRule:
    """Two signals and the values from which they count."""

    reflection: str
    reflection_from: float
    rumination: str
    rumination_from: float

    def scores(self, signals: Signals) -> Probabilities:
        """Return each label's share of the quotients, shape `(n, 3)`; these are no probabilities."""
        reflection = signals[self.reflection] / self.reflection_from
        rumination = signals[self.rumination] / self.rumination_from
        rows = np.stack([reflection, rumination, np.ones_like(reflection)], axis=1)
        return np.asarray(rows / rows.sum(axis=1, keepdims=True))

    def __str__(self) -> str:
        return (
            f"reflection {_where(self.reflection, self.reflection_from)}, rumination "
            f"{_where(self.rumination, self.rumination_from)}, whichever is further above; else neither"
        )


def _where(signal: str, least: float) -> str:
    return "never" if np.isinf(least) else f"where {signal} reaches {least:.3g}"


def fit_rule(signals: Signals, truth: Indices, *, reflection: Sequence[str], rumination: Sequence[str]) -> SignalRule:
    """Return the rule with the best macro-F1 among the named signals; the first of equals."""
    groups = np.zeros(len(truth), dtype=np.str_)
    rules = _rules(signals, reflection, rumination)
    return max(rules, key=lambda rule: macro_f1(Scored(truth, rule.scores(signals), groups)))


def _rules(signals: Signals, reflection: Sequence[str], rumination: Sequence[str]) -> Iterator[SignalRule]:
    for one, other in product(reflection, rumination):
        for here, there in product(_thresholds(signals[one]), _thresholds(signals[other])):
            yield SignalRule(one, here, other, there)


def _thresholds(values: npt.NDArray[np.float64]) -> list[float]:
    """Return quantiles of the values above 0, and infinity, which none of them reaches."""
    positive = values[values > 0]
    if not len(positive):
        return [np.inf]
    return [*map(float, np.unique(np.quantile(positive, np.linspace(0, 1, _STEPS)))), np.inf]


def installed_megabytes(distribution: str) -> float:
    """Return the size of an installed distribution's own files in units of 10^6 bytes, compiled ones apart."""
    places = [Path(str(file.locate())) for file in files(distribution) or [] if file.suffix != ".pyc"]
    return sum(place.stat().st_size for place in places if place.is_file()) / 1e6


class SignalPeer(Peer):
    """A package that finds signals in a text; nothing is trained, the mapping to labels is tuned on validation."""

    answers = Answers.SCORES
    reflection: tuple[str, ...]
    """Signals that may stand for reflection."""
    rumination: tuple[str, ...]
    rule: SignalRule

    @abstractmethod
    def signals(self, texts: Sequence[str]) -> Signals:
        """Return what the package finds, by the signal's name, each of shape `(n,)`."""

    @property
    def settings(self) -> str:  # noqa: D102  # see `Peer`
        return str(self.rule)

    def fit(self, train: Dataset, validation: Dataset) -> None:  # noqa: D102
        self.rule = fit_rule(
            self.signals(validation["text"]),
            np.array(validation["label"]),
            reflection=self.reflection,
            rumination=self.rumination,
        )

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:  # noqa: D102
        return self.rule.scores(self.signals(texts))

    def save(self, folder: Path) -> None:
        """Write the rule, which is all that was learned."""
        (folder / "rule.json").write_text(json.dumps(asdict(self.rule)) + "\n", encoding="utf-8")

    def megabytes(self) -> float:
        """Return the size with that of the package, whose words are the model."""
        return super().megabytes() + sum(installed_megabytes(name) for name in self.distributions)
