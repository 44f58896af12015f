"""Prodigy: the JSON Lines of `prodigy db-out`, of its choice and its classification interface.

https://prodi.gy/docs/api-interfaces . A task without `answer` is one that nobody has answered.
"""

import re
from collections.abc import Iterator
from typing import Any

from afterword_training.labelled.answer import Answer, SetAside
from afterword_training.labelled.fields import (
    Fields,
    mapping_in,
    name_in,
    names_in,
    seconds_in,
    text_in,
    why_no_text,
)
from afterword_training.labelled.options import LabelOptions
from afterword_training.labelled.row import Row
from afterword_training.labelled.sheet import Sheet

_ANSWERS = ("accept", "reject", "ignore")
_SESSIONS = ("_annotator_id", "_session_id")
_UNNAMED = re.compile(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d")
"""What Prodigy calls a session that nobody named: the moment it began, so that two sittings of one person differ."""
_TRACES = ("_input_hash", "_task_hash", "_view_id", "options", "accept", "label")


def matches(sheet: Sheet) -> bool:
    """Return whether rows hold Prodigy's answers or its options."""
    return sheet.kind == "json" and any(_is_task(row.values) for row in sheet.rows)


def read(sheet: Sheet, options: LabelOptions) -> Iterator[Answer | SetAside]:
    """Yield each answer; ignored and rejected ones without a label, so that they replace what came before them."""
    for row in sheet.rows:
        text = text_in(row.values.get(options.text_field or "text"))
        if text is None:
            yield SetAside(row.where, why_no_text(row.values.get(options.text_field or "text")))
        elif "answer" not in row.values:
            yield SetAside(row.where, "nobody has answered it")
        else:
            yield _answer(row, text, sheet, options)


def _is_task(values: Fields) -> bool:
    if values.get("answer") in _ANSWERS:
        return any(name in values for name in _TRACES)
    return isinstance(values.get("options"), list) and (
        "_input_hash" in values or isinstance(values.get("config"), dict)
    )


def _answer(row: Row, text: str, sheet: Sheet, options: LabelOptions) -> Answer:
    values = row.values
    meta = mapping_in(values.get("meta"))
    is_choice = "accept" in values or isinstance(values.get("options"), list)
    names, why = (_choice if is_choice else _classification)(values, options)
    return Answer(
        row.where,
        text,
        options.annotator_in(_without_unnamed(values), meta, usual=_SESSIONS) or sheet.file.stem,
        names=names,
        why_none=why,
        id=options.id_in(meta, values, usual=("entry_id", "id")) or name_in(values.get("_input_hash")) or None,
        group=options.group_in(values, meta),
        at=seconds_in(values.get("_timestamp")),
        question=name_in(values.get("_task_hash")) or name_in(values.get("label")),
    )


def _without_unnamed(values: Fields) -> Fields:
    return {name: value for name, value in values.items() if not _UNNAMED.fullmatch(name_in(value))}


def _choice(values: Fields, options: LabelOptions) -> tuple[tuple[str, ...], str]:
    answer = values["answer"]
    if answer != "accept":
        return (), "the annotator ignored it" if answer == "ignore" else "the annotator rejected the whole task"
    accepted = values.get("accept")
    if not isinstance(accepted, list):
        accepted = [accepted]
    shown = {name_in(option.get("id")): name_in(option.get("text")) for option in _options(values)}
    names = (name for each in accepted if (name := name_in(each)))
    return tuple(_known(name, shown.get(name, ""), options) for name in names), "it was accepted without a choice"


def _options(values: Fields) -> list[dict[str, Any]]:
    found = values.get("options")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _known(option: str, text: str, options: LabelOptions) -> str:
    """Return an option's id where that is a label's name, else the words it was shown by."""
    return option if options.knows(option) or not text else text


def _classification(values: Fields, options: LabelOptions) -> tuple[tuple[str, ...], str]:
    answer, asked = values["answer"], names_in(values.get("label"))
    if answer == "accept":
        return asked, "it has no label"
    if answer == "ignore":
        return (), "the annotator ignored it"
    return _other(asked, options), "it says only which label the note does not have"


def _other(asked: tuple[str, ...], options: LabelOptions) -> tuple[str, ...]:
    """Return the other of two labels that the team declared to be all there are, or an unknown name for the error."""
    if options.exhaustive is None or len(asked) != 1:
        return ()
    if not options.knows(asked[0]):
        return asked
    pair, rejected = options.exhaustive, options.label_of(asked[0])
    return tuple(str(label) for label in pair if label != rejected) if rejected in pair else ()
