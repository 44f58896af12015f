"""Provenance: what a model was made of, for its card; names and numbers, never a note's text.

A corpus says where it comes from in a file beside its notes:

    FOLDER/about.toml   told = "in a few sentences"; license = "apache-2.0", only where anybody may have the notes
"""

import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from datasets import Dataset
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from afterword_model.errors import InputError
from afterword_model.manifest import Manifest
from afterword_training.base_encoder import PUBLISHED
from afterword_training.config import Config, Encoder
from afterword_training.corpus import labels_of

ABOUT = "about.toml"


class About(BaseModel):
    """What a corpus says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    told: str = Field(min_length=1)
    """Where its notes come from, in sentences."""
    license: str | None = None
    """Under which anybody may have its notes; None where they are not for everybody."""


_UNTOLD = About(told="Where its notes come from is for their owner to say. They are to be taken for private.")


@dataclass(frozen=True)
class Provenance:
    """Where the notes came from, in sentences, and how the model was made of them, in rows of a table."""

    told: str
    rows: tuple[tuple[str, str], ...]
    license: str | None = None
    """Licence of the notes, and so of the model; None where they are private."""


def about_corpus(folder: Path) -> About:
    """Return what the corpus in `folder` says of itself; one that says nothing is taken for private.

    Raises:
        InputError: its `about.toml` is not of that form.
    """
    path = folder / ABOUT
    if not path.is_file():
        return _UNTOLD
    try:
        return About.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as err:
        raise InputError(f'{path} needs told = "…" and may have license = "…", and no more.') from err


def corpus_provenance(about: About, manifest: Manifest, config: Config, train: Dataset) -> Provenance:
    """Return the provenance of a model that was made of one corpus alone; `train` are the notes it learned from."""
    counts = Counter(labels_of(train))
    labels = ", ".join(f"{count} {label}" for label, count in sorted(counts.items()))
    return Provenance(
        f"{about.told} {_SPLIT}",
        (
            *_trainings(config.encoder),
            ("training notes", labels),
            ("training authors", ", ".join(sorted(set(train["author"])))),
            ("validation authors", ", ".join(config.split.validation)),
            ("test authors", ", ".join(config.split.test)),
            ("corpus SHA-256", manifest.corpus_sha256),
        ),
        about.license,
    )


_SPLIT = (
    "Splits are by author: temperature and the threshold for `sure` were set on validation authors; the test "
    "authors served the figures above and no setting."
)


def _trainings(encoder: Encoder | None) -> list[tuple[str, str]]:
    if encoder is None:
        return []
    rows = [("trainings averaged", str(encoder.members))]
    if encoder.distill_weight and encoder.teacher:
        known = PUBLISHED[encoder.teacher.base]
        rows.append(("teacher", f"{known.name}, SHA-256 {known.sha256}"))
    return rows
