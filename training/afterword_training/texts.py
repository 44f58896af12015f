"""Texts without labels: JSON Lines, CSV or Parquet with `text` and perhaps `id`; other columns are passed over."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.lib
import pyarrow.parquet

from afterword_model.errors import InputError

_KINDS = (".jsonl", ".csv", ".parquet")
_LONGEST_CELL = 10_000_000


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
    rows = {".csv": _csv_rows, ".parquet": _parquet_rows}.get(file.suffix.lower(), _json_rows)
    if file.suffix.lower() not in _KINDS:
        raise InputError(
            f"{file} does not end in {', '.join(_KINDS)}. `afterword classify JOURNAL --include-text -o notes.jsonl` "
            "makes JSON Lines of any journal."
        )
    try:
        for place, row in rows(file):
            yield _text(f"{file.name}:{place}", row)
    except (OSError, UnicodeDecodeError, csv.Error, pyarrow.lib.ArrowException) as err:
        reason = err.strerror if isinstance(err, OSError) and err.strerror else type(err).__name__
        raise InputError(f"{file} cannot be read ({reason}).") from err


def _text(where: str, row: object) -> Text:
    if not isinstance(row, dict) or not isinstance(text := row.get("text"), str):
        raise InputError(f"{where} has no `text`. Each row needs one; an `id` makes it easy to find again.")
    name = row.get("id")
    return Text(str(name) if isinstance(name, str | int) and name != "" else where, text)


def _json_rows(file: Path) -> Iterator[tuple[int, object]]:
    with file.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (json.JSONDecodeError, RecursionError) as err:
                raise InputError(f"{file.name}:{number} is not a JSON object.") from err
            yield number, row


def _csv_rows(file: Path) -> Iterator[tuple[int, object]]:
    csv.field_size_limit(_LONGEST_CELL)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        yield from enumerate(csv.DictReader(lines), start=2)


def _parquet_rows(file: Path) -> Iterator[tuple[int, object]]:
    names = pyarrow.parquet.read_schema(file).names
    table = pyarrow.parquet.read_table(file, columns=[name for name in ("id", "text") if name in names])
    yield from enumerate(table.to_pylist(), start=1)
