"""CSV and TSV: columns by name, the separator found from the header."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from afterword_model.csv_rows import Rows
from afterword_serving.entry import Item, Skip
from afterword_serving.journals.reader import ReadOptions
from afterword_serving.journals.records import (
    LIKE_A_NAME,
    OTHER_COLUMNS,
    TEXT_COLUMNS,
    ColumnError,
    Records,
    choose_columns,
)
from afterword_serving.journals.source import HEAD, Source

DELIMITERS = (",", ";", "\t", "|")
_SUFFIXES = (".csv", ".tsv", ".tab")


class CsvTable:
    """Reads tables with a header row, separated by comma, semicolon, tab or bar."""

    name = "csv"
    app = "CSV or TSV table"
    export = "a table with a header row, from a spreadsheet (File > Save as > CSV) or any program"

    def matches(self, source: Source) -> bool:
        """Return whether the file is named as a table, or reads as one: prose may begin with `Note, Monday` as well."""
        if source.suffix in _SUFFIXES:
            return bool(source.head_text.strip()) and "\x00" not in source.head_text
        return _reads_as_table(source.head_text, cut=len(source.head) >= HEAD)

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the rows in order."""
        rows = table_rows(source, text_column=options.text_column)
        first = next(rows, None)
        try:
            choose_columns(first[1] if isinstance(first, tuple) else (), options)
        except ColumnError as err:
            yield Skip(err.reason, source.file, err.detail)
            return
        records = Records(source, self.name, options)
        for row in rows:
            if isinstance(row, Skip):
                yield row
            else:
                yield from records.items(row[1], f"row {row[0]}")


def table_rows(source: Source, *, text_column: str | None = None) -> Iterator[tuple[int, dict[str, str]] | Skip]:
    """Yield each row's number, as a spreadsheet counts, and its cells by column; the header first, named by itself.

    A row that cannot be read gives a skip, which names every line that went with it.
    """
    with source.open_text() as stream:
        first = stream.readline()
        delimiter = _declared(first) or _delimiter(source.head_text or first, text_column)
        rows = Rows(iter(stream) if _declared(first) else chain([first], stream), delimiter)
        number, header = next(((row.first, row.cells) for row in rows if row.cells), (0, []))
        rows.width = len(header)
        if header:
            yield number, dict(zip(header, header, strict=True))
        for number, last, cells in rows:
            if cells is None or len(cells) > len(header):
                place = f"row {number}" if number == last else f"rows {number} to {last}"
                detail = "a quotation mark is missing" if cells is None else "it has more cells than the header"
                yield Skip("bad_row", f"{source.file}, {place}", detail)
            elif cells:
                yield number, dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True))


def header_names(text: str, delimiter: str) -> list[str]:
    """Return the names in the first row of `text`, in lower case."""
    return [name.strip().lower() for name in next(_parsed(text, delimiter), [])]


def _reads_as_table(text: str, *, cut: bool) -> bool:
    """Return whether the first row names a text column among others, and the rows below fit it.

    Either all do, without a space after a separator; or most do, and the names are a table's; `cut` says that the last
    row may not be whole.
    """
    header, *rows = list(_parsed(text, _delimiter(text, None))) or [[]]
    names = [name.strip().lower() for name in header]
    if len(names) < 2 or not any(name in TEXT_COLUMNS for name in names):
        return False
    rows = rows[:-1] if cut and len(rows) > 1 else rows
    fitting = sum(1 < len(row) <= len(header) for row in rows)
    spaced = any(cell[:1].isspace() for row in (header, *rows) for cell in row[1:])
    return 0 < fitting == len(rows) and not spaced or 2 * fitting > len(rows) and _are_a_tables(names)


def _are_a_tables(names: list[str]) -> bool:
    return all(LIKE_A_NAME.fullmatch(name) for name in names) and any(name in OTHER_COLUMNS for name in names)


def _parsed(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of `text` that are not empty, as far as they can be parsed."""
    lines = list(io.StringIO(text.lstrip("\ufeff"), newline=""))
    declared = bool(lines) and bool(_declared(lines[0]))
    with suppress(csv.Error):
        yield from filter(None, csv.reader(lines[1 if declared else 0 :], delimiter=delimiter))


def _declared(line: str) -> str | None:
    """Return the separator of a line `sep=;`, which spreadsheets put before the header."""
    stripped = line.rstrip("\r\n")
    return stripped[4] if len(stripped) == 5 and stripped.lower().startswith("sep=") else None


def _delimiter(text: str, text_column: str | None) -> str:
    """Return the separator that finds a text column in the header; failing that, the one that finds most columns."""
    wanted = [text_column.strip().lower()] if text_column else TEXT_COLUMNS
    headers = {each: header_names(text, each) for each in DELIMITERS}
    return max(DELIMITERS, key=lambda each: (any(name in wanted for name in headers[each]), len(headers[each])))
