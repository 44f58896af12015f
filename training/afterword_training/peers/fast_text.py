"""fastText's supervised classifier: averaged word, word-pair and character n-gram vectors."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import product
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
    "dim": 50,
    "wordNgrams": 2,
    "minn": 2,
    "maxn": 5,
    "bucket": 200_000,
    "thread": 1,
}
"""One thread, as with more of them two runs differ."""
_RATES, _EPOCHS = (0.5, 0.2), (5, 10, 25)
"""How fast and how long it may learn; the two that are best on validation are taken."""


class FastText(Peer):
    """fastText with lower-cased words and marks apart."""

    title = "fastText"
    distributions = ("fasttext-numpy2-wheel",)

    @property
    def settings(self) -> str:  # noqa: D102  # see `Peer`
        fixed = ", ".join(f"{name} {value}" for name, value in _NUMBERS.items())
        tried = f"{' and '.join(map(str, _RATES))} with {', '.join(map(str, _EPOCHS))}"
        return f"{fixed}, lr {self.rate} and epoch {self.epochs}, the best of {tried} on validation"

    def fit(self, train: Dataset, validation: Dataset) -> None:  # noqa: D102
        lines = zip(labels_of(train), _words(train["text"]), strict=True)
        truth, best = np.array(validation["label"]), -1.0
        with _in_memory("".join(f"{_PREFIX}{label} {words}\n" for label, words in lines)) as path:
            for rate, epochs in product(_RATES, _EPOCHS):
                model = self._trained(path, rate, epochs)
                if model is None:
                    continue
                right = float((_probabilities(model, validation["text"]).argmax(axis=1) == truth).mean())
                if right > best:
                    best, self.rate, self.epochs, self.model = right, rate, epochs, model
        if best < 0:
            raise ConfigError("fastText diverged at every learning rate that is tried.")

    def _trained(self, path: str, rate: float, epochs: int) -> Any:  # noqa: ANN401  # fastText's
        """Return fastText's model, or None where its training diverged, which at a high rate happens now and then."""
        try:
            return fasttext.train_supervised(
                input=path, seed=self.setup.config.seed, verbose=0, lr=rate, epoch=epochs, **_NUMBERS
            )
        except RuntimeError as error:
            if "NaN" not in str(error):
                raise
            return None

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
