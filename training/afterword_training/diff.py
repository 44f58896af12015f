"""Two models on the same texts: which of them are labelled otherwise, told by id and never by their words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict

from afterword_model import LABELS, Classifier, Label, Prediction
from afterword_training.tables import table
from afterword_training.texts import Text

_CHUNK = 32


class Answer(BaseModel):
    """What one model says of a text: the label, its probability, and whether that is enough to rely on."""

    model_config = ConfigDict(frozen=True)

    label: Label
    p: float
    sure: bool


class Relabelled(BaseModel):
    """A text to which the two models give different labels."""

    model_config = ConfigDict(frozen=True)

    id: str
    before: Answer
    after: Answer


@dataclass(frozen=True)
class Diff:
    """What two models say of the same texts."""

    counts: list[list[int]]
    """Texts by label before (rows) and after (columns), in the order of `LABELS`."""
    relabelled: tuple[Relabelled, ...]
    """In the order of the texts."""

    @property
    def texts(self) -> int:
        """How many were read."""
        return sum(map(sum, self.counts))


def diff(
    before: Classifier,
    after: Classifier,
    texts: Sequence[Text],
    *,
    advance: Callable[[int], object] = lambda done: None,
) -> Diff:
    """Return which texts the model `after` labels otherwise than `before`.

    `advance` is told how many texts were read since last time.
    """
    counts = np.zeros((len(LABELS), len(LABELS)), dtype=int)
    relabelled = []
    for start in range(0, len(texts), _CHUNK):
        chunk = texts[start : start + _CHUNK]
        words = [text.text for text in chunk]
        for text, old, new in zip(chunk, before.predict(words), after.predict(words), strict=True):
            counts[LABELS.index(old.label), LABELS.index(new.label)] += 1
            if old.label != new.label:
                relabelled.append(Relabelled(id=text.id, before=_answer(old), after=_answer(new)))
        advance(len(chunk))
    return Diff(counts.tolist(), tuple(relabelled))


def diff_report(found: Diff, before: str, after: str) -> str:
    """Return the changed rows and the counts as Markdown."""
    changed, texts = len(found.relabelled), found.texts
    parts = [f"{changed} of {texts} texts ({changed / texts:.1%}) get another label from {after} than from {before}."]
    if changed:
        rows = [(_cell(row.id), _words(row.before), _words(row.after)) for row in found.relabelled]
        parts.append(table(("id", before, after), rows))
    counts = [(f"**{label}**", *map(str, row)) for label, row in zip(LABELS, found.counts, strict=True)]
    parts.append(table((f"{before} \\ {after}", *LABELS), counts))
    return "\n\n".join(parts)


def _answer(prediction: Prediction) -> Answer:
    return Answer(label=prediction.label, p=prediction.probabilities[prediction.label], sure=prediction.sure)


def _words(answer: Answer) -> str:
    return f"{answer.label} {answer.p:.2f}" + ("" if answer.sure else " (unsure)")


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")
