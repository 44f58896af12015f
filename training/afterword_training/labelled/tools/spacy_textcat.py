"""spaCy: JSON Lines of `{"text": …, "cats": {"REFLECTION": 1.0, "RUMINATION": 0.0}}`.

https://spacy.io/api/textcategorizer
"""

from collections.abc import Iterator, Mapping

from afterword_training.labelled.answer import Answer, SetAside
from afterword_training.labelled.fields import mapping_in, text_in, why_no_text
from afterword_training.labelled.options import LabelOptions
from afterword_training.labelled.sheet import Sheet


def matches(sheet: Sheet) -> bool:
    """Return whether rows hold categories."""
    return any(isinstance(row.values.get("cats"), Mapping) for row in sheet.rows)


def read(sheet: Sheet, options: LabelOptions) -> Iterator[Answer | SetAside]:
    """Yield the categories that are 1; others than 0 and 1 are some model's scores, and never labels."""
    for row in sheet.rows:
        given, cats = row.values.get(options.text_field or "text"), mapping_in(row.values.get("cats"))
        text = text_in(given)
        if text is None:
            yield SetAside(row.where, why_no_text(given))
        elif any(value not in (0, 1, None) for value in cats.values()):
            yield SetAside(row.where, "its categories are scores between 0 and 1, not labels")
        else:
            meta = mapping_in(row.values.get("meta"))
            yield Answer(
                row.where,
                text,
                options.annotator_in(row.values, meta) or sheet.file.stem,
                names=tuple(str(name) for name, value in cats.items() if value == 1),
                why_none="none of its categories is 1",
                id=options.id_in(row.values, meta),
                group=options.group_in(row.values, meta),
            )
