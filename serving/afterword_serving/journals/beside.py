"""What lies beside a file: how exports are told that hold each note a second time in another format."""

from functools import lru_cache
from pathlib import PurePosixPath

from afterword_serving.journals.source import Source
from afterword_serving.journals.tidy import printable


def lies_beside(source: Source, path: str) -> bool:
    """Return whether the zip or folder around `source` holds `path`, which is written as `source.path` is."""
    around = _as_shown(source.around)
    parts = PurePosixPath(source.path).parts
    tails = ("/".join(parts[start:]) for start in range(len(parts)))
    own = next((tail for tail in tails if tail in around), None)
    return own is not None and path.removeprefix(source.path.removesuffix(own)) in around


@lru_cache(maxsize=4)
def _as_shown(around: frozenset[str]) -> frozenset[str]:
    return frozenset(map(printable, around))


def forget() -> None:
    """Drop the names of files that were read last."""
    _as_shown.cache_clear()
