"""The reference: the profile of the notes a model was measured on, kept in its artifact to hold later notes against."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from afterword_model import Classifier, artifact
from afterword_model.errors import ArtifactAltered, ArtifactError
from afterword_model.labels import LABELS
from afterword_model.manifest import Manifest
from afterword_model.prediction import Prediction
from afterword_training.drift.profile import Profile, Seen, profile, words_of
from afterword_training.metrics import Probabilities

REFERENCE = "reference.json"
"""File of an artifact."""

LISTED_FROM = 20
"""Notes that must use a word before it is listed: a rarer one might tell of whom they speak."""
_WRITERS, _EACH = 2, 5
"""Writers who must use it, and in how many notes each, so that no name of one writer's circle is listed."""


class Reference(BaseModel):
    """What `reference.json` holds: counts, and words that many notes share; never a text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: Literal["afterword"] = "afterword"
    format: Literal[1] = 1
    notes_of: str
    """Whose notes they were, in words."""
    profile: Profile


def make_reference(
    classifier: Classifier,
    texts: Sequence[str],
    writers: Sequence[str],
    *,
    notes_of: str,
    answers: Probabilities | None = None,
    among: Collection[str] | None = None,
) -> Reference:
    """Return the reference over `texts`, one of `writers` each, as `classifier` answers them.

    A model is surer of notes it learned from than of later ones. Where `texts` are such notes, give as `answers`, shape
    `(n, 3)`, what models say that did not learn from them.

    A word is listed when at least `LISTED_FROM` notes use it, and two writers in five notes each. For notes that are
    anybody's secret, name in `among` the only words that may be listed: those of a reference made of open notes.
    """
    predictions = classifier.predict(texts)
    seen = [
        _seen(text, prediction, classifier.threshold, None if answers is None else answers[row])
        for row, (text, prediction) in enumerate(zip(texts, predictions, strict=True))
    ]
    listed = _listed(texts, writers)
    return Reference(notes_of=notes_of, profile=profile(seen, listed if among is None else listed & set(among)))


def load_reference(folder: Path, manifest: Manifest) -> Reference | None:
    """Return the reference of the artifact in `folder`; None where it was saved without one.

    Raises:
        ArtifactIncomplete: the file is missing.
        ArtifactAltered: the file is not the one that was saved, or no reference of this version's.
    """
    data = artifact.read_file(folder, manifest, REFERENCE)
    if data is None:
        return None
    try:
        return Reference.model_validate_json(data)
    except ValidationError as err:
        raise ArtifactAltered(
            f"{folder / REFERENCE} is no reference that this version of Afterword reads. Train the model again."
        ) from err


def open_words(folder: Path) -> list[str]:
    """Return the words that the reference of the artifact in `folder` lists; none where it has no reference."""
    try:
        reference = load_reference(folder, artifact.verify(folder))
    except ArtifactError:
        reference = None
    return list(reference.profile.words) if reference and reference.profile.words else []


def _seen(text: str, prediction: Prediction, threshold: float, answer: npt.NDArray[np.float64] | None) -> Seen:
    if answer is not None:
        prediction = Prediction.of(answer, threshold=threshold, warnings=prediction.warnings)
    probabilities = tuple(prediction.probabilities[name] for name in LABELS)
    return Seen(prediction.label, probabilities, prediction.sure, len(text.split()), text)


def _listed(texts: Sequence[str], writers: Sequence[str]) -> frozenset[str]:
    by_writer: dict[str, Counter[str]] = defaultdict(Counter)
    for text, writer in zip(texts, writers, strict=True):
        by_writer[writer].update(words_of(text))
    total: Counter[str] = sum(by_writer.values(), Counter())
    shared = Counter(word for counts in by_writer.values() for word, count in counts.items() if count >= _EACH)
    return frozenset(word for word, count in total.items() if count >= LISTED_FROM and shared[word] >= _WRITERS)
