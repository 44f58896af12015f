"""The rows of a CSV or TSV file, numbered, and what goes with one that cannot be parsed."""

import csv
from collections.abc import Iterator
from typing import NamedTuple

LARGEST_FIELD = 16 << 20


class Row(NamedTuple):
    """One row; `cells` is None for lines that cannot be parsed, counted as rows `first` to `last`.

    Cells past the header's are there only where one of them is not empty: some programs end each row with a comma.
    """

    first: int
    last: int
    cells: list[str] | None


class Rows:
    """Yields the rows as a spreadsheet counts them; `width` is the header's, set once it is known."""

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        csv.field_size_limit(LARGEST_FIELD)
        self.width = 0
        self._lines, self._delimiter = lines, delimiter
        self._put_back: str | None = None
        self._number = 0
        self._taken = self._written = self._marks = 0
        """Of the row under way: its lines, those up to the last that is not blank, and its quotation marks."""
        self._reader = csv.reader(self._take(), delimiter=delimiter, strict=True)

    def __iter__(self) -> Iterator[Row]:
        """Return itself."""
        return self

    def __next__(self) -> Row:
        """Return the next row, or the lines that one spoils."""
        self._taken = self._written = self._marks = 0
        first = self._number + 1
        try:
            cells = next(self._reader)
        except csv.Error:
            self._pass_over()
            self._number += self._taken
            return Row(first, first + max(self._written, 1) - 1, None)
        self._number = first
        return Row(first, first, self._within(cells))

    def _within(self, cells: list[str]) -> list[str]:
        """Return the cells, without those past the header's where all of them are empty."""
        return cells if not self.width or any(cells[self.width :]) else cells[: self.width]

    def _take(self) -> Iterator[str]:
        while (line := self._put_back or next(self._lines, None)) is not None:
            self._put_back = None
            self._taken += 1
            self._marks += line.count('"')
            if line.strip():
                self._written = self._taken
            yield line

    def _pass_over(self) -> None:
        """Take the lines that may belong to a broken row, up to one that is surely a row by itself."""
        while (line := self._put_back or next(self._lines, None)) is not None:
            self._put_back = line
            if self._is_row(line):
                return
            next(self._take())

    def _is_row(self, line: str) -> bool:
        """Return whether a line is as wide as the header, and no note's: those have spaces after commas or end in one.

        Where there is one column alone, the quotation marks before have to be paired.
        """
        try:
            cells = self._within(next(csv.reader([line], delimiter=self._delimiter, strict=True), []))
        except csv.Error:
            return False
        if not cells or len(cells) != self.width or any('"' in cell or cell[:1].isspace() for cell in cells):
            return False
        if self.width == 1:
            return self._marks % 2 == 0
        return (bool(cells[-1]) or self.width > 2) and any(len(cell.split()) == 1 for cell in cells)
