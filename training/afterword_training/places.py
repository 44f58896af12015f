"""Folders that a training takes things from and leaves things in."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """Where the files of encoders lie that are not installed, and where a training puts by how far it has come."""

    base: Path | None = None
    """Files of the base encoder; without it they are looked for (see `find_base_encoder`)."""
    teacher: Path | None = None
    """Those of the teacher."""
    work: Path | None = None
    """From here an interrupted training goes on; without it, it begins again."""
