"""A model made ready for others: saved with its card, the card's pictures, its figures and its reference."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from afterword_model import Classifier
from afterword_model.artifact import installed_versions
from afterword_model.labels import LABELS
from afterword_model.manifest import BaseEncoder, Manifest
from afterword_training.card import Measured, model_card
from afterword_training.config import Config
from afterword_training.corpus import corpus_sha256
from afterword_training.drift.reference import REFERENCE, Reference
from afterword_training.plots import reliability_plot, risk_coverage_plot
from afterword_training.provenance import Provenance

METRICS = "metrics.json"
"""File of an artifact with every figure of its evaluation."""


@dataclass(frozen=True)
class Release:
    """What goes with a model: how it was measured, the main measurement first, what it was made of, its reference."""

    measured: tuple[Measured, ...]
    sure_accuracy: float
    """How often `sure` answers were to be right."""
    provenance: Provenance
    reference: Reference
    papers: Mapping[str, str] = field(default_factory=dict)
    """Further files that go with it, by name: no note's text in them."""


def unsaved_manifest(
    classifier: Classifier, config: Config, notes: Path, *, temperature: float, base_encoder: BaseEncoder | None
) -> Manifest:
    """Return the manifest of a classifier made as `config` says from the corpus in `notes`, without any figures.

    Its checksum and size are those of no file: saving puts in the right ones.
    """
    return Manifest(
        name=config.name,
        version=config.version,
        created=datetime.now(UTC),
        labels=LABELS,
        threshold=classifier.threshold,
        temperature=temperature,
        base_encoder=base_encoder,
        corpus_sha256=corpus_sha256(notes),
        seed=config.seed,
        libraries=installed_versions(),
        metrics={},
        model_sha256="0" * 64,
        model_bytes=1,
    )


def release(classifier: Classifier, manifest: Manifest, given: Release, out: Path) -> Manifest:
    """Save the classifier as an artifact in `out` and return its manifest, with the main measurement's figures.

    Beside the card lie `metrics.json`, for any further measurement `metrics-NAME.json`, two pictures for each, and
    `reference.json`.
    """
    manifest = manifest.model_copy(update={"metrics": given.measured[0].evaluation.figures})
    files = {**given.papers, REFERENCE: given.reference.model_dump_json(indent=1) + "\n"}
    for place, measured in enumerate(given.measured):
        figures = METRICS if place == 0 else METRICS.replace(".", f"-{measured.name}.")
        files[figures] = measured.evaluation.model_dump_json(indent=1) + "\n"
        files[measured.reliability_picture] = reliability_plot(measured.evaluation)
        files[measured.risk_picture] = risk_coverage_plot(measured.evaluation, wanted=given.sure_accuracy)
    card = model_card(manifest, given.measured, given.provenance, reference=given.reference.notes_of)
    return classifier.save(out, manifest, card=card, files=files)
