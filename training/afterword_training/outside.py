"""How the classifier meets texts that are no notes at all: recipes, contracts, code, news."""

from pathlib import Path

import numpy as np
from datasets import Dataset
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sklearn.metrics import roc_auc_score

from afterword_model import Classifier
from afterword_model.errors import InputError
from afterword_model.labels import Label

OUTSIDE = "outside.jsonl"
"""File beside the folder of notes that holds such texts; nothing is trained on or set by them."""


class OutsideText(BaseModel):
    """One line of that file."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    id: str
    kind: str
    text: str = Field(pattern=r"\w")


class OutsideFigures(BaseModel):
    """What becomes of texts that are no notes, beside held-out notes."""

    texts: int
    auroc: float
    """Chance that such a text is held stranger than a held-out note."""
    warned: float
    """Share of them with a warning: unfamiliar words, another language, too few words."""
    sure: float
    """Share of them answered as sure, whatever the label."""
    sure_rumination: float
    """Share of them answered as sure `rumination`."""
    notes_warned: float
    """Share of the held-out notes with such a warning: false alarms."""


def outside_figures(classifier: Classifier, notes: Dataset, path: Path) -> OutsideFigures | None:
    """Return the figures, or None where the classifier has no sense of what is strange to it.

    Raises:
        InputError: the file cannot be read, or a line is not of its form.
    """
    if classifier.familiarity is None:
        return None
    texts, known = [row.text for row in load_outside(path)], list(notes["text"])
    strangeness = [classifier.strangeness(some) for some in (known, texts)]
    answers, warned = classifier.predict(texts), [bool(answer.warnings) for answer in classifier.predict(known)]
    return OutsideFigures(
        texts=len(texts),
        auroc=float(roc_auc_score([0] * len(known) + [1] * len(texts), np.concatenate(strangeness))),
        warned=float(np.mean([bool(answer.warnings) for answer in answers])),
        sure=float(np.mean([answer.sure for answer in answers])),
        sure_rumination=float(np.mean([answer.sure and answer.label is Label.RUMINATION for answer in answers])),
        notes_warned=float(np.mean(warned)),
    )


def load_outside(path: Path) -> list[OutsideText]:
    """Return the texts of the file.

    Raises:
        InputError: as `outside_figures` says.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"{path} cannot be read as UTF-8 text ({type(err).__name__}).") from err
    texts = [_row(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line.strip()]
    if not texts:
        raise InputError(f"{path} holds no texts. Put some in, or take the file away.")
    return texts


def _row(line: str, where: str) -> OutsideText:
    try:
        return OutsideText.model_validate_json(line)
    except ValidationError as err:
        raise InputError(f"{where} is not of the form id, kind, text, with words in the text. Mend the line.") from err
