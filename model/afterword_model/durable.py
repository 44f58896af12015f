"""Files that are either as before or whole, and renames that last through a power cut."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

FRESH = ".tmp"
"""What the name of a file ends in while it is written; a killed process may leave one behind."""

_OWNER_ONLY = 0o600


def open_new(path: Path, *, private: bool = False) -> BinaryIO:
    """Return an empty file to write; a private one, which holds notes' texts, may be read by nobody but its owner."""
    if not private:
        return path.open("wb")
    path.unlink(missing_ok=True)
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, _OWNER_ONLY))


@contextmanager
def whole_file(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Open a file to write so that it is either as before or whole; a failure leaves nothing half written behind."""
    fresh = path.with_name(path.name + FRESH)
    try:
        with open_new(fresh, private=private) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(fresh, path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise


def write_whole(path: Path, text: str, *, private: bool = False) -> None:
    """Write a small file of text so that it is either as before or whole; a private one is its owner's alone."""
    with whole_file(path, private=private) as stream:
        stream.write(text.encode())


def written_paths(path: Path) -> frozenset[Path]:
    """Return every path that writing `path` may write, resolved."""
    return frozenset(path.with_name(path.name + end).resolve() for end in ("", FRESH))


def sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, on systems that let a folder be synced."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
