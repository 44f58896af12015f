"""Rows as JSON Lines, CSV or Parquet."""

import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from afterword_model.errors import OutputError
from afterword_serving.checkpoint import Checkpoint
from afterword_serving.chunks import chunks
from afterword_serving.rows import Row

Format = Literal["jsonl", "csv", "parquet"]
FORMATS: tuple[Format, ...] = ("jsonl", "csv", "parquet")

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_ROW_GROUP = 4096
_TEXT, _NUMBER, _COUNT = pa.string(), pa.float64(), pa.int64()
_SPAN = pa.struct([("kind", _TEXT), ("start", _COUNT), ("end", _COUNT)])
_TYPES = {
    **dict.fromkeys(("p_reflection", "p_rumination", "p_neither", "lean"), _NUMBER),
    **dict.fromkeys(("start", "end", "words"), _COUNT),
    "sure": pa.bool_(),
    "warnings": pa.list_(_TEXT),
    "evidence": pa.list_(_SPAN),
}


class Sink(Protocol):
    """Takes rows in order; what it took is whole only after `finish`."""

    def write(self, rows: list[Row], reached: Checkpoint) -> None:
        """Take the rows of the entries up to `reached`."""
        ...

    def finish(self) -> None:
        """Make it whole."""
        ...


class StreamSink:
    """Writes JSON Lines or CSV to a stream, each batch as soon as it is known."""

    def __init__(
        self, stream: TextIO, to: Literal["jsonl", "csv"], columns: list[str], *, name: str = "Standard output"
    ) -> None:
        self._stream, self._to, self._columns, self._name = stream, to, columns, name
        self._begun = False

    def write(self, rows: list[Row], reached: Checkpoint) -> None:
        """Write the rows and let them go."""
        try:
            if self._to == "csv":
                write_csv(rows, self._stream, self._columns, header=not self._begun)
            else:
                self._stream.writelines(json_line(row) for row in rows)
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as err:
            raise OutputError(f"{self._name} cannot be written ({err.strerror}).") from err
        self._begun = True

    def finish(self) -> None:
        """Write the header of a table that got no rows."""
        if not self._begun:
            self.write([], Checkpoint())


def json_line(row: Row) -> str:
    """Return a row as one line of JSON."""
    return json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n"


def write_csv(rows: Iterable[Row], stream: TextIO, columns: list[str], *, header: bool = True) -> None:
    """Write rows as CSV. Cells that a spreadsheet would take for a formula get an apostrophe before them.

    Evidence counts it where the text beside it has one.
    """
    writer = csv.writer(stream)
    if header:
        writer.writerow(columns)
    shown = "text" in columns
    writer.writerows([_cell(name, row, shown=shown) for name in columns] for row in rows)


def write_parquet(rows: Iterable[Row], out: Path | BinaryIO, columns: list[str]) -> None:
    """Write rows as Parquet, a few thousand a row group."""
    schema = pa.schema([(name, _TYPES.get(name, _TEXT)) for name in columns])
    with pq.ParquetWriter(out, schema) as writer:
        for some in chunks(rows, _ROW_GROUP):
            writer.write_table(pa.Table.from_pylist(some, schema=schema))


def _cell(name: str, row: Row, *, shown: bool) -> Any:  # noqa: ANN401  # JSON values
    value = row[name]
    if name == "evidence":
        before = int(shown and _is_formula(row["text"]))
        return " ".join(f"{span['kind']}:{span['start'] + before}-{span['end'] + before}" for span in value)
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}" if isinstance(value, str) and _is_formula(value) else value


def _is_formula(text: str) -> bool:
    """Return whether a spreadsheet would reckon with a cell instead of showing it; a number is shown."""
    return text.startswith(_FORMULA_STARTS) and not _PLAIN_NUMBER.fullmatch(text)
