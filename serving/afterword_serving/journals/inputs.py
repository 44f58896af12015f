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
from afterword_serving.journals.shown import shown_names
from afterword_serving.journals.source import Source, StreamSource, is_hidden, is_litter
from afterword_serving.journals.tidy import printable

STDIN = "-"
_LINK = "a link to another folder; give that folder too"


def check_inputs(inputs: Sequence[str]) -> None:
    """Return when every input is there.

    Raises:
        InputError: one is not, or may not be looked at; nothing has been read then.
    """
    missing = {place: name for place, name in enumerate(inputs, 1) if name != STDIN and not _exists(name, place)}
    for place, name in missing.items():
        if may_be_words(name):
            raise InputError(f"Input {place} is no file or folder. Check the path.")
    if missing:
        raise InputError(f"There is no file or folder {', '.join(missing.values())}. Check the path.")
    if inputs.count(STDIN) > 1:
        raise InputError("Standard input (-) can be read only once.")


def may_be_words(name: str) -> bool:
    """Return whether what names no file may be a note, put where a path belongs: messages do not repeat it."""
    parent = os.path.dirname(name)
    return any(char.isspace() for char in name) and not os.path.isdir(parent)


def _exists(name: str, place: int) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError) as err:  # what is no path may be a note, put where a path belongs: it is not repeated
        reason = (err.strerror if isinstance(err, OSError) else None) or "it is no path"
        raise InputError(f"Input {place} cannot be looked at ({reason}). Give the path of a file or folder.") from None


def sources(inputs: Iterable[str], *, exclude: frozenset[Path] = frozenset()) -> Iterator[Source | Skip]:
    """Yield every source behind `inputs`, and what could not be opened; `exclude` holds resolved paths to pass over."""
    inputs = list(inputs)
    given = [Path(name).resolve() for name in inputs if name != STDIN]
    for name, shown in zip(inputs, shown_names([_whole(name) for name in inputs]), strict=True):
        for source in _sources(name, shown, exclude, given):
            yield from opened(source) if isinstance(source, Source) else [source]


def listing(inputs: Iterable[str], *, exclude: frozenset[Path] = frozenset()) -> list[tuple[str, int]]:
    """Return name and size of every file behind `inputs`, to tell whether they have changed."""
    found: list[tuple[str, int]] = []
    for name in inputs:
        path = Path(name)
        for file in _walk(path, exclude)[0] if path.is_dir() else [path]:
            found.append((file.as_posix(), file.stat().st_size if file.is_file() else -1))
    return found


def _whole(name: str) -> Path:
    path = Path(name)
    return path.resolve() if path.is_dir() else Path(os.path.abspath(path))


def _sources(name: str, shown: str, exclude: frozenset[Path], given: Sequence[Path]) -> Iterator[Source | Skip]:
    path = Path(name)
    if name == STDIN:
        yield StreamSource("standard input", "stdin", lambda: sys.stdin.buffer)
    elif path.is_dir():
        yield from _folder(path, shown, exclude, given)
    elif path.is_file():
        yield Source(shown, shown, _opener(path))
    else:
        stream = path.open("rb")
        yield StreamSource(shown, shown, lambda: stream)


def _folder(folder: Path, shown: str, exclude: frozenset[Path], given: Sequence[Path]) -> Iterator[Source | Skip]:
    walked, closed = _walk(folder, exclude, given)
    yield from (Skip("unreadable", printable(f"{shown}/{path}"), reason) for path, reason in closed)
    files = {file.relative_to(folder).as_posix(): file for file in walked}
    around = frozenset(files)
    for path, file in files.items():
        yield Source(f"{shown}/{path}", path, _opener(file), around=around, named=shown)


def _walk(
    folder: Path, exclude: frozenset[Path], given: Sequence[Path] = ()
) -> tuple[list[Path], list[tuple[str, str]]]:
    """Return the files of a folder in order of their paths, and what could not be looked into and why.

    Hidden files are left out, except in an app's waste bin. A link to a folder elsewhere is not followed,
    and told unless that folder lies in one of those `given`.
    """
    found: list[Path] = []
    closed: list[tuple[str, str]] = []

    def note(err: OSError) -> None:
        where = Path(err.filename).relative_to(folder).as_posix() if err.filename else ""
        closed.append((where, err.strerror or type(err).__name__))

    for parent, folders, names in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not is_hidden(name)]
        leading_out = _leading_out(parent, folders, [folder.resolve(), *given])
        closed += [(path.relative_to(folder).as_posix(), _LINK) for path in leading_out]
        found += [Path(parent) / name for name in names if not is_hidden(name) and not is_litter(name)]
    files: list[Path] = []
    for file in found:
        try:
            if file.is_file() and (not exclude or file.resolve() not in exclude):
                files.append(file)
        except OSError as err:
            note(err)
    return sorted(files, key=lambda file: file.as_posix()), sorted(closed)


def _leading_out(parent: str, names: list[str], given: Sequence[Path]) -> Iterator[Path]:
    """Yield those of `names` that are links to a folder in none of `given`, of which what is not hidden is read."""
    for path in (Path(parent) / name for name in names):
        if path.is_symlink() and not any(path.resolve().is_relative_to(folder) for folder in given):
            yield path


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
