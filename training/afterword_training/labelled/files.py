"""From the paths that users name to the files behind them: folders and zips are looked into, nothing is unpacked."""

import io
import lzma
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from afterword_model.errors import InputError
from afterword_training.labelled.answer import SetAside

LARGEST = 1 << 30
"""Bytes of the largest file, and of all members of a zip together."""
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE = "[Content_Types].xml"


@dataclass(frozen=True)
class LabelledFile:
    """One file: how it is shown, its bytes, and whether the user named it and not a folder or zip around it."""

    name: str
    data: bytes
    given: bool = True
    alone: bool = True
    """Whether no other file that is read is called the same, folders and endings apart."""

    @property
    def stem(self) -> str:
        """Its name without ending, and without folders where that tells it apart: who labelled it, if nothing else."""
        path = PurePosixPath(self.name)
        return path.stem if self.alone else path.with_suffix("").as_posix()


def told_apart(files: Sequence[LabelledFile]) -> list[LabelledFile]:
    """Return the files, those whose stems are alike with their folders in them: copies of two people are of two."""
    stems = Counter(file.stem for file in files)
    return [file if stems[file.stem] == 1 else replace(file, alone=False) for file in files]


def open_files(paths: Sequence[Path]) -> Iterator[LabelledFile | SetAside]:
    """Yield every file behind `paths`, in order, and what could not be opened within a folder or zip.

    Raises:
        InputError: a path is missing or named twice, or a file that was named is unreadable, too large or damaged.
    """
    found = [each for path, name in zip(paths, _names(paths), strict=True) for each in _files(name, path)]
    _refuse_twice([path for _, path, _ in found])
    for name, path, given in found:
        yield from _open(name, path, given=True) if given else _found(name, path)


def _files(name: str, path: Path) -> Iterator[tuple[str, Path, bool]]:
    """Yield the file, or those of a folder: how each is shown, its path, and whether the user named it."""
    if not path.is_dir():
        yield name, path, True
        return
    files = [file for file in sorted(path.rglob("*")) if file.is_file() and not _hidden(file.relative_to(path))]
    if not files:
        raise InputError(f"There are no files in {path}. Name the labelled files.")
    for file in files:
        yield _printable(f"{name}/{file.relative_to(path).as_posix()}"), file, False


def _refuse_twice(paths: Sequence[Path]) -> None:
    twice = [str(path) for path, count in Counter(path.resolve() for path in paths).items() if count > 1]
    if twice:
        raise InputError(
            f"{', '.join(twice)} is named twice, by itself or by a folder. Name it once, lest its labels count double."
        )


def _names(paths: Sequence[Path]) -> list[str]:
    """Return how each path is shown: its last part, or all of it where two end alike."""
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise InputError(f"There is no file or folder {', '.join(missing)}. Check the path.")
    _refuse_twice(paths)
    ends = Counter(path.resolve().name for path in paths)
    return [
        _printable(path.resolve().name if ends[path.resolve().name] == 1 else path.resolve().as_posix())
        for path in paths
    ]


def _found(name: str, path: Path) -> Iterator[LabelledFile | SetAside]:
    """Yield what `_open` does, and word of a file that is of no use: whoever names a folder need not know of it."""
    try:
        yield from _open(name, path, given=False)
    except InputError as err:
        yield SetAside.of_file(name, err)


def _read(name: str, path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"{name} has more than {LARGEST >> 20} MB. Split it into several files.")
        return path.read_bytes()
    except OSError as err:
        raise InputError(f"{name} cannot be read ({err.strerror or type(err).__name__}).") from err


def _open(name: str, path: Path, *, given: bool) -> Iterator[LabelledFile | SetAside]:
    data = _read(name, path)
    if not data.startswith(_ZIP):
        yield LabelledFile(name, data, given)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if _OFFICE in archive.namelist():
                raise InputError(f"{name} is an office document. Save the table as CSV and give that file.")
            yield from _members(name, archive)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError) as err:
        raise InputError(f"{name} is a damaged zip. Download it again.") from err


def _members(name: str, archive: zipfile.ZipFile) -> Iterator[LabelledFile | SetAside]:
    left = LARGEST
    for info in sorted(archive.infolist(), key=lambda each: each.filename):
        where = _printable(f"{name}/{info.filename}")
        if info.is_dir() or _hidden(PurePosixPath(info.filename)):
            continue
        left -= info.file_size
        if info.flag_bits & 0x1:
            yield SetAside(where, "it is encrypted; unpack the zip and give the files")
        elif left < 0:
            raise InputError(f"{name} unpacks to more than {LARGEST >> 20} MB. Split it into several files.")
        elif (data := archive.read(info)).startswith(_ZIP):
            yield SetAside(where, "it is a zip in a zip; unpack the outer one")
        else:
            yield LabelledFile(where, data, given=False)


def _hidden(path: PurePosixPath | Path) -> bool:
    """Return whether a path is a tool's or a file manager's own business, such as `.argilla/settings.json`."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def _printable(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in name)
