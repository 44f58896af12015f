"""Plain tables: CSV, TSV, JSON, JSON Lines or Parquet with a text and a label, as `datasets` and spreadsheets write.

Among them is the table that `afterword review --to csv` writes, its column `label` filled in by hand.
"""

from collections.abc import Iterator

from afterword_model.errors import InputError
from afterword_model.labels import LABELS
from afterword_training.labelled.answer import Answer, SetAside
from afterword_training.labelled.csv_rows import without_apostrophe
from afterword_training.labelled.fields import (
    label_field,
    names_in,
    text_field,
    text_in,
    why_no_text,
)
from afterword_training.labelled.options import LabelOptions
from afterword_training.labelled.sheet import Sheet

_SCORES = frozenset(f"p_{label}" for label in LABELS)
"""Columns of our own tables: of the results of `classify`, and of tasks to label."""
_SUGGESTION = "suggestion"


def matches(sheet: Sheet) -> bool:
    """Return whether there are rows with named fields."""
    return sheet.kind != "lines" and (sheet.kind != "csv" or len(sheet.columns) > 1)


def read(sheet: Sheet, options: LabelOptions) -> Iterator[Answer | SetAside]:
    """Yield each row's label; without an annotator column the file's name says who gave it.

    Raises:
        ConfigError: it cannot be told which column holds the text or the label.
        InputError: the labels are a model's answers.
    """
    columns, name = sheet.columns, sheet.file.name
    label = label_field(columns, options.label_field, name)
    text_column = text_field(columns, options.text_field, name)
    ours = set(columns) >= _SCORES
    if ours and label.strip().casefold() == "label" and _SUGGESTION not in columns:
        raise InputError(
            f"{name} holds a model's answers, and those are never labels. "
            "Have a person label the tasks that `afterword review` writes, or name another column with --label-field."
        )
    for row in sheet.rows:
        values = row.values
        if ours and sheet.kind == "csv":
            values = {column: without_apostrophe(cell) for column, cell in values.items()}
        text = text_in(values.get(text_column))
        if text is None:
            yield SetAside(row.where, why_no_text(values.get(text_column)))
            continue
        yield Answer(
            row.where,
            text,
            options.annotator_in(values) or sheet.file.stem,
            names=names_in(values.get(label)),
            id=options.id_in(values),
            group=options.group_in(values),
        )
