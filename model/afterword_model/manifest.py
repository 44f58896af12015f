"""The manifest of an artifact: what a trained model is, in words and numbers anyone may read."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from afterword_model.labels import Label

FORMAT = 1
"""Version of the artifact's layout; raised when a reader of the old one would misread the new.

A reader refuses a manifest with a field it does not know, so even one more makes an artifact that only newer ones read.
"""


class Figure(BaseModel):
    """A measured value with its 95 % interval over authors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    low: float
    high: float


class BaseEncoder(BaseModel):
    """The published encoder a model was fine-tuned from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    revision: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """Everything about an artifact except its weights; written by the training run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: Literal["afterword"] = "afterword"
    format: int = FORMAT
    name: str
    version: str
    created: datetime
    labels: tuple[Label, ...]
    threshold: float = Field(ge=0, le=1)
    """Calibrated probability from which a prediction is sure."""
    temperature: float = Field(gt=0)
    base_encoder: BaseEncoder | None
    corpus_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    seed: int
    libraries: dict[str, str]
    """Installed version of each library that the artifact needs to be read."""
    metrics: dict[str, Figure]
    model_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    model_bytes: int = Field(gt=0)
    files: dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = {}
    """SHA-256 of each file beside the card, by name: figures, pictures, reference. Older artifacts name none."""

    @property
    def title(self) -> str:
        """Name and version, as documents call the model."""
        return f"{self.name} {self.version}"
