"""What lies beside a file: how exports are told that hold each note a second time in another format."""

from functools import lru_cache
from pathlib import PurePosixPath

from afterword_serving.journals.source import Source
from afterword_serving.journals.tidy import printable


def lies_beside(source: Source, path: str) -> bool:
    """Return whether the zip or folder around `source` holds `path`, which is written as `source.path` is."""
    own = own_path(source)
    return own is not None and path.removeprefix(source.path.removesuffix(own)) in _as_shown(source.around)


def own_path(source: Source) -> str | None:
    """Return the path as the zip or folder names it; `source.path` may begin with the zips around that."""
    around, parts = _as_shown(source.around), PurePosixPath(source.path).parts
    tails = ("/".join(parts[start:]) for start in range(len(parts)))
    return next((tail for tail in tails if tail in around), None)


@lru_cache(maxsize=4)
def _as_shown(around: frozenset[str]) -> frozenset[str]:
    return frozenset(map(printable, around))


def forget() -> None:
    """Drop the names of files that were read last."""
    _as_shown.cache_clear()
