"""Inputs as users see them: by name, and where several share it, by as much of the path as tells them apart."""

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath


def shown_names(paths: Sequence[PurePath]) -> list[str]:
    """Return the shortest end of each path that no other has; the same path twice is shown twice alike."""
    shown: dict[PurePath, str] = {}
    left, length = set(paths), 1
    while left:
        ends = Counter(path.parts[-length:] for path in left)
        for path in [path for path in left if ends[path.parts[-length:]] == 1]:
            shown[path] = path.name if length == 1 else PurePath(*path.parts[-length:]).as_posix()
            left.remove(path)
        length += 1
    return [shown[path] for path in paths]
