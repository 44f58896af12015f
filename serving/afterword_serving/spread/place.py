"""Files and folders on this machine or in a bucket, by path or by URI, through Arrow's file systems."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast
from urllib.parse import urlsplit

import pyarrow as pa
from pyarrow import fs

from afterword_model.durable import FRESH, whole_file
from afterword_model.errors import ConfigError, InputError
from afterword_serving.journals.source import is_litter

_BUFFER = 1 << 20


@dataclass(frozen=True)
class Place:
    """One file or folder."""

    name: str
    """Its path, whole, or its URI: understood on every machine that reaches it."""
    filesystem: fs.FileSystem
    path: str

    @classmethod
    def of(cls, name: str) -> "Place":
        """Return the place that a path or a URI such as `s3://bucket/notes` names.

        Raises:
            ConfigError: the URI holds a password, which would end up in records and messages.
            InputError: there is no such kind of storage.
        """
        if "://" not in name:
            path = Path(name).resolve().as_posix()
            return cls(path, fs.LocalFileSystem(), path)
        if urlsplit(name).password or urlsplit(name).username:
            raise ConfigError("Leave name and password out of the address; set them where the storage looks for them.")
        try:
            filesystem, path = _from_uri(name)
        except (pa.ArrowException, OSError, ValueError) as err:
            raise InputError(f"{name} cannot be opened ({type(err).__name__}). Check the address.") from err
        return cls(name.rstrip("/"), filesystem, path.rstrip("/"))

    @property
    def is_local(self) -> bool:
        """Whether it lies on this machine, or on a disk mounted here."""
        return isinstance(self.filesystem, fs.LocalFileSystem)

    def beside(self, ending: str) -> "Place":
        """Return the place of the same name with `ending` added."""
        return Place(self.name + ending, self.filesystem, self.path + ending)

    def within(self, name: str) -> "Place":
        """Return a place in this folder."""
        return Place(f"{self.name}/{name}", self.filesystem, f"{self.path}/{name}")

    @property
    def is_file(self) -> bool:
        """Whether a file lies there."""
        return bool(self.filesystem.get_file_info(self.path).type == fs.FileType.File)

    @property
    def is_folder(self) -> bool:
        """Whether a folder lies there; in a bucket, whether anything has this prefix."""
        return bool(self.filesystem.get_file_info(self.path).type == fs.FileType.Directory)

    @property
    def stamp(self) -> str:
        """Size and time of the last change of the file."""
        return _stamp(self.filesystem.get_file_info(self.path))

    def files(self) -> list[tuple[str, str]]:
        """Return name within the folder and stamp of every file in it, at any depth, by name; hidden ones are not."""
        found = []
        for info in self.filesystem.get_file_info(fs.FileSelector(self.path, recursive=True)):
            name = PurePosixPath(info.path).relative_to(self.path).as_posix()
            hidden = any(part.startswith(".") for part in name.split("/"))
            if info.type == fs.FileType.File and not hidden and not is_litter(name):
                found.append((name, _stamp(info)))
        return sorted(found)

    def open(self) -> BinaryIO:
        """Return the file's bytes as a stream that can be sought in."""
        return cast(BinaryIO, io.BufferedReader(self.filesystem.open_input_file(self.path), _BUFFER))

    def read(self) -> bytes:
        """Return the file's bytes."""
        with self.open() as stream:
            return stream.read()

    @contextmanager
    def writing(self, *, private: bool = False) -> Iterator[BinaryIO]:
        """Give a stream; what was written to it appears under the name only when the block ends well.

        A private file, which holds notes' texts, may be read by nobody but its owner; in a bucket, the bucket's own
        rules say by whom.
        """
        self.filesystem.create_dir(str(PurePosixPath(self.path).parent), recursive=True)
        if self.is_local:
            with whole_file(Path(self.path), private=private) as file:
                yield file
            return
        unfinished = self.path + FRESH
        with self.filesystem.open_output_stream(unfinished) as stream:
            yield cast(BinaryIO, stream)
        self.filesystem.move(unfinished, self.path)

    def remove(self) -> None:
        """Remove the folder and all in it, if it is there."""
        if self.is_folder:
            self.filesystem.delete_dir(self.path)


@lru_cache(maxsize=1024)
def _from_uri(uri: str) -> tuple[fs.FileSystem, str]:
    """Return the file system and the path in it; finding a bucket's region asks the network, so each is asked once."""
    filesystem, path = fs.FileSystem.from_uri(uri)
    return filesystem, path


def _stamp(info: fs.FileInfo) -> str:
    return f"{info.size} {info.mtime_ns}"
