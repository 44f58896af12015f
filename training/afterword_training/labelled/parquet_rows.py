"""Rows of Parquet."""

import json
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from afterword_model.arrow_values import column_values
from afterword_model.errors import InputError
from afterword_training.labelled.row import Row


def parquet_rows(name: str, data: bytes) -> Iterator[Row]:
    """Yield the rows, counted from 1, with the names of labels that the schema numbers (`datasets.ClassLabel`).

    Raises:
        InputError: the file is not whole.
    """
    try:
        table = pq.read_table(pa.BufferReader(data))
        named = _class_names(table.schema)
        columns = [column_values(column, absent=None) for column in table.columns]
        for number, cells in enumerate(zip(*columns, strict=True), 1):
            values = dict(zip(table.column_names, cells, strict=True))
            for column, names in named.items():
                values[column] = _named(values[column], names)
            yield Row(f"{name}:{number}", values)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as err:
        raise InputError(f"{name} is not a whole Parquet file. Export it again.") from err


def _class_names(schema: pa.Schema) -> dict[str, list[str]]:
    """Return the columns of numbered labels; `huggingface` metadata, as `datasets.Features.arrow_schema` writes it."""
    written = (schema.metadata or {}).get(b"huggingface", b"{}")
    features = json.loads(written).get("info", {}).get("features", {})
    inner = {name: feature.get("feature", feature) for name, feature in features.items() if isinstance(feature, dict)}
    return {
        name: feature["names"]
        for name, feature in inner.items()
        if name in schema.names and isinstance(feature, dict) and feature.get("_type") == "ClassLabel"
    }


def _named(value: object, names: Sequence[str]) -> object:
    """Return the name of a number; nothing for -1, by which `datasets` means that there is none."""
    if isinstance(value, list):
        return [_named(each, names) for each in value]
    if isinstance(value, int):
        return names[value] if 0 <= value < len(names) else None
    return value
