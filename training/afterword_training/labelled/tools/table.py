"""Plain tables: CSV, TSV, JSON, JSON Lines or Parquet with a text and a label, as `datasets` and spreadsheets write.

Among them is the table that `afterword review --to csv` writes, its column `label` filled in by hand.
"""

from collections.abc import Iterator

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
from afterword_training.labelled.own_table import is_ours, refuse_answers
from afterword_training.labelled.sheet import Sheet


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
    refuse_answers(sheet, label)
    guarded = sheet.kind == "csv" and is_ours(sheet)
    for row in sheet.rows:
        values = row.values
        if guarded:
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
