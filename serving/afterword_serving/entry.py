"""What readers make of a journal: entries, and word of what was left out."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

SkipReason = Literal[
    "empty",
    "media_only",
    "trashed",
    "template",
    "encrypted",
    "bad_json",
    "bad_row",
    "no_text_column",
    "ambiguous_text_column",
    "no_id_column",
    "no_date_column",
    "no_group_column",
    "unknown_format",
    "unreadable",
    "unsafe_zip",
    "too_large",
    "not_classified",
]

HARMLESS: frozenset[SkipReason] = frozenset({"empty", "media_only", "trashed", "template"})
"""Reasons that mean there was nothing to read, not that reading failed."""

NoticeKind = Literal["encoding_guessed", "bad_date", "ambiguous_date", "bad_time_zone", "bad_front_matter"]


@dataclass(frozen=True)
class Origin:
    """Where an entry was found; `locator` says where in the file, as `row 12` or `entry 3`."""

    format: str
    file: str
    locator: str = ""
    named: str = ""
    """The beginning of `file` that is the user's own: a folder or zip, or all of it; empty where that is not known."""

    def __str__(self) -> str:
        return f"{self.file}, {self.locator}" if self.locator else self.file

    @property
    def untitled_file(self) -> str:
        """`file` with a digest for its path in the folder or zip that was named: apps name files by notes' titles."""
        path = self.file.removeprefix(self.named).removeprefix("/")
        return f"{self.named}/{path_digest(path)}" if self.named and path else self.file


def path_digest(path: str) -> str:
    """Return 16 hexadecimal digits that stand for a path, in every run the same."""
    return hashlib.sha256(path.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Entry:
    """One item of a journal, its text tidied and never empty."""

    id: str
    """Stays the same when the journal is exported again."""
    text: str = field(repr=False)
    source: Origin
    written_at: datetime | None = None
    """Aware, in the entry's own time zone; None when no time of day, or no zone, is known."""
    local_date: date | None = None
    """The day as the writer's calendar showed it."""
    tz: str | None = None
    """IANA name of the time zone."""
    title: str | None = field(default=None, repr=False)
    prompt: str | None = field(default=None, repr=False)
    """The app's question: not the writer's words, so not part of `text`."""
    tags: tuple[str, ...] = field(default=(), repr=False)
    group: str | None = field(default=None, repr=False)
    """Who or what it belongs to, as a client, where the user named the column that says so."""


@dataclass(frozen=True)
class Skip:
    """Something that was left out; `where` and `detail` never hold a note's text."""

    reason: SkipReason
    where: str
    detail: str = ""


@dataclass(frozen=True)
class Notice:
    """Something that was read all the same, though not all about it was in order."""

    kind: NoticeKind
    where: str


Item = Entry | Skip | Notice
