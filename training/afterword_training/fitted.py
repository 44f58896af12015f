"""What every way of fitting hands on to evaluation and to the artifact."""

from dataclasses import dataclass

from sklearn.pipeline import Pipeline

from afterword_model.familiarity import Familiarity
from afterword_model.manifest import BaseEncoder
from afterword_model.reading import EvidenceFinder


@dataclass(frozen=True)
class Fitted:
    """A calibrated pipeline from normalised texts to probabilities, and the finder of its evidence."""

    pipeline: Pipeline
    evidence: EvidenceFinder
    temperature: float
    base_encoder: BaseEncoder | None
    familiarity: Familiarity | None = None
