"""The model card: a README for the artifact, every figure from the run that made it."""

from collections import Counter
from string import Template

from datasets import Dataset

from afterword_model.manifest import Manifest
from afterword_training.config import Config
from afterword_training.corpus import labels_of
from afterword_training.evaluate import Evaluation
from afterword_training.tables import report, table

_CARD = Template("""---
language: en
license: apache-2.0
library_name: scikit-learn
pipeline_tag: text-classification
tags: [reflective-practice, clinical-supervision, reflection, rumination]
$base---

# $name $version

Labels a note that clinicians write about their own work: `reflection` (it produces a learnable next step), `rumination`
(it only punishes its writer for what is over) or `neither`. It says what words do, never what a person is.

## For what, and not for what

For the writer, or for a team that has the writer's consent: to see which notes led somewhere, and which only hurt.
It is **no diagnosis, no measure of a clinician's quality and no tool to watch staff**. It does not assess danger: a
note that speaks of self-harm or harm to others is outside its task and needs a person. English only.

## How good it is, and on whom

Measured on whole authors kept out of training. The notes were written for this purpose by language-model authors in
many professional voices; they are nobody's records, so figures on real notes will differ: measure on your own.
Intervals resample whole authors.

$report

### Answering only when sure

$coverage

## How it was made

$made

Splits are by author; temperature and the threshold for `sure` were set on validation authors, and the test authors were
used once. An artifact runs code when it is opened: open only those of people you trust.
""")

_POINTS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def model_card(manifest: Manifest, evaluation: Evaluation, config: Config, train: Dataset) -> str:
    """Return the card in Markdown with Hugging Face front matter; it holds no note's text."""
    base = manifest.base_encoder
    return _CARD.substitute(
        name=manifest.name,
        version=manifest.version,
        base=f"base_model: {base.name}\n" if base else "",
        report=report(evaluation),
        coverage=_coverage(evaluation),
        made=_made(manifest, config, train),
    )


def _coverage(evaluation: Evaluation) -> str:
    rows = [min(evaluation.risk_coverage, key=lambda point: abs(point[1] - wanted)) for wanted in _POINTS]
    return table(
        ("notes answered", "accuracy on them", "probability from"),
        [(f"{covered:.0%}", f"{right:.3f}", f"{threshold:.3f}") for threshold, covered, right in rows],
    )


def _made(manifest: Manifest, config: Config, train: Dataset) -> str:
    counts = Counter(labels_of(train))
    rows = [
        (
            "base encoder",
            f"{manifest.base_encoder.name} at {manifest.base_encoder.revision}" if manifest.base_encoder else "none",
        ),
        ("training notes", ", ".join(f"{count} {label}" for label, count in sorted(counts.items()))),
        ("training authors", ", ".join(sorted(set(train["author"])))),
        ("validation authors", ", ".join(config.split.validation)),
        ("test authors", ", ".join(config.split.test)),
        ("temperature", f"{manifest.temperature:.3f}"),
        ("seed", str(manifest.seed)),
        ("corpus SHA-256", manifest.corpus_sha256),
        ("libraries", ", ".join(f"{name} {version}" for name, version in manifest.libraries.items())),
    ]
    return table(("what", "value"), rows)
