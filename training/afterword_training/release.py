"""A model made ready for others: saved with its card, the card's pictures, its figures and its reference."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from afterword_model import Classifier
from afterword_model.manifest import Manifest
from afterword_training.card import Measured, model_card
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
