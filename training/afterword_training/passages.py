"""Labelled texts to measure on that are no corpus: JSON Lines with `text`, `label`, and perhaps `id` and `author`."""

from pathlib import Path
from typing import Annotated

from datasets import Dataset
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from afterword_model.errors import InputError
from afterword_model.labels import Label
from afterword_training.corpus import FEATURES
from afterword_training.notes import not_blank


class Passage(BaseModel):
    """One line; further fields are ignored."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    id: str = ""
    text: Annotated[str, AfterValidator(not_blank)]
    label: Label
    author: str = ""


def load_passages(path: Path) -> Dataset:
    """Return the texts as a dataset like the corpus, without kinds, pairs or markers.

    Raises:
        InputError: the file is missing, or a line is not of this form; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"{path} cannot be read as UTF-8 text ({type(err).__name__}).") from err
    rows = [_row(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line.strip()]
    if not rows:
        raise InputError(f"{path} holds no labelled texts.")
    return Dataset.from_list(rows, features=FEATURES)


def _row(line: str, where: str) -> dict[str, object]:
    try:
        passage = Passage.model_validate_json(line)
    except ValidationError as err:
        fields = ", ".join(".".join(map(str, item["loc"])) or "the line" for item in err.errors())
        raise InputError(f"{where} is not a labelled text (wrong: {fields}).") from err
    return {
        "id": passage.id or where,
        "text": passage.text,
        "label": passage.label,
        "slice": None,
        "role": "",
        "author": passage.author or "unknown",
        "pair": None,
        "markers": [],
    }
