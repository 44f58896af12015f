"""What is told when something in a registry cannot be written: where, why, that nothing is lost, and what to do."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from afterword_model.errors import RegistryError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_IN_THE_WAY = frozenset({errno.EEXIST, errno.ENOTDIR, errno.EISDIR})


@contextmanager
def telling_what_cannot_be_written(registry: Path, *, then: str = "") -> Iterator[None]:
    """Turn what the system says when a file or folder cannot be written into an error of ours.

    `then` ends the message: how the same command goes on.

    Raises:
        RegistryError: something could not be written.
    """
    try:
        yield
    except OSError as err:
        where, reason = _told(err)
        raise RegistryError(
            f"{where or registry} cannot be written ({reason}). The models in {registry} and the one in use are as "
            f"they were. {_advice(err)}, and run the same command again{then}."
        ) from err


def _told(err: OSError) -> tuple[str, str]:
    """Return the path, empty where the system names none, and the reason; of several the first."""
    if isinstance(err, shutil.Error) and err.args and isinstance(err.args[0], list):
        _, where, reason = err.args[0][0]
        return str(where), str(reason)
    return str(err.filename2 or err.filename or ""), err.strerror or str(err) or type(err).__name__


def _advice(err: OSError) -> str:
    if err.errno in _FULL:
        return "Make room there"
    if err.errno in _REFUSED:
        return "See that you may write to it"
    if err.errno in _IN_THE_WAY:
        return "Move away what is in the way there"
    return "Make room there, or see that you may write to it"
