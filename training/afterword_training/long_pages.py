"""Long pages: held-out notes among plain ones, for how texts longer than the window are read.

Hardly a held-out note is longer than one window, so what the rule for long notes is worth is measured on pages that are
put together: plain notes of several authors, one after the other, and among them one note that decides, or none.
"""

import numpy as np
from datasets import Dataset
from pydantic import BaseModel

from afterword_model import Classifier
from afterword_model.labels import LABELS, Label
from afterword_training.corpus import is_plain, labels_of

LENGTHS = (300, 1000, 3000)
"""Words of a page, or a few more."""
_PAGES = 25
"""Pages of each label and length."""


class LongFigure(BaseModel):
    """How pages of one length are answered."""

    words: int
    pages: int
    """Of each label."""
    recall: dict[Label, float]
    """Share of the pages of a label that are answered with it."""


def long_page_figures(classifier: Classifier, notes: Dataset, *, seed: int) -> list[LongFigure]:
    """Return the figures by length; none where `notes` has no plain notes, or none that decide."""
    labels = np.array(labels_of(notes))
    plain = np.flatnonzero([is_plain(note) for note in notes])
    if not len(plain) or any(not (labels == label).any() for label in LABELS):
        return []
    draw = np.random.default_rng(seed)
    texts = list(notes["text"])

    def page(words: int, label: Label) -> str:
        parts: list[str] = []
        if label is not Label.NEITHER:
            parts.append(texts[draw.choice(np.flatnonzero(labels == label))])
        while sum(len(part.split()) for part in parts) < words:
            parts.insert(int(draw.integers(len(parts) + 1)), texts[draw.choice(plain)])
        return "\n\n".join(parts)

    return [
        _figure(classifier, words, [[page(words, label) for _ in range(_PAGES)] for label in LABELS])
        for words in LENGTHS
    ]


def _figure(classifier: Classifier, words: int, pages: list[list[str]]) -> LongFigure:
    answers = classifier.predict([text for some in pages for text in some])
    right = np.array([answer.label for answer in answers]).reshape(len(LABELS), -1) == np.array(LABELS)[:, None]
    return LongFigure(
        words=words, pages=right.shape[1], recall=dict(zip(LABELS, right.mean(axis=1).tolist(), strict=True))
    )
