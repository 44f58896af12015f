"""Training: from the corpus and one configuration to an artifact, its figures and its card."""

import logging
from dataclasses import dataclass
from pathlib import Path

from datasets import Dataset

from afterword_model import Classifier
from afterword_model.artifact import SHIPPED
from afterword_model.errors import InputError
from afterword_model.manifest import Manifest
from afterword_training.card import Measured
from afterword_training.check import check_corpus
from afterword_training.config import Config, Split
from afterword_training.corpus import by_author, load_corpus
from afterword_training.drift.reference import make_reference, open_words
from afterword_training.evaluate import Evaluation, evaluate, score
from afterword_training.fit_baseline import fit_baseline
from afterword_training.fitted import Fitted
from afterword_training.long_pages import long_page_figures
from afterword_training.metrics import threshold_for
from afterword_training.outside import OUTSIDE, load_outside, outside_figures
from afterword_training.places import NOWHERE, Places, check_places
from afterword_training.provenance import About, about_corpus, corpus_provenance
from afterword_training.release import Release, release, unsaved_manifest

log = logging.getLogger(__name__)

_TOLD = "Measured on whole authors kept out of training. Real notes will differ."


@dataclass(frozen=True)
class Parts:
    """The corpus, parted by author."""

    train: Dataset
    validation: Dataset
    test: Dataset


def split_corpus(corpus: Dataset, split: Split) -> Parts:
    """Return the corpus parted as `split` says; authors it does not name are for training."""
    held = {*split.validation, *split.test}
    return Parts(
        train=by_author(corpus, set(corpus["author"]) - held),
        validation=by_author(corpus, split.validation),
        test=by_author(corpus, split.test),
    )


def fit(config: Config, parts: Parts, places: Places = NOWHERE) -> Fitted:
    """Return the model that the configuration names: the encoder where it has one, else the baseline."""
    if config.encoder is None:
        return fit_baseline(parts.train, parts.validation, config.baseline, seed=config.seed)
    from afterword_training.fit_encoder import fit_encoder  # torch is needed only here

    return fit_encoder(parts.train, parts.validation, config.encoder, seed=config.seed, places=places)


@dataclass(frozen=True)
class Built:
    """A fitted, calibrated classifier that is not saved yet, and what it was made from."""

    classifier: Classifier
    parts: Parts
    fitted: Fitted
    about: About
    """What the corpus says of itself."""


def build(config: Config, notes: Path, *, places: Places = NOWHERE) -> Built:
    """Fit and calibrate what the configuration names; the test authors are not looked at.

    Raises:
        ConfigError: an encoder is not to be had, or one of the `places` is of no use.
        InputError: the corpus is missing or not sound, or the texts beside it that are no notes are not of their form.
    """
    check_places(places, config)
    about = about_corpus(notes)
    refuse_unsound(notes, config.split)
    if (notes.parent / OUTSIDE).is_file():
        load_outside(notes.parent / OUTSIDE)  # it is needed after the training, too late to hear that it is damaged
    parts = split_corpus(load_corpus(notes), config.split)
    log.info("%d notes to train on, %d to validate, %d to test", *map(len, (parts.train, parts.validation, parts.test)))
    fitted = fit(config, parts, places)
    classifier = Classifier(fitted.pipeline, fitted.evidence, threshold=1.0, familiarity=fitted.familiarity)
    validated = score(classifier, parts.validation)
    classifier.threshold = threshold_for(validated, config.sure_accuracy, level=config.sure_level)
    return Built(classifier, parts, fitted, about)


def refuse_unsound(notes: Path, split: Split) -> None:
    """Do nothing where the corpus in `notes` can be learned from, parted as `split` says.

    Raises:
        InputError: the corpus is missing or not sound.
    """
    problems = check_corpus(notes, split)
    if problems:
        listed = "\n  ".join(str(problem) for problem in problems[:10])
        raise InputError(f"{notes} has {len(problems)} problems, among them:\n  {listed}\nMend them first.")


def publish(built: Built, config: Config, notes: Path, out: Path) -> Evaluation:
    """Evaluate on the test authors, save the artifact with all that goes with it in `out`, and return the figures."""
    fitted = built.fitted
    manifest = unsaved_manifest(
        built.classifier, config, notes, temperature=fitted.temperature, base_encoder=fitted.base_encoder
    )
    built.classifier.manifest = manifest
    evaluation = evaluate_held_out(built.classifier, built.parts.test, config, notes)
    release(built.classifier, manifest, _release(built, config, manifest, evaluation), out)
    return evaluation


def evaluate_held_out(classifier: Classifier, held: Dataset, config: Config, notes: Path) -> Evaluation:
    """Return all figures on `held`, a part of the corpus in `notes`: with long pages, and texts that are no notes.

    Raises:
        InputError: there are no notes, or the texts beside the corpus that are no notes are not of their form.
    """
    evaluation = evaluate(classifier, held, resamples=config.bootstrap, seed=config.seed)
    outside = notes.parent / OUTSIDE
    more = {
        "outside": outside_figures(classifier, held, outside) if outside.is_file() else None,
        "long_pages": long_page_figures(classifier, held, seed=config.seed),
    }
    return evaluation.model_copy(update=more)


def _release(built: Built, config: Config, manifest: Manifest, evaluation: Evaluation) -> Release:
    validation = built.parts.validation
    reference = make_reference(
        built.classifier,
        list(validation["text"]),
        list(validation["author"]),
        notes_of=f"the validation authors {', '.join(config.split.validation)}",
        among=None if built.about.license else open_words(SHIPPED),
    )
    return Release(
        measured=(Measured("test", "How good it is, and on whom", "the test authors' notes", _TOLD, evaluation),),
        sure_accuracy=config.sure_accuracy,
        provenance=corpus_provenance(built.about, manifest, config, built.parts.train),
        reference=reference,
    )


def train(config: Config, notes: Path, out: Path, *, places: Places = NOWHERE) -> Evaluation:
    """Fit, calibrate and evaluate a classifier, save it as an artifact in `out`, and return its test figures.

    Raises:
        AfterwordError: as `build` does.
    """
    return publish(build(config, notes, places=places), config, notes, out)
