"""What a reader is: the one thing to write for a new format."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from afterword_serving.entry import Entry, Item, Origin, Skip, path_digest
from afterword_serving.journals.source import Source
from afterword_serving.journals.tidy import tidy, tidy_line

Split = Literal["whole", "rules", "dates"]
SPLITS: tuple[Split, ...] = ("whole", "rules", "dates")
"""How a plain text is cut into entries: not at all, at lines of `---` or `***`, at lines that begin with a date."""


@dataclass(frozen=True)
class ReadOptions:
    """What users may say about their files; None means: find out."""

    format: str | None = None
    text_column: str | None = None
    id_column: str | None = None
    date_column: str | None = None
    split: Split = "whole"
    timezone: str | None = None
    """IANA name of the zone to take where a journal tells a time without its zone."""
    group_column: str | None = None
    """Column that says what belongs together; nothing of it is read unless it is named."""


class Reader(Protocol):
    """Reads one format. Where a time is known and its zone is not, `Entry.written_at` is naive still."""

    name: str
    """As in `--from`."""
    app: str
    """What it is called by people."""
    export: str
    """Where in the app's menus to export it."""

    def matches(self, source: Source) -> bool:
        """Return whether `source` is of this format, judged by content."""
        ...

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the entries in order and everything that was left out; a bad entry never ends the file."""
        ...


def make_entry(
    source: Source,
    reader: str,
    locator: str,
    text: str,
    *,
    id: str | None = None,
    written_at: datetime | None = None,
    local_date: date | None = None,
    tz: str | None = None,
    title: str | None = None,
    prompt: str | None = None,
    tags: tuple[str, ...] = (),
    group: str | None = None,
) -> Entry | Skip:
    """Return the entry with its text tidied, or `empty` when no text is left.

    Without an `id` of the app's own it is made of the file and the place in it: its name where the user named this
    very file, else a digest of its path within the export, since the path may hold a note's title.
    """
    tidied = tidy(text)
    origin = Origin(reader, source.file, locator, source.named)
    file = source.path if source.given else path_digest(source.path)
    if not tidied:
        return Skip("empty", str(origin))
    return Entry(
        id=tidy_line(id or "") or "#".join(filter(None, (file, locator.split(" ")[-1]))),
        text=tidied,
        source=origin,
        written_at=written_at,
        local_date=local_date,
        tz=tz,
        title=tidy_line(title or "") or None,
        prompt=tidy_line(prompt or "") or None,
        tags=tuple(filter(None, (tidy_line(tag) for tag in tags))),
        group=tidy_line(group or "") or None,
    )
