"""Rows of CSV and TSV, the separator found from the header."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from afterword_model.csv_rows import Rows
from afterword_model.errors import InputError
from afterword_training.labelled.answer import SetAside
from afterword_training.labelled.fields import ANNOTATOR_FIELDS, LABEL_FIELDS, TEXT_FIELDS
from afterword_training.labelled.row import Row

_SEPARATORS = (",", ";", "\t", "|")
_DECLARED = re.compile(r"(?i)sep=([,;|\t])\r?\n")
_KNOWN = frozenset({*TEXT_FIELDS, *LABEL_FIELDS, *ANNOTATOR_FIELDS, "id", "annotation_id"})
_FORMULA = re.compile("'[=+@\t\r-]")


def csv_rows(name: str, text: str) -> Iterator[Row | SetAside]:
    """Yield the rows below the header, the first that is not blank; rows of empty cells are passed over.

    Of a row that cannot be parted into cells, every line that may belong to it is set aside.

    Raises:
        InputError: two columns have one name.
    """
    declared = _DECLARED.match(text)
    lines = io.StringIO(text, newline="")
    if declared:
        lines.readline()
    rows = Rows(lines, declared[1] if declared else _separator(text))
    header: list[str] = []
    for number, last, cells in rows:
        where = f"{name}:{number}"
        if cells is None:
            which = "it" if number == last else f"rows {number} to {last}"
            yield SetAside(where, f"{which} cannot be parted into cells; a quotation mark is missing or too many")
        elif not header:
            header = _header(name, cells)
            rows.width = len(header)
        elif len(cells) > len(header):
            yield SetAside(where, "it has more cells than the header")
        elif any(cell.strip() for cell in cells):
            padded = cells + [""] * (len(header) - len(cells))
            yield Row(where, {column: cell for column, cell in zip(header, padded, strict=True) if column})


def _header(name: str, cells: Sequence[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    twice = [str(place) for place, column in enumerate(header, 1) if column and header.index(column) < place - 1]
    if twice:
        raise InputError(f"{name}: column {', '.join(twice)} bears the name of one before. Rename or remove it.")
    return header


def _separator(text: str) -> str:
    """Return the separator by which the header has most columns whose names say something, else most columns."""
    return max(
        _SEPARATORS, key=lambda each: _worth(next(csv.reader(io.StringIO(text, newline=""), delimiter=each), []))
    )


def _worth(header: Sequence[str]) -> tuple[int, int]:
    return len(_KNOWN.intersection(name.strip().casefold() for name in header)), len(header)


def without_apostrophe(cell: str) -> str:
    """Return a cell without the apostrophe that our own tables put before what looks like a formula."""
    return cell[1:] if _FORMULA.match(cell) else cell
