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
        header = header_names(source.head_text, _delimiter(source.head_text, None))
        return len(header) > 1 and any(name in TEXT_COLUMNS for name in header)

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

    A row that cannot be read gives a skip.
    """
    csv.field_size_limit(LARGEST_FIELD)
    with source.open_text() as stream:
        first = stream.readline()
        delimiter = _declared(first) or _delimiter(source.head_text or first, text_column)
        lines = stream if _declared(first) else _again(first, stream)
        numbered = enumerate(_forgiving(csv.reader(lines, delimiter=delimiter, strict=True)), 1)
        number, header = next(((number, row) for number, row in numbered if row), (0, []))
        if header:
            yield number, dict(zip(header, header, strict=True))
        for number, row in numbered:
            if row is None or len(row) > len(header):
                detail = "a quotation mark is missing" if row is None else "it has more cells than the header"
                yield Skip("bad_row", f"{source.file}, row {number}", detail)
            elif row:
                yield number, dict(zip(header, row + [""] * (len(header) - len(row)), strict=True))


def header_names(text: str, delimiter: str) -> list[str]:
    """Return the names in the first row of `text`, in lower case."""
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    declared = bool(lines) and _declared(lines[0])
    try:
        row = next(csv.reader(lines[1 if declared else 0 :], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [name.strip().lower() for name in row]


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
    headers = {each: header_names(text, each) for each in DELIMITERS}
    return max(DELIMITERS, key=lambda each: (any(name in wanted for name in headers[each]), len(headers[each])))
