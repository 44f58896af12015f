"""spaCy's text categorizers: words alone, and words beside a small convolutional network."""

import random
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from datasets import Dataset
from spacy.training import Example
from thinc.api import fix_random_seed

from afterword_model.labels import LABELS, Label
from afterword_training.corpus import labels_of
from afterword_training.metrics import Probabilities
from afterword_training.peers.base import Peer, Setup, plain

_BATCH = 32
_DROPOUT = 0.2
_EPOCHS = 15
_PATIENCE = 3
"""Epochs without a better answer on validation after which training stops; the best epoch is kept."""


class TextCategorizer(Peer):
    """A blank English pipeline with one text categorizer."""

    distributions = ("spacy",)

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.nlp = spacy.blank("en")
        self.epochs = 0

    @abstractmethod
    def component(self) -> dict[str, Any]:
        """Return the categorizer's configuration."""

    @property
    def settings(self) -> str:  # noqa: D102  # see `Peer`
        return f"spaCy's recommended sizes, dropout {_DROPOUT}, batches of {_BATCH}, best of {self.epochs} epochs"

    def fit(self, train: Dataset, validation: Dataset) -> None:  # noqa: D102
        fix_random_seed(self.setup.config.seed)
        categorizer: Any = self.nlp.add_pipe("textcat", config=self.component())
        for label in LABELS:
            categorizer.add_label(str(label))
        examples = self._examples(train)
        optimizer = self.nlp.initialize(lambda: examples)
        best, kept, since = -1.0, b"", 0
        for _ in self._epochs(examples, optimizer):
            right = float(
                (self.predict_proba(validation["text"]).argmax(axis=1) == np.array(validation["label"])).mean()
            )
            since = 0 if right > best else since + 1
            if since == 0:
                best, kept = right, self.nlp.to_bytes()
            elif since >= _PATIENCE:
                break
        self.nlp.from_bytes(kept)

    def _examples(self, notes: Dataset) -> list[Example]:
        docs = map(self.nlp.make_doc, plain(notes["text"]))
        return [Example.from_dict(doc, _cats(label)) for doc, label in zip(docs, labels_of(notes), strict=True)]

    def _epochs(self, examples: list[Example], optimizer: Any) -> Iterator[None]:  # noqa: ANN401  # thinc's
        shuffle = random.Random(self.setup.config.seed)
        for self.epochs in range(1, _EPOCHS + 1):
            shuffle.shuffle(examples)
            for at in range(0, len(examples), _BATCH):
                self.nlp.update(examples[at : at + _BATCH], sgd=optimizer, drop=_DROPOUT)
            yield

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:  # noqa: D102
        docs = self.nlp.pipe(plain(texts))
        return np.array([[doc.cats[label] for label in LABELS] for doc in docs]).reshape(-1, len(LABELS))

    def save(self, folder: Path) -> None:
        """Write the pipeline without its vocabulary: it hashes words, and the list of those it met is the notes'."""
        self.nlp.to_disk(folder, exclude=["vocab"])


class BagOfWords(TextCategorizer):
    """A linear model of hashed words."""

    title = "spaCy textcat, bow"

    def component(self) -> dict[str, Any]:  # noqa: D102
        return {
            "model": {
                "@architectures": "spacy.TextCatBOW.v3",
                "exclusive_classes": True,
                "length": 262144,
                "ngram_size": 1,
                "no_output_layer": False,
            }
        }


class Ensemble(TextCategorizer):
    """That model beside embeddings, convolutions and attention; spaCy's own default."""

    title = "spaCy textcat, ensemble"

    def component(self) -> dict[str, Any]:  # noqa: D102
        return {}


def _cats(label: Label) -> dict[str, dict[str, float]]:
    return {"cats": {str(each): float(each is label) for each in LABELS}}
