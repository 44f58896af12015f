"""The training configuration: one TOML file that holds every number of a run."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from afterword_model.errors import ConfigError


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Split(_Table):
    """Whole authors held out; all others are for training."""

    validation: tuple[str, ...] = Field(min_length=1)
    test: tuple[str, ...] = Field(min_length=1)


class Baseline(_Table):
    """TF-IDF and logistic regression."""

    min_df: int = Field(ge=1)
    word_ngrams: int = Field(ge=1)
    char_ngrams: int = Field(ge=2)
    c: float = Field(gt=0)
    """Inverse strength of the L2 penalty."""


class Config(_Table):
    """One training run."""

    name: str
    version: str
    seed: int
    sure_accuracy: float = Field(gt=0, lt=1)
    """`sure` predictions are to be right this often; the threshold is chosen for it on validation."""
    bootstrap: int = Field(ge=1)
    """Resamples behind each interval."""
    split: Split
    baseline: Baseline


def load_config(path: Path) -> Config:
    """Return the configuration in `path`.

    Raises:
        ConfigError: the file is missing, is no TOML, or a value does not fit; the message names it.
    """
    try:
        return Config.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as err:
        raise ConfigError(f"There is no configuration at {path}.") from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path} is not a TOML file: {err}.") from err
    except ValidationError as err:
        problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in err.errors())
        raise ConfigError(f"{path} does not fit: {problems}.") from err
