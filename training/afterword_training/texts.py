"""Texts without labels: JSON Lines, CSV or Parquet with `text` and perhaps `id`; other columns are passed over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from afterword_model.errors import InputError
from afterword_training.rows import read_rows

_KINDS = (".jsonl", ".csv", ".parquet")


@dataclass(frozen=True)
class Text:
    """A text and its id; one that has none is called by its place, `FILE:ROW`."""

    id: str
    text: str


def read_texts(paths: Sequence[Path]) -> list[Text]:
    """Return the texts of files, and of the JSON Lines files in folders, in order.

    Raises:
        InputError: a file is missing or of another kind, or a row has no text; the message names file and row.
    """
    texts = [text for path in paths for file in _files(path) for text in _read(file)]
    if not texts:
        raise InputError(f"There are no texts in {', '.join(map(str, paths))}.")
    return texts


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    if not (files := sorted(path.glob("*.jsonl"))):
        raise InputError(f"There are no *.jsonl files in {path}.")
    return files


def _read(file: Path) -> Iterator[Text]:
    if file.suffix.lower() not in _KINDS:
        raise InputError(
            f"{file} does not end in {', '.join(_KINDS)}. `afterword classify JOURNAL --include-text -o notes.jsonl` "
            "makes JSON Lines of any journal."
        )
    for where, row in read_rows(file, ("id", "text")):
        yield _text(where, row)


def _text(where: str, row: object) -> Text:
    if not isinstance(row, dict) or not isinstance(text := row.get("text"), str):
        raise InputError(f"{where} has no `text`. Each row needs one; an `id` makes it easy to find again.")
    name = row.get("id")
    return Text(str(name) if isinstance(name, str | int) and name != "" else where, text)
