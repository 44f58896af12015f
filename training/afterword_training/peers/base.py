"""The interface of a peer: fit on labelled notes, give probabilities for texts, be saved."""

import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from datasets import Dataset

from afterword_model.text import normalize
from afterword_training.base_encoder import FoundEncoder, find_base_encoder
from afterword_training.config import Config
from afterword_training.metrics import Probabilities

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
"""The base encoder where the configuration names none."""


@dataclass(frozen=True)
class Setup:
    """What a comparison gives to every peer."""

    config: Config
    corpus_sha256: str
    base: Path | None = None
    """Folder with the base encoder's files, where they are not installed."""
    model: Path | None = None
    """Folder of the artifact; the shipped one without it."""
    cores: int = 2
    """How many every peer may use."""

    def find_encoder(self) -> FoundEncoder:
        """Return the base encoder of the configuration."""
        name = self.config.encoder.base if self.config.encoder else DEFAULT_ENCODER
        return find_base_encoder(name, self.base)


class Answers(StrEnum):
    """What a peer's `predict_proba` is worth."""

    RAW = "raw"
    """Probabilities as the training left them; they still want a temperature."""
    CALIBRATED = "calibrated"
    """Probabilities that were calibrated on validation already."""
    SCORES = "scores"
    """No probabilities: the highest score is the answer, and no more can be said."""


class Peer(ABC):
    """One way to label notes."""

    title: str
    """What the table calls it."""
    answers: ClassVar[Answers] = Answers.RAW
    distributions: ClassVar[tuple[str, ...]] = ()
    """Installed distributions whose versions the results depend on."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup

    @property
    @abstractmethod
    def settings(self) -> str:
        """How it was set, in a sentence; complete only after `fit`."""

    @abstractmethod
    def fit(self, train: Dataset, validation: Dataset) -> None:
        """Learn from `train`; `validation` is for thresholds and for when to stop."""

    @abstractmethod
    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """Return probabilities or scores for notes as written, shape `(n, 3)` in the order of `LABELS`."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write to an empty folder all that predicting needs, libraries apart."""

    def train(self, train: Dataset, validation: Dataset) -> float | None:
        """Fit, and return the seconds that took; None where training was elsewhere and left no record."""
        start = time.perf_counter()
        self.fit(train, validation)
        return time.perf_counter() - start

    def megabytes(self) -> float:
        """Return the size of the saved peer in units of 10^6 bytes."""
        with tempfile.TemporaryDirectory() as folder:
            self.save(Path(folder))
            return sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file()) / 1e6


def plain(texts: Sequence[str]) -> list[str]:
    """Return the texts normalised, as every model here reads them."""
    return [normalize(text).text for text in texts]
