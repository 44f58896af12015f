"""fastText's supervised classifier: averaged word, word-pair and character n-gram vectors."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
from datasets import Dataset

from afterword_model.errors import ConfigError
from afterword_model.labels import LABELS
from afterword_training.corpus import labels_of
from afterword_training.metrics import Probabilities
from afterword_training.peers.base import Peer, plain

_PREFIX = "__label__"
_NUMBERS: dict[str, Any] = {
    "lr": 0.5,
    "dim": 50,
    "wordNgrams": 2,
    "minn": 2,
    "maxn": 5,
    "bucket": 200_000,
    "thread": 1,
}
"""One thread, as with more of them two runs differ."""
_EPOCHS = (5, 10, 25)
"""How long it may learn; the number that is best on validation is taken."""


class FastText(Peer):
    """fastText with lower-cased words and marks apart."""

    title = "fastText"
    distributions = ("fasttext-numpy2-wheel",)

    @property
    def settings(self) -> str:  # noqa: D102  # see `Peer`
        chosen = ", ".join(f"{name} {value}" for name, value in _NUMBERS.items())
        return f"{chosen}, epoch {self.epochs}, the best of {', '.join(map(str, _EPOCHS))} on validation"

    def fit(self, train: Dataset, validation: Dataset) -> None:  # noqa: D102
        lines = zip(labels_of(train), _words(train["text"]), strict=True)
        truth, best = np.array(validation["label"]), -1.0
        with _in_memory("".join(f"{_PREFIX}{label} {words}\n" for label, words in lines)) as path:
            for epochs in _EPOCHS:
                model = fasttext.train_supervised(
                    input=path, seed=self.setup.config.seed, verbose=0, epoch=epochs, **_NUMBERS
                )
                right = float((_probabilities(model, validation["text"]).argmax(axis=1) == truth).mean())
                if right > best:
                    best, self.epochs, self.model = right, epochs, model

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:  # noqa: D102
        return _probabilities(self.model, texts)

    def save(self, folder: Path) -> None:
        """Write the model, whose dictionary has every word of the training notes."""
        self.model.save_model(str(folder / "model.bin"))


def _probabilities(model: Any, texts: Sequence[str]) -> Probabilities:  # noqa: ANN401  # fastText's
    names, values = model.predict(_words(texts), k=len(LABELS))
    rows = np.zeros((len(texts), len(LABELS)))
    for row, (labels, shares) in enumerate(zip(names, values, strict=True)):
        for label, share in zip(labels, shares, strict=True):
            rows[row, LABELS.index(label.removeprefix(_PREFIX))] = share
    return np.asarray(rows / rows.sum(axis=1, keepdims=True))


def _words(texts: Sequence[str]) -> list[str]:
    return [" ".join(re.findall(r"\w+(?:'\w+)*|[^\w\s]", text.lower())) for text in plain(texts)]


@contextmanager
def _in_memory(text: str) -> Iterator[str]:
    """Yield the path of a file that holds `text` in memory only: fastText reads paths, and notes stay off the disk."""
    if not hasattr(os, "memfd_create"):
        raise ConfigError("fastText wants a file, and only Linux has files that never touch a disk.")
    handle = os.memfd_create("notes")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", closefd=False) as file:
            file.write(text)
        yield f"/proc/self/fd/{handle}"
    finally:
        os.close(handle)
