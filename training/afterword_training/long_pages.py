"""Long pages: held-out notes among plain ones, for how texts longer than the window are read.

Hardly a held-out note is longer than one window, so what the rule for long notes is worth is measured on pages that are
put together: plain notes of several authors, one after the other, and among them one note that decides, or none; and
notes of one label that end with one of the other, for a note is what it ends up at.
"""

from collections.abc import Mapping, Sequence
from itertools import islice

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
_TURNS = (Label.REFLECTION, Label.RUMINATION)
"""Labels that one page may turn to from the other."""


class LongFigure(BaseModel):
    """How pages of one length are answered."""

    words: int
    pages: int
    """Of each label."""
    recall: dict[Label, float]
    """Share of the pages of a label that are answered with it."""
    turned: dict[Label, float] = {}
    """Share of the pages that end with a note of a label, after notes of the other, that are answered with it."""


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

    def turned(words: int, label: Label) -> str:
        other = next(each for each in _TURNS if each is not label)
        parts: list[str] = []
        while sum(len(part.split()) for part in parts) < words:
            parts.append(texts[draw.choice(np.flatnonzero(labels == other))])
        return "\n\n".join([*parts, texts[draw.choice(np.flatnonzero(labels == label))]])

    found = []
    for words in LENGTHS:
        recall = _shares(classifier, {label: [page(words, label) for _ in range(_PAGES)] for label in LABELS})
        found.append(LongFigure(words=words, pages=_PAGES, recall=recall))
    for figure in found:
        figure.turned = _shares(
            classifier, {label: [turned(figure.words, label) for _ in range(_PAGES)] for label in _TURNS}
        )
    return found


def _shares(classifier: Classifier, pages: Mapping[Label, Sequence[str]]) -> dict[Label, float]:
    """Return the share of the pages of each label that are answered with it."""
    answers = iter(classifier.predict([text for some in pages.values() for text in some]))
    return {
        label: sum(answer.label is label for answer in islice(answers, len(some))) / len(some)
        for label, some in pages.items()
    }
