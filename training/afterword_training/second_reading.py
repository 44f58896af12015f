"""How often a second reader, who saw only the words of a note, gave it the label that its author had given."""

import csv
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from sklearn.metrics import cohen_kappa_score, confusion_matrix

from afterword_model.errors import InputError
from afterword_model.labels import LABELS
from afterword_training.tables import confusion_table

COLUMNS = ("id", "author_label", "reader_label")


def second_reading(path: Path, ids: Collection[str]) -> str:
    """Return the agreement of the two readings in `path` as Markdown; `ids` are those of the notes in the corpus.

    The agreement is Cohen's kappa (1960). `path` is a CSV file of `COLUMNS`, a row for each note read.

    Raises:
        InputError: the file cannot be read, or a row of it holds no two labels.
    """
    rows = _rows(path)
    authors, readers = [row[1] for row in rows], [row[2] for row in rows]
    same = sum(map(str.__eq__, authors, readers))
    left = sum(note in ids for note, author, reader in rows if author != reader)
    by = Counter(note.partition("-")[0] for note, *_ in rows)
    counts = confusion_matrix(authors, readers, labels=LABELS)
    return "\n\n".join(
        [
            f"{len(rows)} notes by {len(by)} authors ({', '.join(sorted(by))}) were read twice. Both readings agree on "
            f"{same / len(rows):.1%} of them (Cohen's kappa {cohen_kappa_score(authors, readers, labels=LABELS):.3f}). "
            f"Of the {len(rows) - same} on which they do not, {left or 'none'} are in the corpus.",
            confusion_table(counts, corner="author \\ second reader"),
        ]
    )


def _rows(path: Path) -> list[tuple[str, str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [tuple(row) for row in csv.reader(file)]
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise InputError(f"{path} cannot be read ({type(err).__name__}). Copy it again.") from err
    if not rows or rows[0] != COLUMNS or len(rows) == 1:
        raise InputError(
            f"{path} does not begin with the columns {', '.join(COLUMNS)}, with rows below. Copy it again."
        )
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(COLUMNS) or not {*row[1:]} <= {*LABELS}:
            raise InputError(
                f"{path}:{number}: that is no id with two of the labels {', '.join(LABELS)}. Mend the row."
            )
    return [(row[0], row[1], row[2]) for row in rows[1:]]
