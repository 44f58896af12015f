"""Results of `afterword classify`, read as answers to hold against a reference."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from afterword_model.errors import InputError
from afterword_model.labels import Label
from afterword_model.manifest import Manifest
from afterword_training.drift.profile import Seen
from afterword_training.rows import read_rows

_RECORD = ".run.json"
"""Ending of the record's name that `afterword classify` leaves beside its results, after theirs."""
_PART = "entry_id"
"""A column that only parts of notes have."""

Probability = Annotated[float, Field(ge=0, le=1)]


class _Result(BaseModel):
    """What is read of a row; other columns are passed over."""

    model_config = ConfigDict(extra="ignore")

    label: Label
    p_reflection: Probability
    p_rumination: Probability
    p_neither: Probability
    sure: bool
    words: Annotated[int, Field(ge=0)] | None = None
    text: str | None = None


def read_results(files: Sequence[Path], manifest: Manifest) -> Iterator[Seen]:
    """Yield every answer in files of results (JSON Lines, CSV or Parquet), in order.

    Raises:
        InputError: a file cannot be read, is no file of results, holds parts of notes, or was answered by another model
            than the one of `manifest`; the message names file and row.
    """
    for file in files:
        _check_model(file, manifest)
        for where, row in read_rows(file, (*_Result.model_fields, _PART)):
            yield _seen(where, row)


def _seen(where: str, row: object) -> Seen:
    if isinstance(row, dict) and _PART in row:
        raise InputError(f"{where} is a part of a note; the reference is of whole notes. Classify with --by entry.")
    try:
        found = _Result.model_validate(row)
    except ValidationError as err:
        fields = ", ".join(sorted({str(item["loc"][0]) if item["loc"] else "the row" for item in err.errors()}))
        raise InputError(f"{where} is not a result of `afterword classify` (wrong: {fields}).") from err
    words = found.words if found.text is None else len(found.text.split())
    probabilities = (found.p_reflection, found.p_rumination, found.p_neither)
    return Seen(found.label, probabilities, found.sure, words, found.text)


def _check_model(file: Path, manifest: Manifest) -> None:
    """Raise where the record beside the results names another model; results without one are taken on trust."""
    try:
        model = json.loads(file.with_name(file.name + _RECORD).read_bytes())["model"]
        answered = model["sha256"], f"{model['name']} {model['version']}"
    except (OSError, ValueError, KeyError, TypeError):
        return
    if answered[0] not in (None, manifest.model_sha256):
        raise InputError(
            f"{file} was answered by {answered[1]}, another model than {manifest.title}. "
            "Give the one that answered with --model."
        )
