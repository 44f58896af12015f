"""Where a command may write: a file's name that is free, or one file in place of another."""

import os
import stat
from pathlib import Path

from afterword_model.errors import ConfigError


def linked(path: Path) -> Path:
    """Return where a link leads, and any other path as it is: a new file must not take the place of a link to it."""
    return Path(os.path.realpath(path)) if os.path.islink(path) else path


def check_destination(path: Path, *, ending: str = "") -> None:
    """Return when a file can be written there, under its name with `ending` too.

    Raises:
        ConfigError: the folder is missing or closed, the name is too long, or what stands there is no file.
    """
    mode = _mode(path)
    _mode(Path(f"{path}{ending}"))
    if mode is None and not path.parent.is_dir():
        raise ConfigError(f"There is no folder {path.parent} to write {path.name} to. Make it first.")
    if mode and stat.S_ISDIR(mode):
        raise ConfigError(f"{path} is a folder. Give a file name to write to.")
    if mode and not stat.S_ISREG(mode):
        raise ConfigError(f"{path} is a device or a pipe, which would be replaced. Give a file name to write to.")


def _mode(path: Path) -> int | None:
    """Return what stands at `path`, or None where nothing does."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as err:
        reason = (err.strerror if isinstance(err, OSError) else None) or "it is no path"
        raise ConfigError(f"{path} cannot be written ({reason}). Give another file name.") from err
