"""From what users name (files, folders, `-`) to the sources behind it, in a fixed order."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from afterword_model.errors import InputError
from afterword_serving.entry import Skip
from afterword_serving.journals.archive import LIMITS, Limits, is_archive, members
from afterword_serving.journals.source import Source, StreamSource, is_litter

STDIN = "-"


def check_inputs(inputs: Sequence[str]) -> None:
    """Return when every input is there.

    Raises:
        InputError: one is not; nothing has been read then.
    """
    missing = [name for name in inputs if name != STDIN and not Path(name).exists()]
    if missing:
        raise InputError(f"There is no file or folder {', '.join(missing)}. Check the path.")
    if inputs.count(STDIN) > 1:
        raise InputError("Standard input (-) can be read only once.")


def sources(inputs: Iterable[str], *, exclude: frozenset[Path] = frozenset()) -> Iterator[Source | Skip]:
    """Yield every source behind `inputs`, and what could not be opened; `exclude` holds resolved paths to pass over."""
    for name in inputs:
        for source in _sources(name, exclude):
            yield from opened(source)


def listing(inputs: Iterable[str], *, exclude: frozenset[Path] = frozenset()) -> list[tuple[str, int]]:
    """Return name and size of every file behind `inputs`, to tell whether they have changed."""
    found: list[tuple[str, int]] = []
    for name in inputs:
        path = Path(name)
        for file in _walk(path, exclude) if path.is_dir() else [path]:
            found.append((file.as_posix(), file.stat().st_size if file.is_file() else -1))
    return found


def _sources(name: str, exclude: frozenset[Path]) -> Iterator[Source]:
    path = Path(name)
    if name == STDIN:
        yield StreamSource("standard input", "stdin", lambda: sys.stdin.buffer, given=True)
    elif path.is_dir():
        yield from _folder(path, exclude)
    elif path.is_file():
        yield Source(path.name, path.name, _opener(path), given=True)
    else:
        stream = path.open("rb")
        yield StreamSource(path.name, path.name, lambda: stream, given=True)


def _folder(folder: Path, exclude: frozenset[Path]) -> Iterator[Source]:
    shown = folder.resolve().name
    files = {file.relative_to(folder).as_posix(): file for file in _walk(folder, exclude)}
    around = frozenset(files)
    for path, file in files.items():
        yield Source(f"{shown}/{path}", path, _opener(file), around=around)


def _walk(folder: Path, exclude: frozenset[Path]) -> list[Path]:
    """Return the files of a folder in order of their paths; hidden ones are not, except an app's waste bin."""
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") or name == ".trash"]
        found += [Path(parent) / name for name in names if not name.startswith(".") and not is_litter(name)]
    files = [file for file in found if file.is_file() and (not exclude or file.resolve() not in exclude)]
    return sorted(files, key=lambda file: file.as_posix())


def opened(source: Source, limits: Limits = LIMITS) -> Iterator[Source | Skip]:
    """Yield the members of a zip, and anything else as it is."""
    try:
        zipped = is_archive(source)
    except OSError as err:
        yield Skip("unreadable", source.file, err.strerror or "")
        return
    if zipped:
        yield from members(source, limits=limits)
    else:
        yield source


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return cast(Callable[[], BinaryIO], partial(path.open, "rb"))
