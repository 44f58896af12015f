"""Parquet tables, read row group by row group."""

import math
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from afterword_model.arrow_values import column_values
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
        read = [column_values(column, absent=math.nan) for column in batch.columns]  # a number that is no date
        for values in zip(*read, strict=True):
            yield dict(zip(batch.schema.names, values, strict=True))
