"""Folders that a user names for a training."""

import os
from dataclasses import dataclass
from pathlib import Path

from afterword_model.errors import ConfigError
from afterword_training.config import Config


@dataclass(frozen=True)
class Places:
    """The encoders' files, and checkpoints."""

    base: Path | None = None
    """Files of the base encoder; without it they are looked for (see `find_base_encoder`)."""
    teacher: Path | None = None
    """Those of the teacher."""
    work: Path | None = None
    """Checkpoints, from which an interrupted training goes on; without it, it begins again."""


NOWHERE = Places()
"""None is named."""


def check_results(out: Path | None = None, record: Path | None = None) -> None:
    """See before long work that an artifact can be saved in `out` and a line be added to `record`; nothing is made yet.

    Raises:
        ConfigError: one cannot.
    """
    if out is not None:
        _check_folder(out)
    if record is not None:
        _check_folder(record.parent)
        if record.exists() and not (record.is_file() and os.access(record, os.W_OK)):
            raise ConfigError(f"{record} may not be written to. Name a file that may.")


def _check_folder(folder: Path) -> None:
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise ConfigError(f"{folder} cannot be made or written to. Name a folder where you may write.")


def check_places(places: Places, config: Config) -> None:
    """Return when every place that is named will be used and can be; the folder for checkpoints is made.

    Raises:
        ConfigError: one will not or cannot.
    """
    if config.encoder is None:
        if places != NOWHERE:
            raise ConfigError("The baseline has no encoder to train: leave out --base, --teacher and --work.")
        return
    if places.teacher and not config.encoder.distill_weight:
        raise ConfigError(
            "--teacher is given, but encoder.distill_weight is 0, so nothing would be learned from it. Set it above 0."
        )
    if places.work:
        _make_writable(places.work)


def _make_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise ConfigError(f"{folder} cannot be made a folder for checkpoints ({type(err).__name__}).") from err
    if not os.access(folder, os.W_OK):
        raise ConfigError(f"Checkpoints cannot be written to {folder}. Name a folder that you may write to.")
