"""Parquet tables, read row group by row group."""

import math
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from afterword_serving.entry import Item, Skip
from afterword_serving.journals.reader import ReadOptions
from afterword_serving.journals.records import ColumnError, Records, choose_columns
from afterword_serving.journals.source import Source

_MAGIC = b"PAR1"
_BATCH = 1024


class Parquet:
    """Reads the columns it needs and no others."""

    name = "parquet"
    app = "Parquet table"
    export = "a table with a text column, from a data platform"

    def matches(self, source: Source) -> bool:
        """Return whether the file begins as Parquet does."""
        return source.head.startswith(_MAGIC)

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the rows in order, counted from 1."""
        number = 0
        records = Records(source, self.name, options)
        with source.open_seekable() as stream:
            try:
                for number, row in enumerate(_rows(stream, options), 1):
                    yield from records.items(row, f"row {number}")
            except ColumnError as err:
                yield Skip(err.reason, source.file, err.detail)
            except (pa.ArrowException, ValueError, OverflowError, OSError):
                yield Skip("unreadable", f"{source.file}, after row {number}", "not a whole Parquet file")


def _rows(stream: BinaryIO, options: ReadOptions) -> Iterator[dict[str, object]]:
    table = pq.ParquetFile(stream)
    columns = choose_columns(table.schema_arrow.names, options).names
    for batch in table.iter_batches(batch_size=_BATCH, columns=columns):
        for values in zip(*map(_values, batch.columns), strict=True):
            yield dict(zip(batch.schema.names, values, strict=True))


def _values(column: pa.Array) -> list[object]:
    """Return the values of a column; a moment before the year 1 or after 9999 is a number that is none."""
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        if not pa.types.is_temporal(column.type):
            raise
        return [_moment(each) for each in column]


def _moment(value: pa.Scalar) -> object:
    try:
        return value.as_py()
    except (ValueError, OverflowError):
        return math.nan
