"""CSV and TSV: columns by name, the separator found from the header."""

import csv
import io
from collections.abc import Iterator

from afterword_serving.entry import Item, Skip
from afterword_serving.journals.reader import ReadOptions
from afterword_serving.journals.records import TEXT_COLUMNS, ColumnError, Records, choose_columns
from afterword_serving.journals.source import Source

DELIMITERS = (",", ";", "\t", "|")
LARGEST_FIELD = 16 << 20
_SUFFIXES = (".csv", ".tsv", ".tab")


class CsvTable:
    """Reads tables with a header row, separated by comma, semicolon, tab or bar."""

    name = "csv"
    app = "CSV or TSV table"
    export = "a table with a header row, from a spreadsheet (File > Save as > CSV) or any program"

    def matches(self, source: Source) -> bool:
        """Return whether the first row names a text column among others; one column alone needs the file's ending."""
        if source.suffix in _SUFFIXES:
            return bool(source.head_text.strip()) and "\x00" not in source.head_text
        header = _header(source.head_text, _delimiter(source.head_text, None))
        return len(header) > 1 and any(name in TEXT_COLUMNS for name in header)

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the rows in order, counted as a spreadsheet counts them: the header is row 1."""
        csv.field_size_limit(LARGEST_FIELD)
        with source.open_text() as stream:
            first = stream.readline()
            delimiter = _declared(first) or _delimiter(source.head_text or first, options.text_column)
            rows = csv.reader(stream if _declared(first) else _again(first, stream), delimiter=delimiter, strict=True)
            yield from _Table(source, options, rows).items()


class _Table:
    def __init__(self, source: Source, options: ReadOptions, rows: Iterator[list[str]]) -> None:
        self._source, self._options, self._rows = source, options, rows
        self._records = Records(source, CsvTable.name, options)

    def items(self) -> Iterator[Item]:
        numbered = enumerate(_forgiving(self._rows), 1)
        header = next((row for _, row in numbered if row), None) or []
        try:
            choose_columns(header, self._options)
        except ColumnError as err:
            yield Skip(err.reason, self._source.file, err.detail)
            return
        for number, row in numbered:
            if row is None or len(row) > len(header):
                detail = "a quotation mark is missing" if row is None else "it has more cells than the header"
                yield Skip("bad_row", f"{self._source.file}, row {number}", detail)
            elif row:
                cells = row + [""] * (len(header) - len(row))
                yield from self._records.items(dict(zip(header, cells, strict=True)), f"row {number}")


def _forgiving(rows: Iterator[list[str]]) -> Iterator[list[str] | None]:
    """Yield the rows, None for one that cannot be parsed."""
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield None


def _again(first: str, stream: io.TextIOBase | Iterator[str]) -> Iterator[str]:
    yield first
    yield from stream


def _declared(line: str) -> str | None:
    """Return the separator of a line `sep=;`, which spreadsheets put before the header."""
    stripped = line.rstrip("\r\n")
    return stripped[4] if len(stripped) == 5 and stripped.lower().startswith("sep=") else None


def _delimiter(text: str, text_column: str | None) -> str:
    """Return the separator that finds a text column in the header; failing that, the one that finds most columns."""
    wanted = [text_column.strip().lower()] if text_column else TEXT_COLUMNS
    return max(DELIMITERS, key=lambda each: (any(n in wanted for n in _header(text, each)), len(_header(text, each))))


def _header(text: str, delimiter: str) -> list[str]:
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    declared = bool(lines) and _declared(lines[0])
    try:
        row = next(csv.reader(lines[1 if declared else 0 :], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [name.strip().lower() for name in row]
