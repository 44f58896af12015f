"""Small files that are either as before or whole, and renames that last through a power cut."""

import os
from contextlib import suppress
from pathlib import Path

_FRESH = ".tmp"


def write_whole(path: Path, text: str) -> None:
    """Write a small file so that it is either as before or whole; a failure leaves nothing half written behind."""
    fresh = path.with_name(path.name + _FRESH)
    try:
        with fresh.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(fresh, path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise


def written_paths(path: Path) -> frozenset[Path]:
    """Return every path that `write_whole` may write, resolved."""
    return frozenset(path.with_name(path.name + end).resolve() for end in ("", _FRESH))


def sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, on systems that let a folder be synced."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
