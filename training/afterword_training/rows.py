"""Rows of JSON Lines, CSV and Parquet files, one by one, with the place of each."""

import csv
import json
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import pyarrow.lib
import pyarrow.parquet

from afterword_model.errors import InputError

_LONGEST_CELL = 10_000_000


def read_rows(file: Path, columns: Sequence[str]) -> Iterator[tuple[str, object]]:
    """Yield the rows of a file, each with its place, `FILE:ROW`; of Parquet, only those of `columns` that are there.

    Raises:
        InputError: the file cannot be read, or a line of JSON Lines is no JSON; the message names it.
    """
    try:
        if file.suffix.lower() == ".csv":
            rows = _csv_rows(file)
        else:
            rows = _parquet_rows(file, columns) if file.suffix.lower() == ".parquet" else _json_rows(file)
        for number, row in rows:
            yield f"{file.name}:{number}", row
    except (OSError, UnicodeDecodeError, csv.Error, pyarrow.lib.ArrowException) as err:
        reason = err.strerror if isinstance(err, OSError) and err.strerror else type(err).__name__
        raise InputError(f"{file} cannot be read ({reason}).") from err


def _json_rows(file: Path) -> Iterator[tuple[int, object]]:
    with file.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (json.JSONDecodeError, RecursionError) as err:
                raise InputError(f"{file.name}:{number} is not a JSON object.") from err
            yield number, row


def _csv_rows(file: Path) -> Iterator[tuple[int, object]]:
    csv.field_size_limit(_LONGEST_CELL)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        yield from enumerate(csv.DictReader(lines), start=2)


def _parquet_rows(file: Path, columns: Sequence[str]) -> Iterator[tuple[int, object]]:
    with pyarrow.parquet.ParquetFile(file) as table:
        there = [name for name in columns if name in table.schema_arrow.names]
        rows = chain.from_iterable(batch.to_pylist() for batch in table.iter_batches(columns=there))
        yield from enumerate(rows, start=1)
