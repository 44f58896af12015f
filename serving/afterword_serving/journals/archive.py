"""Members of a zip, read in place and never unpacked to disk, with bounds that a hostile zip runs into."""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, cast

from afterword_serving.entry import Skip
from afterword_serving.journals.source import READ_ERRORS, Source, is_attachment, is_hidden, is_litter
from afterword_serving.journals.tidy import printable

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE = "[Content_Types].xml"
_PART = re.compile(r"(?i)-part-\d+\.zip")
"""How zips are named into which an app has dealt out one export."""
_LISTED = 512
"""Bytes of a member in the list that ends a zip: more than its name and what is noted of it take on average."""


@dataclass(frozen=True)
class Limits:
    """Bounds on what is read from one zip; `bytes` counts what members hold once unpacked."""

    members: int = 250_000
    bytes: int = 8 << 30
    ratio: int = 250
    ratio_from: int = 16 << 20
    """Unpacked size from which a member's compression ratio is looked at."""
    nested: int = 512 << 20
    """Size of the largest zip inside a zip."""


LIMITS = Limits()


@dataclass
class _Budget:
    """Bytes that may still be unpacked, over a zip and the zips in it."""

    bytes: int


class TooManyMembers(zipfile.BadZipFile):
    """A zip's list is longer than that of as many members as are read."""


def is_archive(source: Source) -> bool:
    """Return whether `source` is a zip of files, and not an office document, which is a zip too."""
    if not source.head.startswith(MAGIC):
        return False
    first = source.head[30 : 30 + int.from_bytes(source.head[26:28], "little")]
    return first != _OFFICE.encode() and not (first == b"mimetype" and b"mimetypeapplication/vnd" in source.head)


@contextmanager
def unzipped(source: Source, most: int) -> Iterator[zipfile.ZipFile]:
    """Give the zip in `source`, whose list of members is read only where it is no longer than that of `most`.

    Raises:
        TooManyMembers: it is longer; in memory each member takes hundreds of bytes.
        ValueError: a name or a place that cannot be, of a member in its list; else as `READ_ERRORS` lists.
    """
    with source.open_seekable() as stream:
        end = zipfile._EndRecData(stream)  # type: ignore[attr-defined]  # by it ZipFile itself finds the list
        if end and end[zipfile._ECD_SIZE] > most * _LISTED:  # type: ignore[attr-defined]
            raise TooManyMembers
        with zipfile.ZipFile(stream) as archive:
            yield archive


def members(source: Source, *, limits: Limits = LIMITS) -> Iterator[Source | Skip]:
    """Yield the files of the zip in `source`, by name, and what was left out.

    A zip in a zip is looked into; a third one in that is not.
    """
    yield from _members(source, limits, _Budget(limits.bytes), depth=0)


def _members(
    source: Source, limits: Limits, budget: _Budget, *, depth: int, beside: frozenset[str] = frozenset()
) -> Iterator[Source | Skip]:
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(unzipped(source, limits.members))
        except TooManyMembers:
            yield Skip("unsafe_zip", source.file, f"its list of files is too long; up to {limits.members} are read")
            return
        except (*READ_ERRORS, ValueError):
            yield Skip("unreadable", source.file, "the zip is damaged or cut short; download it again")
            return
        if _OFFICE in archive.namelist():  # some programs write this member last
            yield source
        elif depth > 1:
            yield Skip("unsafe_zip", source.file, "it is a zip in a zip in a zip; unpack the outer one")
        else:
            yield from _Archive(source, archive, limits, budget, beside).members(depth)


class _Archive:
    def __init__(
        self, outer: Source, archive: zipfile.ZipFile, limits: Limits, budget: _Budget, beside: frozenset[str]
    ) -> None:
        self.outer, self.archive, self.limits, self.budget = outer, archive, limits, budget
        self.beside = beside
        """Files of the other zips into which the export was dealt out."""

    def members(self, depth: int) -> Iterator[Source | Skip]:
        count = len(self.archive.infolist())
        if count > self.limits.members:
            yield Skip("unsafe_zip", self.outer.file, f"it lists {count} files; up to {self.limits.members} are read")
            return
        named = ((name_of(info), info) for info in self.archive.infolist())
        listed = {
            name: info for name, info in named if not is_litter(name) and not any(map(is_hidden, name.split("/")))
        }
        around = frozenset(listed) | self.beside
        if not depth:
            self.beside = self._dealt_out({name: info for name, info in listed.items() if _PART.search(name)})
        for name in sorted(name for name in listed if not is_attachment(name)):
            yield from self._member(name, listed[name], around, depth)

    def _member(self, name: str, info: zipfile.ZipInfo, around: frozenset[str], depth: int) -> Iterator[Source | Skip]:
        if refusal := self._refusal(name, info):
            yield refusal
            return
        self.budget.bytes -= info.file_size
        source = self._source(name, info, around)
        try:
            zipped = is_archive(source)
        except (*READ_ERRORS, ValueError):  # its name is another one here than in the list
            yield Skip("unreadable", source.file, "damaged or cut short")
            return
        if not zipped:
            yield source
        elif info.file_size > self.limits.nested:
            yield Skip("too_large", source.file, "unpack the zip around it and give the folder")
        else:
            yield from _members(source, self.limits, self.budget, depth=depth + 1, beside=self.beside)

    def _dealt_out(self, parts: dict[str, zipfile.ZipInfo]) -> frozenset[str]:
        """Return the names of the files in all parts of an export, as far as the bounds on what is read reach.

        Of one part they are known without looking.
        """
        found: set[str] = set()
        room = self.budget.bytes
        for name, info in parts.items() if len(parts) > 1 else ():
            if info.file_size > min(self.limits.nested, room) or self._refusal(name, info):
                continue
            room -= info.file_size
            source = self._source(name, info, frozenset())
            with suppress(*READ_ERRORS, ValueError), unzipped(source, self.limits.members - len(found)) as part:
                found.update(each for member in part.infolist() if not is_litter(each := name_of(member)))
        return frozenset(found)

    def _source(self, name: str, info: zipfile.ZipInfo, around: frozenset[str]) -> Source:
        path = f"{self.outer.path}/{name}" if self.outer.in_zip or not self.outer.given else name
        opener = cast(Callable[[], BinaryIO], partial(self.archive.open, info))
        return Source(f"{self.outer.file}/{name}", path, opener, in_zip=True, around=around, named=self.outer.named)

    def _refusal(self, name: str, info: zipfile.ZipInfo) -> Skip | None:
        where = printable(f"{self.outer.file}/{name}")
        if info.flag_bits & 0x1:
            return Skip("encrypted", where)
        if not is_bounded(info):
            return Skip("unsafe_zip", where, "it is packed in an unusual way; zip it again")
        if info.file_size > self.limits.ratio_from and info.file_size > self.limits.ratio * max(info.compress_size, 1):
            return Skip("unsafe_zip", where, f"it unpacks to more than {self.limits.ratio} times its size")
        if info.file_size > self.budget.bytes:
            return Skip("unsafe_zip", where, f"the zip unpacks to more than {self.limits.bytes >> 20} MB")
        return None


def is_bounded(info: zipfile.ZipInfo) -> bool:
    """Return whether a member unpacks to the size that it states: of other methods Python unpacks all at once."""
    return info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def name_of(info: zipfile.ZipInfo) -> str:
    """Return a member's name; macOS writes UTF-8 without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename
