"""One row of a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One row; `where` is `FILE:ROW`, the row as a spreadsheet, an editor or a list counts it."""

    where: str
    values: Mapping[str, Any]
