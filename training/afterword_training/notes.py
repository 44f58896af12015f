"""One line of a corpus file, read strictly. Problems name file, line and id, never text."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from afterword_model.labels import Label, Marker
from afterword_model.text import normalize

_KINDS = (
    "plain admin client_thought telegraphic worry_ahead insight self_kindness past_step polished_empty permission "
    "should_with_step negation_sarcasm pseudo_step concealment arc_up arc_down"
)
SLICES = tuple(_KINDS.split())
"""The kinds of note that figures are given for, one by one."""


def _known_slice(name: str) -> str:
    if name not in SLICES:
        raise PydanticCustomError("slice", "should be one of the known slices")
    return name


def not_blank(text: str) -> str:
    """Return the text, for pydantic to take where it holds words or marks."""
    if not normalize(text).text:
        raise PydanticCustomError("blank", "should hold more than white space and markup")
    return text


class MarkedSpan(BaseModel):
    """One marker of a note."""

    model_config = ConfigDict(extra="forbid")

    span: str = Field(min_length=1)
    kind: Marker


class Note(BaseModel):
    """One line of a corpus file; every field must be there and no other."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1)
    text: Annotated[str, Field(min_length=1), AfterValidator(not_blank)]
    label: Label
    slice: Annotated[str, AfterValidator(_known_slice)]
    role: str
    author: str = Field(min_length=1)
    """The name of its file, without `.jsonl`."""
    pair: str | None
    markers: list[MarkedSpan]

    @model_validator(mode="after")
    def _holds_its_markers(self) -> Self:
        absent = [str(number) for number, mark in enumerate(self.markers, start=1) if mark.span not in self.text]
        if absent:
            raise PydanticCustomError(
                "span", "the words of marker {numbers} are not in the text", {"numbers": ", ".join(absent)}
            )
        return self


@dataclass(frozen=True)
class Problem:
    """Something wrong with the corpus; `where` is `FILE:LINE`."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class Placed:
    """A note and the `FILE:LINE` it stands at."""

    where: str
    note: Note


def read_notes(file: Path) -> Iterator[Placed | Problem]:
    """Yield each line of a corpus file as a note, or what keeps it from being one."""
    try:
        lines = file.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError as err:
        yield Problem(file.name, f"is not UTF-8 text (byte {err.start}).")
        return
    for number, line in enumerate(lines, start=1):
        yield _read_line(f"{file.name}:{number}", line, file.stem)


def _read_line(where: str, line: str, author: str) -> Placed | Problem:
    try:
        note = Note.model_validate(json.loads(line))
    except json.JSONDecodeError as err:
        return Problem(where, f"is not JSON ({err.msg}, column {err.colno}).")
    except RecursionError:
        return Problem(where, "is nested too deeply to be a note.")
    except ValidationError as err:
        return Problem(where, "; ".join(_describe(error) for error in err.errors(include_input=False)) + ".")
    if note.author != author:
        return Problem(where, "author: should be the name of the file, without .jsonl.")
    return Placed(where, note)


def _describe(error: ErrorDetails) -> str:
    if error["type"] == "model_type":
        return "is not a JSON object"
    if error["type"] == "extra_forbidden":  # its path ends in a name of unknown origin, which could be text
        return "holds a field that is no part of a note"
    path = ".".join(str(part) for part in error["loc"])
    message = error["msg"][:1].lower() + error["msg"][1:]
    return f"{path}: {message}" if path else message
