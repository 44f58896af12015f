"""The classifier: the one object that batch, HTTP and evaluation all ask."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import Pipeline

from afterword_model import artifact
from afterword_model.errors import ArtifactAltered, ArtifactUnreadable, InputError
from afterword_model.familiarity import Familiarity
from afterword_model.labels import LABELS, Label
from afterword_model.language import is_english
from afterword_model.manifest import Manifest
from afterword_model.prediction import Caution, Evidence, Prediction
from afterword_model.reading import EvidenceFinder
from afterword_model.text import NormalizedText, normalize

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_FEW = 5
"""Words from which on a note may be answered as sure; there is next to nothing shorter to learn from."""
_NO_NOTE = np.array([label is Label.NEITHER for label in LABELS], dtype=np.float64)
"""Probabilities of what is no note."""


class Classifier:
    """Labels notes with a fitted scikit-learn `Pipeline`; made by training, or loaded from an artifact.

    The pipeline maps normalised texts to probabilities, shape `(n, 3)` in the order of `LABELS`; its steps before the
    last map them to what `evidence` and `familiarity` read.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        evidence: EvidenceFinder,
        *,
        threshold: float,
        familiarity: Familiarity | None = None,
        manifest: Manifest | None = None,
    ) -> None:
        self.pipeline = pipeline
        self.evidence = evidence
        self.familiarity = familiarity
        self.threshold = threshold
        self.manifest = manifest

    @classmethod
    def load(cls, path: str | Path | None = None) -> "Classifier":
        """Return the classifier saved in the folder `path`, or the shipped one.

        Raises:
            ArtifactError: the folder holds none that can be used; its kinds say why.
        """
        folder = artifact.SHIPPED if path is None else Path(path)
        parts, manifest = artifact.load(folder)
        if not _are_parts(parts):
            raise ArtifactUnreadable(f"{folder} does not hold the parts of a classifier. Train it again.")
        if parts["threshold"] != manifest.threshold or manifest.labels != LABELS:
            raise ArtifactAltered(
                f"{folder / artifact.MANIFEST} does not belong to its {artifact.MODEL}. Copy both again."
            )
        loaded = cls(**parts, manifest=manifest)
        try:
            loaded._open()
        except Exception as err:  # the libraries behind a network and a tokenizer raise what they like
            raise ArtifactUnreadable(
                f"{folder / artifact.MODEL} holds a network or a tokenizer that cannot be used "
                f"({type(err).__name__}). Train it again with this Afterword."
            ) from err
        return loaded

    def use_threads(self, count: int) -> None:
        """Read so many windows of text at a time, where the model reads in threads; it takes one a processor else."""
        steps = [name for name, step in self.pipeline.steps if "threads" in step.get_params()]
        self.pipeline.set_params(**{f"{name}__threads": count for name in steps})

    def save(
        self, folder: str | Path, manifest: Manifest, *, card: str, files: Mapping[str, str] = MappingProxyType({})
    ) -> Manifest:
        """Save as an artifact, `files` (texts by file name) beside the card, and return the manifest as written.

        The classifier itself stays as it is, its own `manifest` too.
        """
        return artifact.save(Path(folder), self._parts(), manifest, card=card, files=files)

    def predict(self, texts: Iterable[str]) -> list[Prediction]:
        """Return one prediction a note, in order. A note of any length is read whole.

        Raises:
            InputError: something in `texts` is not a string.
        """
        notes = _normalized(texts)
        features = self._features(notes)
        found = self.evidence.find([note.text for note in notes], features)
        unfamiliar, alien = self._strange(notes, features)
        rows = self._rows(notes, features, alien)
        return [self._prediction(*each) for each in zip(notes, rows, found, unfamiliar, strict=True)]

    def predict_proba(self, texts: Iterable[str]) -> Floats:
        """Return calibrated probabilities, shape `(n, 3)` in the order of `LABELS`; the same as `predict` gives."""
        notes = _normalized(texts)
        features = self._features(notes)
        _, alien = self._strange(notes, features)
        return self._rows(notes, features, alien)

    def strangeness(self, texts: Iterable[str]) -> Floats:
        """Return how unlike the training notes the words of each text are, shape `(n,)`, in nats.

        Raises:
            InputError: the model has no sense of it, or something in `texts` is not a string.
        """
        if self.familiarity is None:
            raise InputError("This model cannot tell how strange a text is to it.")
        return self.familiarity.strangeness(self.pipeline[0].pieces([note.text for note in _normalized(texts)]))

    def _open(self) -> None:
        """Let the steps that open something at first use do so now."""
        for _, step in self.pipeline.steps:
            if hasattr(step, "open"):
                step.open()

    def _features(self, notes: Sequence[NormalizedText]) -> Any:  # noqa: ANN401  # a matrix or readings, as the steps have it
        return self.pipeline[:-1].transform([note.text for note in notes]) if notes else []

    def _strange(self, notes: Sequence[NormalizedText], features: Any) -> tuple[Flags, Flags]:  # noqa: ANN401
        """Return which notes have unfamiliar words, and which are stranger than every validation note."""
        if self.familiarity is None:
            return np.zeros(len(notes), dtype=bool), np.zeros(len(notes), dtype=bool)
        strangeness = self.familiarity.strangeness([reading.pieces for reading in features])
        return self.familiarity.unfamiliar(strangeness), self.familiarity.unlike_any(strangeness)

    def _rows(self, notes: Sequence[NormalizedText], features: Any, alien: Flags) -> Floats:  # noqa: ANN401
        """Return the probabilities of each note; one without words is `neither`, whatever the model makes of it.

        An `alien` text is held to be no note at all, hence `neither`, with even odds.
        """
        if not notes:
            return np.zeros((0, len(LABELS)))
        rows = np.array(self.pipeline[-1].predict_proba(features), dtype=np.float64)
        rows[alien] = (rows[alien] + _NO_NOTE) / 2
        rows[[not _has_words(note.text) for note in notes]] = _NO_NOTE
        return rows

    def _prediction(
        self, note: NormalizedText, row: npt.NDArray[np.float64], spans: Sequence[Evidence], strange: np.bool_
    ) -> Prediction:
        return Prediction.of(
            row,
            threshold=self.threshold,
            warnings=_cautions(note.text, strange=bool(strange)),
            evidence=tuple(Evidence(span.kind, *note.raw_span(span.start, span.end)) for span in spans),
        )

    def _parts(self) -> dict[str, Any]:
        parts = {"pipeline": self.pipeline, "evidence": self.evidence, "threshold": self.threshold}
        return parts if self.familiarity is None else {**parts, "familiarity": self.familiarity}


def _are_parts(parts: object) -> bool:
    return (
        isinstance(parts, dict)
        and set(parts) - {"familiarity"} == {"pipeline", "evidence", "threshold"}
        and isinstance(parts["pipeline"], Pipeline)
    )


def _normalized(texts: Iterable[str]) -> list[NormalizedText]:
    if isinstance(texts, str):
        raise InputError("One text was given where a list of texts is wanted. Put it in a list.")
    texts = list(texts)
    for row, text in enumerate(texts, 1):
        if not isinstance(text, str):
            raise InputError(f"Note {row} of the list is no text but of type {type(text).__name__}. Leave it out.")
    return [normalize(text) for text in texts]


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _cautions(text: str, *, strange: bool) -> tuple[Caution, ...]:
    if not _has_words(text):
        return ("empty",)
    if not is_english(text):
        return ("not_english",)
    if sum(any(char.isalpha() for char in part) for part in text.split()) < _FEW:
        return ("few_words",)
    return ("unfamiliar",) if strange else ()
