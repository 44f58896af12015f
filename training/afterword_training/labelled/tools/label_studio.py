"""Label Studio: JSON, and JSON_MIN, CSV and TSV with a row an annotation.

https://labelstud.io/guide/task_format and https://labelstud.io/guide/export . What a model predicted is never read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from afterword_training.labelled.answer import Answer, SetAside
from afterword_training.labelled.fields import (
    Fields,
    find_field,
    label_field,
    mapping_in,
    name_in,
    names_in,
    one_of,
    seconds_in,
    text_field,
    text_in,
    why_no_text,
)
from afterword_training.labelled.options import LabelOptions
from afterword_training.labelled.row import Row
from afterword_training.labelled.sheet import Sheet

_ANNOTATIONS = ("annotations", "completions")
_ANNOTATION = "annotation_id"
_MOVED = "_data_"
"""Before the name of a column of the task's own that a control's name collides with."""


def matches(sheet: Sheet) -> bool:
    """Return whether rows are tasks with annotations or predictions, or annotations with their ids."""
    if _ANNOTATION in sheet.columns:
        return True
    return any(_is_task(row.values) for row in sheet.rows)


def read(sheet: Sheet, options: LabelOptions) -> Iterator[Answer | SetAside]:
    """Yield each annotation, the newest of a task first, and word of tasks and annotations without a label."""
    if any(_is_task(row.values) for row in sheet.rows):
        control = _control(sheet, options)
        fields = dict.fromkeys(name for row in sheet.rows for name in mapping_in(row.values.get("data")))
        text_column = text_field(fields, options.text_field, sheet.file.name)
        for row in sheet.rows:
            yield from _task(row, text_column, control, options)
    else:
        yield from _flat(sheet, options)


def _is_task(values: Fields) -> bool:
    return isinstance(values.get("data"), Mapping) and any(name in values for name in (*_ANNOTATIONS, "predictions"))


def _annotations(values: Fields) -> list[Fields]:
    found: list[object] = next((values[name] for name in _ANNOTATIONS if isinstance(values.get(name), list)), [])
    return [each for each in found if isinstance(each, Mapping)]


def _choices(annotation: Fields) -> list[Fields]:
    result = annotation.get("result")
    found = [mapping_in(each) for each in result] if isinstance(result, list) else []
    return [each for each in found if each.get("type") == "choices"]


def _control(sheet: Sheet, options: LabelOptions) -> str:
    names = {
        name_in(each.get("from_name")): None
        for row in sheet.rows
        for annotation in _annotations(row.values)
        for each in _choices(annotation)
    }
    return one_of(list(names), options.label_field, "label", file=sheet.file.name, what="choices")


def _task(row: Row, text_column: str, control: str, options: LabelOptions) -> Iterator[Answer | SetAside]:
    data, meta = mapping_in(row.values.get("data")), mapping_in(row.values.get("meta"))
    annotations = _annotations(row.values)
    if not annotations:
        yield SetAside(row.where, "nobody has annotated it")
        return
    given = data.get(text_column)
    text = text_in(given)
    if text is None:
        yield SetAside(row.where, why_no_text(given))
        return
    for annotation in sorted(annotations, key=lambda each: -(seconds_in(each.get("created_at")) or 0)):
        if annotation.get("was_cancelled") or annotation.get("skipped"):
            yield SetAside(row.where, "an annotator skipped it")
            continue
        chosen = [each for each in _choices(annotation) if name_in(each.get("from_name")) == control]
        yield Answer(
            row.where,
            text,
            options.annotator_in(data, meta, usual=()) or _annotator(annotation.get("completed_by")) or "unknown",
            names=tuple(name for each in chosen for name in names_in(each.get("value"))),
            why_none="it was submitted without a choice",
            id=options.id_in(data, row.values),
            group=options.group_in(data, meta),
            at=seconds_in(annotation.get("created_at")),
            final=annotation.get("ground_truth") is True,
        )


def _flat(sheet: Sheet, options: LabelOptions) -> Iterator[Answer | SetAside]:
    columns = sheet.columns
    moved = find_field(columns, [_MOVED + (options.text_field or "text")])
    text_column = moved or text_field(columns, options.text_field, sheet.file.name)
    annotated = any(name_in(row.values.get(_ANNOTATION)) for row in sheet.rows)
    label = label_field(columns, options.label_field or "label", sheet.file.name) if annotated else ""
    for row in sheet.rows:
        given = row.values.get(text_column)
        text = text_in(given)
        if text is None or not name_in(row.values.get(_ANNOTATION)):
            yield SetAside(row.where, "nobody has annotated it" if text else why_no_text(given))
            continue
        yield Answer(
            row.where,
            text,
            options.annotator_in(row.values, usual=()) or _annotator(row.values.get("annotator")) or sheet.file.stem,
            names=names_in(row.values.get(label)),
            why_none="it was submitted without a choice",
            id=options.id_in(row.values),
            group=options.group_in(row.values),
            at=seconds_in(row.values.get("created_at")),
        )


def _annotator(value: Any) -> str:  # noqa: ANN401  # a number, an address, or both in a mapping
    person = mapping_in(value)
    return name_in(person.get("email")) or name_in(person.get("id")) if person else name_in(value)
