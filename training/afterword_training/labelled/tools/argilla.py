"""Argilla: nested records (`records.to_json`, `to_disk`), flat ones (`to_datasets`, the hub), those of version 1.

https://docs.argilla.io/latest/how_to_guides/import_export/ . Suggestions are never read.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from afterword_model.errors import InputError
from afterword_training.labelled.answer import Answer, SetAside
from afterword_training.labelled.fields import (
    Fields,
    mapping_in,
    name_in,
    names_in,
    one_of,
    text_field,
    text_in,
    why_no_text,
)
from afterword_training.labelled.options import LabelOptions
from afterword_training.labelled.row import Row
from afterword_training.labelled.sheet import Sheet

_RESPONSES = ".responses"
_SUBMITTED = "submitted"
_OLD_KEYS = ("user_id", "value", "status")
_WHY_NOT = {
    "draft": "a response is only a draft",
    "discarded": "an annotator discarded it",
    "open": "the record is not completed, so its responses may be drafts",
    "uneven": "its lists of users, values and states differ in length",
}


class _Response(NamedTuple):
    user: str
    value: object
    state: str


def matches(sheet: Sheet) -> bool:
    """Return whether rows hold responses in any of Argilla's three forms."""
    return bool(_flat_questions(sheet)) or any(_is_nested(row.values) or _old_questions(row) for row in sheet.rows)


def read(sheet: Sheet, options: LabelOptions) -> Iterator[Answer | SetAside]:
    """Yield each submitted response, and word of all others."""
    nested, flat = any(_is_nested(row.values) for row in sheet.rows), _flat_questions(sheet)
    if sheet.kind == "csv":
        raise InputError(
            f"{sheet.file.name}: a table in CSV loses Argilla's lists. Export the records as JSON or Parquet."
        )
    found = _nested_questions(sheet) if nested else flat or _old_names(sheet)
    question = one_of(found, options.label_field, "label", file=sheet.file.name, what="questions")
    read_row = _nested if nested else _flat if flat else _old
    fields = [mapping_in(row.values.get("fields")) if nested else row.values for row in sheet.rows]
    names = dict.fromkeys(name for each in fields for name in each)
    text_column = text_field(names, options.text_field, sheet.file.name)
    for row in sheet.rows:
        yield from _answers(row, text_column, read_row(row, question), options)


def _is_nested(values: Fields) -> bool:
    return isinstance(values.get("fields"), Mapping) and "responses" in values


def _flat_questions(sheet: Sheet) -> list[str]:
    return [name.removesuffix(_RESPONSES) for name in sheet.columns if name.endswith(_RESPONSES)]


def _nested_questions(sheet: Sheet) -> list[str]:
    return list({name: None for row in sheet.rows for name in mapping_in(row.values.get("responses"))})


def _old_names(sheet: Sheet) -> list[str]:
    return list({name: None for row in sheet.rows for name in _old_questions(row)})


def _old_questions(row: Row) -> list[str]:
    """Return the columns that hold responses as version 1 wrote them, as a list of structs or a struct of lists."""
    return [name for name, value in row.values.items() if set(_OLD_KEYS) <= _keys(value)]


def _keys(value: Any) -> set[str]:  # noqa: ANN401  # any JSON
    first = value[0] if isinstance(value, list) and value else value
    return set(first) if isinstance(first, Mapping) else set()


def _nested(row: Row, question: str) -> list[_Response]:
    """Return the responses of a record; this form does not tell drafts, so only those of a completed one count."""
    state = _state_of(row)
    responses = mapping_in(row.values.get("responses")).get(question)
    return [_Response(name_in(each.get("user_id")), each.get("value"), state) for each in _mappings(responses)]


def _flat(row: Row, question: str) -> list[_Response]:
    """Return the responses of three lists side by side: values, users, states."""
    column = question + _RESPONSES
    values = _list(row.values.get(column))
    users = _list(row.values.get(f"{column}.users")) or [None] * len(values)
    states = _list(row.values.get(f"{column}.status")) or [_state_of(row)] * len(values)
    return _zipped(users, values, states)


def _old(row: Row, question: str) -> list[_Response]:
    found = row.values.get(question)
    if isinstance(found, Mapping):
        return _zipped(*(_list(found.get(key)) for key in _OLD_KEYS))
    return [_Response(name_in(each["user_id"]), each["value"], name_in(each["status"])) for each in _mappings(found)]


def _state_of(row: Row) -> str:
    return _SUBMITTED if row.values.get("status") == "completed" else "open"


def _zipped(users: Sequence[object], values: Sequence[object], states: Sequence[object]) -> list[_Response]:
    if not len(users) == len(values) == len(states):
        return [_Response("", None, "uneven")]
    each = zip(users, values, states, strict=True)
    return [_Response(name_in(user), value, name_in(state)) for user, value, state in each]


def _answers(
    row: Row, text_column: str, responses: Sequence[_Response], options: LabelOptions
) -> Iterator[Answer | SetAside]:
    """Yield what each user responded."""
    fields, metadata = mapping_in(row.values.get("fields")), mapping_in(row.values.get("metadata"))
    places = [fields, metadata, row.values]
    given = (fields or row.values).get(text_column)
    text = text_in(given)
    if text is None or not responses:
        yield SetAside(row.where, "it has no response" if text else why_no_text(given))
        return
    for number, response in enumerate(responses, 1):
        if response.state != _SUBMITTED:
            yield SetAside(row.where, _WHY_NOT.get(response.state, "a response was not submitted"))
            continue
        yield Answer(
            row.where,
            text,
            options.annotator_in(*places, usual=()) or response.user or f"user {number}",
            names=names_in(response.value),
            id=options.id_in(*places, usual=("entry_id", "external_id", "id")),
            group=options.group_in(*places),
        )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _mappings(value: object) -> list[Fields]:
    return [each for each in _list(value) if isinstance(each, Mapping) and set(_OLD_KEYS[:2]) <= set(each)]
