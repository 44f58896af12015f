"""The file of tasks. It holds notes' words, so it is its owner's alone; whole or not there; replacing none unasked."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from afterword_model.durable import open_new
from afterword_model.errors import ConfigError, OutputError
from afterword_serving.destination import check_destination, linked

_NEW = ".new"


class TasksFile:
    """Where tasks go; `OUT.new` is there only while they are written."""

    def __init__(self, out: Path, *, force: bool = False) -> None:
        self.out, self._force = linked(out), force
        self._new = Path(f"{self.out}{_NEW}")

    @property
    def paths(self) -> frozenset[Path]:
        """Every path that may be written, resolved: none of them is input."""
        return frozenset({self.out.resolve(), self._new.resolve()})

    def check(self, inputs: Iterable[str]) -> None:
        """Return when tasks can be written there.

        Raises:
            ConfigError: no file can be written there, the path is an input, or a file is there already.
        """
        check_destination(self.out, ending=_NEW)
        if self.paths.intersection(Path(name).resolve() for name in inputs):
            raise ConfigError(f"{self.out} is an input too. Write the tasks to another file.")
        self._check_free()

    def write(self, text: str) -> None:
        """Write `text` as UTF-8, readable by nobody but its owner.

        Raises:
            ConfigError: a file of that name has come meanwhile.
            OutputError: it cannot be written; what was there before still is.
        """
        try:
            self._write(text.encode())
        except OSError as err:
            raise OutputError(f"{self.out} cannot be written ({err.strerror or type(err).__name__}).") from err
        finally:
            with suppress(OSError):
                self._new.unlink(missing_ok=True)

    def _write(self, data: bytes) -> None:
        with open_new(self._new, private=True) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self._check_free()
        os.replace(self._new, self.out)

    def _check_free(self) -> None:
        if self.out.exists() and not self._force:
            raise ConfigError(f"{self.out} is there already. Name another file, or replace it with --force.")
