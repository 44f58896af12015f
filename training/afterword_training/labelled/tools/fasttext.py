"""fastText: lines of `__label__rumination text`; doccano writes them too.

https://fasttext.cc/docs/en/supervised-tutorial.html
"""

import re
from collections.abc import Iterator

from afterword_training.labelled.answer import Answer, SetAside
from afterword_training.labelled.fields import text_in
from afterword_training.labelled.options import LabelOptions
from afterword_training.labelled.row import Row
from afterword_training.labelled.sheet import FAST_TEXT, LINE, Sheet

_LABELS = re.compile(rf"\s*((?:{FAST_TEXT}\S+\s*)*)(.*)", re.DOTALL)
_COMMENT = re.compile(r"(?:^|\s)__comment__.*", re.DOTALL)
_QUOTED = re.compile(r'"(.*)"', re.DOTALL)


def matches(sheet: Sheet) -> bool:
    """Return whether the file was read as plain lines, as it is when a line begins with a label."""
    return sheet.kind == "lines"


def read(sheet: Sheet, options: LabelOptions) -> Iterator[Answer | SetAside]:
    """Yield each labelled line.

    A line without a label is most likely the rest of a note that was broken over several lines. Then the note above it
    is cut short, so neither is used.
    """
    for row, below in zip(sheet.rows, (*sheet.rows[1:], None), strict=True):
        if not _is_labelled(row):
            yield SetAside(row.where, "the line has no label; export notes of several lines as JSON Lines")
        elif below and not _is_labelled(below):
            yield SetAside(row.where, "the line below has no label, so the note may go on there; export as JSON Lines")
        else:
            yield _answer(row, sheet)


def _is_labelled(row: Row) -> bool:
    return str(row.values[LINE]).lstrip(' "').startswith(FAST_TEXT)


def _answer(row: Row, sheet: Sheet) -> Answer | SetAside:
    line = row.values[LINE].strip()
    quoted = _QUOTED.fullmatch(line)
    found = _LABELS.fullmatch(quoted[1].replace('""', '"') if quoted else line)
    labels, rest = (found[1].split(), found[2]) if found else ([], line)
    text = text_in(_COMMENT.sub("", rest))
    if text is None:
        return SetAside(row.where, "its text is empty")
    return Answer(
        row.where, text.strip(), sheet.file.stem, names=tuple(label.removeprefix(FAST_TEXT) for label in labels)
    )
