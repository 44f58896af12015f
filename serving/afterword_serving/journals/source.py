"""Where a journal lies: a file, a member of a zip, or a stream, seen by readers as one thing."""

import io
import lzma
import mimetypes
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import BinaryIO, TextIO, cast

from afterword_serving.journals.decode import Utf8Stream
from afterword_serving.journals.tidy import printable

READ_ERRORS = (OSError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError)
"""What reading a file, or a member of a zip, may raise when it is damaged or out of reach."""

HEAD = 8192
"""Bytes from which a format is told."""
LARGEST_WHOLE = 16 << 20
"""Bytes of the largest file that is read as one entry."""


@dataclass(eq=False)
class Source:
    """One file to read, wherever it lies."""

    file: str
    """Its name as users see it, with the folder or zip it lies in: `export.zip/Journal.json`."""
    path: str
    """Its name within the folder or zip: the part that stays when a journal is exported again."""
    opener: Callable[[], BinaryIO]
    named: str = ""
    """The beginning of `file` that the user named: a folder or zip around it, or all of it, as where none is said."""
    in_zip: bool = False
    around: frozenset[str] = frozenset()
    """The `path` of every file of the same zip or folder, for formats that spread over several."""
    _streams: list[Utf8Stream] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        self.file, self.path = printable(self.file), printable(self.path)
        self.named = printable(self.named) or self.file

    @property
    def given(self) -> bool:
        """Whether the user named this very file, instead of a folder or zip around it."""
        return self.named == self.file

    @property
    def suffix(self) -> str:
        """The file name's ending in lower case, with its dot."""
        return PurePosixPath(self.path).suffix.lower()

    @property
    def stem(self) -> str:
        """The file name without folders and ending."""
        return PurePosixPath(self.path).stem

    @cached_property
    def head(self) -> bytes:
        """The first bytes, up to `HEAD`."""
        with self.open() as stream:
            return stream.read(HEAD)

    @cached_property
    def head_text(self) -> str:
        """The first bytes as text."""
        return Utf8Stream(io.BytesIO(self.head)).read().decode("utf-8")

    @property
    def guessed_encoding(self) -> bool:
        """Whether a part read so far was neither marked nor valid UTF-8."""
        return any(stream.guessed for stream in self._streams)

    def open(self) -> BinaryIO:
        """Return its bytes as a stream that the caller closes."""
        return self.opener()

    def open_seekable(self) -> BinaryIO:
        """Return a stream to seek in, which the caller closes; a pipe or a zip's member is read into memory for it."""
        stream = self.open()
        if stream.seekable() and not self.in_zip:
            return stream
        with stream:
            return io.BytesIO(stream.read())

    def open_utf8(self) -> BinaryIO:
        """Return its bytes as a stream of UTF-8, whatever the encoding."""
        self._streams.append(Utf8Stream(self.open()))
        return cast(BinaryIO, io.BufferedReader(self._streams[-1], 1 << 16))

    def open_text(self) -> TextIO:
        """Return its text as a stream; line ends are left as they are."""
        return io.TextIOWrapper(cast(io.BufferedReader, self.open_utf8()), encoding="utf-8", newline="")

    def read_whole(self) -> str | None:
        """Return its text, or None when it is too large for one entry."""
        with self.open_text() as stream:
            text = stream.read(LARGEST_WHOLE + 1)
        return text if len(text) <= LARGEST_WHOLE else None


class StreamSource(Source):
    """Standard input or a pipe, which can be opened only once."""

    @cached_property
    def head(self) -> bytes:
        """What the pipe holds ready, up to `HEAD` bytes."""
        stream = self.open()
        return stream.peek(HEAD)[:HEAD] if isinstance(stream, io.BufferedReader) else b""


def is_attachment(path: str) -> bool:
    """Return whether the name says picture, sound, video, or PDF among attachments: what journals carry along."""
    kind = mimetypes.guess_type(path, strict=False)[0] or ""
    return kind.startswith(("image/", "audio/", "video/", "font/")) or bool(_ATTACHED_PDF.search(path))


def is_litter(path: str) -> bool:
    """Return whether a path is a folder's own entry, or one that file managers leave behind."""
    *folders, name = path.split("/")
    return not name or "__MACOSX" in folders or name.startswith("._") or name in _LITTER


def is_hidden(part: str) -> bool:
    """Return whether a part of a path is hidden, as settings are; a waste bin is told of, titles may begin `...`."""
    return bool(_HIDDEN.match(part))


_ATTACHED_PDF = re.compile(r"(?i)(?:^|/)(?:pdfs|attachments|media|resources)/[^/]*\.pdf$")
_HIDDEN = re.compile(r"\.(?!\.|trash$).")
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
