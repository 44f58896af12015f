"""Values of Arrow columns, in which a date may lie beyond Python's calendar."""

import pyarrow as pa


def column_values(column: pa.Array | pa.ChunkedArray, *, absent: object) -> list[object]:
    """Return the values of a column, `absent` for a moment before the year 1 or after 9999.

    Raises:
        ValueError, OverflowError: it holds what cannot be a value of Python's for another reason.
    """
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        if not pa.types.is_temporal(column.type):
            raise
        return [_moment(each, absent) for each in column]


def _moment(value: pa.Scalar, absent: object) -> object:
    try:
        return value.as_py()
    except (ValueError, OverflowError):
        return absent
