"""Rows of a JSON array and of JSON Lines."""

import json
from collections.abc import Iterator

from afterword_model.errors import InputError
from afterword_training.labelled.answer import SetAside
from afterword_training.labelled.row import Row


def array_rows(name: str, text: str) -> Iterator[Row | SetAside]:
    """Yield the records of an array, counted from 1.

    Raises:
        InputError: the array is not whole.
    """
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as err:
        raise InputError(f"{name} is not whole JSON{_place(err)}. Export it again.") from err
    for number, value in enumerate(values, 1):
        yield _record(f"{name}:{number}", value)


def line_rows(name: str, text: str) -> Iterator[Row | SetAside]:
    """Yield one record a line; a file that holds a single record over several lines gives that one."""
    try:
        yield _record(f"{name}:1", json.loads(text))
        return
    except (ValueError, RecursionError):
        pass
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                value = json.loads(line)
            except (ValueError, RecursionError) as err:
                yield SetAside(f"{name}:{number}", f"the line is not JSON{_place(err, whole=False)}")
            else:
                yield _record(f"{name}:{number}", value)


def _place(err: Exception, *, whole: bool = True) -> str:
    if not isinstance(err, json.JSONDecodeError):
        return ""
    return f" (line {err.lineno}, column {err.colno})" if whole else f" (column {err.colno})"


def _record(where: str, value: object) -> Row | SetAside:
    return Row(where, value) if isinstance(value, dict) else SetAside(where, "it is not a record with named fields")
