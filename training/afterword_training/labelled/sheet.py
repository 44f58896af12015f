"""A file as rows with named fields, whatever it is written in: JSON, JSON Lines, CSV or TSV, Parquet, plain lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from afterword_model.errors import InputError
from afterword_training.labelled.answer import SetAside
from afterword_training.labelled.csv_rows import csv_rows
from afterword_training.labelled.files import LabelledFile
from afterword_training.labelled.json_rows import array_rows, line_rows
from afterword_training.labelled.parquet_rows import parquet_rows
from afterword_training.labelled.row import Row

Kind = Literal["json", "csv", "parquet", "lines"]
LINE = "line"
"""The one field of the rows of plain lines."""
FAST_TEXT = "__label__"
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, and those that could not be read."""

    file: LabelledFile
    kind: Kind
    rows: tuple[Row, ...]
    set_aside: tuple[SetAside, ...] = ()
    guessed_encoding: bool = False

    @property
    def columns(self) -> list[str]:
        """Every field that any row has, in the order met."""
        return list(dict.fromkeys(name for row in self.rows for name in row.values))


def read_sheet(file: LabelledFile, *, lines: bool = False) -> Sheet:
    """Return the rows of a file; with `lines` it is taken for plain lines.

    Raises:
        InputError: it is empty, no text, or damaged as a whole.
    """
    if file.data.startswith(b"PAR1"):
        return Sheet(file, "parquet", tuple(parquet_rows(file.name, file.data)))
    text, guessed = _decode(file.data)
    start = text.lstrip()[:1]
    if not start:
        raise InputError(f"{file.name} is empty.")
    if "\x00" in text:
        raise InputError(f"{file.name} is neither a table nor JSON. Give the file that the labelling tool exported.")
    kind: Kind = "json"
    found: Iterator[Row | SetAside]
    if lines or _is_fast_text(text):
        kind, found = "lines", _lines(file.name, text)
    elif start == "[":
        found = array_rows(file.name, text)
    elif start == "{":
        found = line_rows(file.name, text)
    else:
        kind, found = "csv", csv_rows(file.name, text)
    read = list(found)
    rows = tuple(item for item in read if isinstance(item, Row))
    return Sheet(file, kind, rows, tuple(item for item in read if isinstance(item, SetAside)), guessed)


def _decode(data: bytes) -> tuple[str, bool]:
    """Return the text, and whether it had to be taken for Windows-1252."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), False
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), True


def _is_fast_text(text: str) -> bool:
    """Return whether one of the first lines begins with a label."""
    return any(line.lstrip(' "').startswith(FAST_TEXT) for line in text[: 1 << 16].splitlines())


def _lines(name: str, text: str) -> Iterator[Row]:
    for number, line in enumerate(re.split("\r\n|[\r\n]", text), 1):
        if line.strip():
            yield Row(f"{name}:{number}", {LINE: line})
