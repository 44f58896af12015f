"""The model card: a README for the artifact, every figure from the run that made it."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import Template

from afterword_model.labels import LABELS, Label
from afterword_model.manifest import Manifest
from afterword_training.evaluate import Evaluation
from afterword_training.provenance import Provenance
from afterword_training.tables import report, table

_CARD = Template("""---
language: en
${license}library_name: scikit-learn
pipeline_tag: text-classification
tags: [reflective-practice, clinical-supervision, reflection, rumination]
$front---

# $name $version

Labels a note that clinicians write about their own work: `reflection` (it produces a learnable next step), `rumination`
(it only punishes its writer for what is over) or `neither`. It says what words do, never what a person is.

## For what

For the writer, or for a team that has the writer's consent: to see which notes led somewhere, and which only hurt.

## What it must not be used for

- **Diagnosis.** A label tells of a note, not of anybody's health.
- **Judging or watching clinicians**: no staff review, no ranking, no reading of notes without their writer's consent.
- **Assessing danger.** A note that speaks of self-harm or harm to others is outside its task and needs a person.
- **Decisions about clients**, or any decision made by a label alone.

$measured

## Limits

$limits

<!-- passages -->
<!-- /passages -->

## What it was made of

$told

$made

The artifact holds no note: $holds. `reference.json` counts what the notes of $reference
look like, for `afterword-train drift`. An artifact runs code when it is opened: open only those of people you trust.
""")

_WORDS = "counts and figures, and the words, pairs of words and bits of words that several training notes share"
_POINTS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_WEAKEST = 3
_ENOUGH = 20
"""Notes of a kind from which its accuracy says something."""


@dataclass(frozen=True)
class Measured:
    """One measurement of the model, as the card tells of it."""

    name: str
    """In file names."""
    heading: str
    whose: str
    """The notes it was measured on, to come after "on" or "of"."""
    told: str
    """How it was measured, in a few sentences."""
    evaluation: Evaluation
    dataset: str = "notes kept out of training"
    """What the front matter calls those notes, after their number."""

    @property
    def reliability_picture(self) -> str:
        """File name of the reliability plot."""
        return f"reliability-{self.name}.svg"

    @property
    def risk_picture(self) -> str:
        """File name of the risk-coverage plot."""
        return f"risk-coverage-{self.name}.svg"


def model_card(manifest: Manifest, measured: Sequence[Measured], provenance: Provenance, *, reference: str) -> str:
    """Return the card in Markdown with Hugging Face front matter; it holds no note's text.

    The first of `measured` is the main one. `reference` tells whose notes the reference is made of.
    """
    return _CARD.substitute(
        license=f"license: {provenance.license}\n" if provenance.license else "",
        holds="weights, counts and figures only" if manifest.base_encoder else _WORDS,
        front=_front(manifest, measured[0]),
        name=manifest.name,
        version=manifest.version,
        measured="\n\n".join(map(_measured, measured)),
        limits=_limits(manifest, measured),
        told=provenance.told,
        made=_made(manifest, provenance),
        reference=reference,
    )


def _front(manifest: Manifest, measured: Measured) -> str:
    """Return the model's base and its figures as Hugging Face reads them.

    Source: https://huggingface.co/docs/hub/model-cards#evaluation-results
    """
    evaluation = measured.evaluation
    base = f"base_model: {manifest.base_encoder.name}\n" if manifest.base_encoder else ""
    metrics = "".join(
        f"      - type: {kind}\n        value: {evaluation.figures[name].value:.4f}\n        name: {words}\n"
        for name, kind, words in (("accuracy", "accuracy", "accuracy"), ("macro_f1", "f1", "macro-F1"))
        if name in evaluation.figures
    )
    return (
        f"{base}model-index:\n  - name: {manifest.name}\n    results:\n"
        "    - task: {type: text-classification}\n"
        f"      dataset: {{type: held-out-notes, name: {evaluation.notes} {measured.dataset}}}\n"
        f"      metrics:\n{metrics}"
    )


def _measured(measured: Measured) -> str:
    evaluation = measured.evaluation
    return "\n\n".join(
        [
            f"## {measured.heading}",
            measured.told,
            report(evaluation),
            "### Whether its probabilities can be believed",
            f"![Reliability plot: how often a label is right at each stated probability, on {measured.whose}]"
            f"({measured.reliability_picture})",
            "Points on the dashed line are right as often as they say; bars are 95 % Wilson intervals, each note taken "
            "as independent of the others.",
            "### Answering only when sure",
            f"![Risk-coverage curve: share of wrong answers by share of notes answered, on {measured.whose}]"
            f"({measured.risk_picture})",
            _coverage(evaluation),
        ]
    )


def _coverage(evaluation: Evaluation) -> str:
    rows = [min(evaluation.risk_coverage, key=lambda point: abs(point[1] - wanted)) for wanted in _POINTS]
    return table(
        ("notes answered", "accuracy on them", "probability from"),
        [(f"{covered:.0%}", f"{right:.3f}", f"{threshold:.3f}") for threshold, covered, right in rows],
    )


def _limits(manifest: Manifest, measured: Sequence[Measured]) -> str:
    """Return what the model is known to do badly: what holds of every one, and what was measured on this one."""
    lines = [
        "English only: a note that is clearly in another language is answered as unsure, with a warning. Mixed notes, "
        "pidgins and creoles may pass for English.",
        "Real notes differ from those it was measured on, and its figures with them: label a hundred of your own and "
        "measure (`afterword-train evaluate --passages`).",
    ]
    if manifest.base_encoder:  # what counts words has no window
        lines += [
            "A note longer than a window is read in passages, and one decisive passage among hundreds of plain words "
            "may be missed.",
            *filter(None, map(_found_in_passages, measured)),
        ]
    return "\n".join(f"- {line}" for line in [*lines, *filter(None, map(_weakest, measured))])


def _found_in_passages(measured: Measured) -> str:
    if not measured.evaluation.long_pages:
        return ""
    longest = measured.evaluation.long_pages[-1]
    listed = ", ".join(f"`{label}` {longest.recall[label]:.0%}" for label in LABELS if label is not Label.NEITHER)
    return f"Of {measured.whose}, one put among about {longest.words} plain words was found this often: {listed}."


def _weakest(measured: Measured) -> str:
    groups = {**measured.evaluation.by_slice, **measured.evaluation.by_length}
    right = {name: group.accuracy for name, group in groups.items() if group.notes >= _ENOUGH}
    worst = sorted(right, key=lambda name: right[name])[:_WEAKEST]
    listed = ", ".join(f"{name} ({right[name]:.3f})" for name in worst)
    return f"Of {measured.whose} it is least often right on: {listed}." if worst else ""


def _made(manifest: Manifest, provenance: Provenance) -> str:
    base = manifest.base_encoder
    rows = [
        ("base encoder", f"{base.name} at {base.revision}" if base else "none"),
        *provenance.rows,
        ("temperature", f"{manifest.temperature:.3f}"),
        ("seed", str(manifest.seed)),
        ("libraries", ", ".join(f"{name} {version}" for name, version in manifest.libraries.items())),
    ]
    return table(("what", "value"), rows)
