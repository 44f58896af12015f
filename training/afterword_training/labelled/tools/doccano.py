"""doccano: JSON, JSON Lines and CSV of a text classification project, one file for all or one a member.

https://doccano.github.io/doccano/tutorial/ . Comments are never read. The export does not say which rows were
confirmed; its own option "Export only approved documents" leaves the others out.
"""

from collections.abc import Iterator

from afterword_training.labelled.answer import Answer, SetAside
from afterword_training.labelled.fields import (
    ANNOTATOR_FIELDS,
    TEXT_FIELDS,
    find_field,
    label_field,
    names_in,
    text_field,
    text_in,
    why_no_text,
)
from afterword_training.labelled.options import LabelOptions
from afterword_training.labelled.own_table import refuse_answers
from afterword_training.labelled.sheet import Sheet

_LAST = ("label", "Comments")
_JOINT = "#"
_OLDER_TEXT = "data"


def matches(sheet: Sheet) -> bool:
    """Return whether rows hold lists of labels, or a table has doccano's columns in doccano's order."""
    if sheet.kind == "csv":
        return _is_export(sheet)
    return sheet.kind == "json" and any(isinstance(row.values.get("label"), list) for row in sheet.rows)


def _is_export(sheet: Sheet) -> bool:
    """Return whether columns begin with number and text and end with label and comments, the metadata between them.

    A table that names its annotators is a team's own: doccano's has a file for each.
    """
    columns = sheet.columns
    numbered = all(str(row.values[columns[0]]).isdecimal() for row in sheet.rows)
    begun = columns[:1] == ["id"] and columns[1:2] in (["text"], [_OLDER_TEXT])
    ended = _LAST in zip(columns, columns[1:], strict=False)
    return begun and ended and numbered and find_field(columns, ANNOTATOR_FIELDS) is None


def read(sheet: Sheet, options: LabelOptions) -> Iterator[Answer | SetAside]:
    """Yield what each row's member labelled; without an annotator field the file's name says who that is.

    Raises:
        ConfigError: it cannot be told which field holds the text or the label.
        InputError: the labels are a model's answers.
    """
    columns = sheet.columns
    older = options.text_field is None and find_field(columns, TEXT_FIELDS) is None and _OLDER_TEXT in columns
    column = _OLDER_TEXT if older else text_field(columns, options.text_field, sheet.file.name)
    label = label_field(columns, options.label_field, sheet.file.name)
    refuse_answers(sheet, label)
    for row in sheet.rows:
        text, found = text_in(row.values.get(column)), row.values.get(label)
        if text is None:
            yield SetAside(row.where, why_no_text(row.values.get(column)))
        elif isinstance(found, list) and any(isinstance(each, list | dict) for each in found):
            yield SetAside(row.where, "its labels mark stretches of the text, not the whole")
        else:
            yield Answer(
                row.where,
                text,
                options.annotator_in(row.values, usual=()) or sheet.file.stem,
                names=_names(found, options),
                id=options.id_in(row.values),
                group=options.group_in(row.values),
            )


def _names(found: object, options: LabelOptions) -> tuple[str, ...]:
    """Return the labels of a list, or of a cell in which they are joined."""
    if isinstance(found, str) and not options.knows(found):
        return tuple(name.strip() for name in found.split(_JOINT) if name.strip())
    return names_in(found)
