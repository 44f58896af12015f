"""Provenance: what a model was made of, for its card; names and numbers, never a note's text."""

from collections import Counter
from dataclasses import dataclass

from datasets import Dataset

from afterword_model.manifest import Manifest
from afterword_training.base_encoder import PUBLISHED
from afterword_training.config import Config, Encoder
from afterword_training.corpus import labels_of


@dataclass(frozen=True)
class Provenance:
    """Where the notes came from, in sentences, and how the model was made of them, in rows of a table."""

    told: str
    rows: tuple[tuple[str, str], ...]


_CORPUS = (
    "The notes were written for this purpose by language-model authors in many professional voices, by one labelling "
    "guide; they are nobody's records, and no real client or clinician is in them. Splits are by author: temperature "
    "and the threshold for `sure` were set on validation authors, and the test authors were used once."
)


def corpus_provenance(manifest: Manifest, config: Config, train: Dataset) -> Provenance:
    """Return the provenance of a model that was made of the corpus alone; `train` are the notes it learned from."""
    counts = Counter(labels_of(train))
    labels = ", ".join(f"{count} {label}" for label, count in sorted(counts.items()))
    return Provenance(
        _CORPUS,
        (
            *_trainings(config.encoder),
            ("training notes", labels),
            ("training authors", ", ".join(sorted(set(train["author"])))),
            ("validation authors", ", ".join(config.split.validation)),
            ("test authors", ", ".join(config.split.test)),
            ("corpus SHA-256", manifest.corpus_sha256),
        ),
    )


def _trainings(encoder: Encoder | None) -> list[tuple[str, str]]:
    if encoder is None:
        return []
    rows = [("trainings averaged", str(encoder.members))]
    if encoder.distill_weight and encoder.teacher:
        known = PUBLISHED[encoder.teacher.base]
        rows.append(("teacher", f"{known.name}, SHA-256 {known.sha256}"))
    return rows
