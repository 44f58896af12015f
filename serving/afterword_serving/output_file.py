"""Results in a file that appears under its name only when whole, and that an interrupted run can go on with.

OUT.part        the rows so far, as JSON Lines
OUT.part.json   how far that is; written after the rows it speaks of
OUT.new         the rows as CSV or Parquet, while they are converted
OUT             all rows

Where the rows hold notes' texts, none of these files may be read by anybody but their owner.
"""

import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from afterword_model.durable import open_new, sync_folder, write_whole
from afterword_model.errors import ConfigError, InputError, OutputError
from afterword_serving.checkpoint import Checkpoint, Identity, Progress
from afterword_serving.destination import check_destination, linked
from afterword_serving.rows import Row
from afterword_serving.sinks import Format, json_line, write_csv, write_parquet

_LONGEST_END = ".part.json.tmp"


class OutputFile:
    """A sink for one run; use it as a context manager around `write` and `finish`."""

    def __init__(self, out: Path, to: Format, columns: list[str], identity: Identity) -> None:
        self.out, self._to, self._columns, self._identity = linked(out), to, columns, identity
        self._part, self._progress, self._new = (Path(f"{self.out}{end}") for end in (".part", ".part.json", ".new"))
        self._private = "text" in columns
        self._file: BinaryIO | None = None
        self._digest = hashlib.sha256()
        self._bytes = 0
        self._rows = 0

    @staticmethod
    def paths(out: Path) -> frozenset[Path]:
        """Return every path that a run with this output may write, resolved: none of them is input."""
        ends = ("", ".part", ".part.json", _LONGEST_END, ".new", ".run.json", ".run.json.tmp")
        return frozenset(Path(f"{linked(out)}{end}").resolve() for end in ends)

    def check(self, inputs: Iterable[str]) -> None:
        """Return when results can be written there.

        Raises:
            ConfigError: no file can be written there, or it is one of the inputs.
        """
        check_destination(self.out, ending=_LONGEST_END)
        if self.paths(self.out).intersection(Path(name).resolve() for name in inputs):
            raise ConfigError(f"{self.out} is an input too. Write the results to another file.")

    def begin(self, *, resume: bool) -> Checkpoint:
        """Open the file and return from where to go on: the start, unless `resume` finds an interrupted run.

        Raises:
            InputError: the interrupted run had another input, model or options, or its rows have been changed.
        """
        with self._writing():
            if resume and self._progress.is_file() and self._part.is_file():
                return self._reopen()
            self._progress.unlink(missing_ok=True)
            self._file = open_new(self._part, private=self._private)
        return Checkpoint()

    @property
    def interrupted(self) -> bool:
        """Whether the rows of an unfinished run lie there."""
        return self._progress.is_file() and self._part.is_file()

    def write(self, rows: list[Row], reached: Checkpoint) -> None:
        """Append the rows, then note that they are there."""
        data = "".join(map(json_line, rows)).encode()
        with self._writing():
            file = self._opened()
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            self._digest.update(data)
            self._bytes += len(data)
            self._rows += len(rows)
            self._note(reached)

    def finish(self) -> None:
        """Check that every row is there, and give the file its name."""
        with self._writing():
            self._opened().close()
            if not self._is_intact():
                raise InputError(f"{self._part} was changed by something else meanwhile. Run again without --resume.")
            if self._to == "jsonl":
                os.replace(self._part, self.out)
            else:
                self._convert()
            self._progress.unlink(missing_ok=True)
            self._part.unlink(missing_ok=True)
            sync_folder(self.out.parent)

    def rows(self) -> Iterator[Row]:
        """Yield the rows written so far, those of an interrupted run among them."""
        with self._writing(), self._part.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)

    def discard(self) -> None:
        """Leave nothing behind."""
        self.__exit__()
        with self._writing():
            self._progress.unlink(missing_ok=True)
            self._part.unlink(missing_ok=True)

    def __enter__(self) -> "OutputFile":
        return self

    def __exit__(self, *_: object) -> None:
        """Close; what was written so far stays for `--resume`."""
        if self._file:
            with suppress(OSError):
                self._file.close()

    def _opened(self) -> BinaryIO:
        if self._file is None:
            raise RuntimeError("begin() comes first")
        return self._file

    def _note(self, reached: Checkpoint) -> None:
        known = {"rows": self._rows, "bytes": self._bytes, "rows_sha256": self._digest.hexdigest()}
        progress = Progress(identity=self._identity, reached=reached.model_copy(update=known))
        write_whole(self._progress, progress.model_dump_json())

    def _reopen(self) -> Checkpoint:
        try:
            progress = Progress.model_validate_json(self._progress.read_bytes())
        except ValidationError as err:
            raise InputError(f"{self._progress} cannot be read. Run again without --resume.") from err
        if changed := progress.identity.differences(self._identity):
            raise InputError(
                f"Cannot go on with {self._part}: {' and '.join(changed)} changed since. "
                "Run again without --resume to start over."
            )
        reached = progress.reached
        if _digest(self._part, reached.bytes).hexdigest() != reached.rows_sha256:
            raise InputError(f"{self._part} is not as the interrupted run left it. Run again without --resume.")
        self._continue_after(reached)
        return reached

    def _continue_after(self, reached: Checkpoint) -> None:
        self._digest = _digest(self._part, reached.bytes)
        self._file = self._part.open("r+b")
        self._file.truncate(reached.bytes)
        self._file.seek(reached.bytes)
        self._bytes, self._rows = reached.bytes, reached.rows

    def _convert(self) -> None:
        try:
            with open_new(self._new, private=self._private) as stream:
                if self._to == "csv":
                    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
                    write_csv(self.rows(), text, self._columns)
                    text.detach()
                else:
                    write_parquet(self.rows(), stream, self._columns)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(self._new, self.out)
        finally:
            self._new.unlink(missing_ok=True)

    def _is_intact(self) -> bool:
        if self._part.stat().st_size != self._bytes:
            return False
        return _digest(self._part, self._bytes).hexdigest() == self._digest.hexdigest()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as err:
            kept = f" {self._rows} results are kept; run again with --resume to go on." if self._rows else ""
            raise OutputError(f"{self.out} cannot be written ({err.strerror or type(err).__name__}).{kept}") from err


def _digest(path: Path, length: int) -> "hashlib._Hash":
    """Return the SHA-256 of the first `length` bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while length > 0 and (block := file.read(min(length, 1 << 20))):
            digest.update(block)
            length -= len(block)
    return digest
