"""A challenger made ready for the registry: its manifest, its card, and the papers that tell how it was judged."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from afterword_model import Classifier
from afterword_model.labels import LABELS
from afterword_model.manifest import Manifest
from afterword_training.card import Measured
from afterword_training.config import Config
from afterword_training.drift.reference import make_reference, open_words
from afterword_training.evaluate import evaluate
from afterword_training.labelled import LabelledNote
from afterword_training.metrics import Probabilities
from afterword_training.provenance import Provenance
from afterword_training.refit import Refitted
from afterword_training.release import Release, release, unsaved_manifest
from afterword_training.retrain.learned import known_words
from afterword_training.retrain.team_figures import team_evaluation
from afterword_training.train import Parts

_TEAM = (
    "Measured by cross-fitting: each of the team's notes was answered by a model of the same making that had not "
    "learned from its group."
)
_ONE_GROUP = (
    "Measured by cross-fitting: each of the team's notes was answered by a model of the same making that had learned "
    "neither from it nor from a copy of it. All notes judged are of one group, so the figures hold for further notes "
    "of that group only."
)
_DATASET = "cross-fitted notes of a team"
_KNOWN = "Those that were known were learned from by each of these models, whatever group they are of."
_TEST = "The shipped corpus's test authors, whom neither this model nor the one before it learned from."
_TEST_IN_DOUBT = (
    "The shipped corpus's test authors. Whether this model or the one before it learned from them cannot be told: the "
    "latter was trained by another configuration or on another corpus. If so, these figures are flattered."
)
_PROVENANCE = (
    "Made from the model it was to replace, from notes that a team labelled itself, and from notes of the shipped "
    "corpus, which are nobody's records. The team's notes stay with the team: none of their text is in this folder. "
    "`learned.json` has a digest of each, so that no later model is judged on what this one knows; whoever has a text "
    "can tell by it whether this model learned from that text."
)


def draft(classifier: Classifier, challenger: Refitted, config: Config, notes: Path, folder: Path) -> Manifest:
    """Save the challenger in `folder` without its papers, and return its manifest, which knows its size."""
    manifest = unsaved_manifest(
        classifier, config, notes, temperature=challenger.temperature, base_encoder=challenger.base_encoder
    )
    return classifier.save(folder, manifest, card="# Being judged\n")


def publish_challenger(
    classifier: Classifier,
    manifest: Manifest,
    notes: Sequence[LabelledNote],
    answers: Probabilities,
    corpus: Parts,
    config: Config,
    papers: Mapping[str, str],
    *,
    made: str,
    before: Path,
    unseen: bool,
    folder: Path,
) -> Manifest:
    """Save the challenger with card, figures, reference and `papers` in `folder`.

    `answers` are its held-out answers on the team's notes that are new to the champion, `made` tells its making in a
    few words, and `before` is the folder of the champion, whose words are the only ones its reference may list.
    `unseen` tells whether nothing speaks for it that the champion knows the test authors.
    """
    judged = [note for note in notes if not note.known]
    texts = [note.text for note in judged]
    team = team_evaluation(
        judged,
        answers,
        [prediction.warnings for prediction in classifier.predict(texts)],
        model=manifest.title,
        threshold=manifest.threshold,
        resamples=config.bootstrap,
        seed=config.seed,
    )
    test = evaluate(classifier, corpus.test, resamples=config.bootstrap, seed=config.seed)
    told = _TEST if unseen else _TEST_IN_DOUBT
    given = Release(
        measured=(
            Measured("team", "How good it is on the team's notes", "the team's notes", _told(notes), team, _DATASET),
            Measured("test", "How good it is on the shipped test notes", "the shipped test notes", told, test),
        ),
        sure_accuracy=config.sure_accuracy,
        provenance=_provenance(notes, manifest, made),
        reference=make_reference(
            classifier,
            texts,
            [note.group for note in judged],
            notes_of="the team",
            answers=answers,
            among=open_words(before),
        ),
        papers=papers,
    )
    return release(classifier, manifest, given, folder)


def _told(notes: Sequence[LabelledNote]) -> str:
    told = _ONE_GROUP if len({note.group for note in notes if not note.known}) == 1 else _TEAM
    known = known_words(notes)
    return f"{told} {known} {_KNOWN}" if known else told


def _provenance(notes: Sequence[LabelledNote], manifest: Manifest, made: str) -> Provenance:
    counts = Counter(note.label for note in notes)
    return Provenance(
        _PROVENANCE,
        (
            ("made", made),
            ("the team's notes", ", ".join(f"{counts[label]} {label}" for label in LABELS)),
            ("groups of them", str(len({note.group for note in notes}))),
            ("corpus SHA-256", manifest.corpus_sha256),
        ),
    )
