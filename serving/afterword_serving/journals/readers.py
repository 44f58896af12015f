"""All readers, the order in which they are asked, and the one way to read anything."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from afterword_model.errors import AfterwordError, ConfigError, places
from afterword_serving.entry import Entry, Item, Notice, Skip
from afterword_serving.journals import beside, notion
from afterword_serving.journals.apple_journal import AppleJournal
from afterword_serving.journals.csv_table import CsvTable
from afterword_serving.journals.dates import in_users_zone
from afterword_serving.journals.day_one import DayOne
from afterword_serving.journals.day_one_classic import DayOneClassic
from afterword_serving.journals.day_one_plain import DayOnePlain
from afterword_serving.journals.daylio import Daylio
from afterword_serving.journals.diarium import Diarium
from afterword_serving.journals.docx import Docx
from afterword_serving.journals.google_keep import GoogleKeep
from afterword_serving.journals.inputs import sources
from afterword_serving.journals.journey import Journey
from afterword_serving.journals.jrnl import Jrnl
from afterword_serving.journals.json_document import JsonDocument
from afterword_serving.journals.json_lines import JsonLines
from afterword_serving.journals.markdown import Markdown
from afterword_serving.journals.notion import Notion
from afterword_serving.journals.parquet import Parquet
from afterword_serving.journals.plain_text import PlainText
from afterword_serving.journals.reader import Reader, ReadOptions
from afterword_serving.journals.refusals import advice
from afterword_serving.journals.simplenote import Simplenote
from afterword_serving.journals.source import READ_ERRORS, Source, StreamSource, is_attachment
from afterword_serving.journals.standard_notes import StandardNotes

READERS: tuple[Reader, ...] = (
    DayOne(),
    DayOnePlain(),
    DayOneClassic(),
    AppleJournal(),
    Notion(),
    Daylio(),
    Jrnl(),
    GoogleKeep(),
    Simplenote(),
    StandardNotes(),
    Journey(),
    Diarium(),
    Docx(),
    Parquet(),
    JsonLines(),
    JsonDocument(),
    Markdown(),
    CsvTable(),
    PlainText(),
)
"""Asked in this order: particular formats first, plain text last."""


def reader_named(name: str) -> Reader:
    """Return the reader of a format.

    Raises:
        ConfigError: there is no such format.
    """
    for reader in READERS:
        if reader.name == name:
            return reader
    raise ConfigError(f"There is no format {name}. Known are {', '.join(reader.name for reader in READERS)}.")


def read_journals(
    inputs: Sequence[str], options: ReadOptions | None = None, *, exclude: frozenset[Path] = frozenset()
) -> Iterator[Item]:
    """Yield the entries of files, folders and `-` (standard input) in order, and word of all that was left out.

    Args:
        inputs: as a user names them.
        options: what the user says about them.
        exclude: resolved paths to pass over in folders.
    """
    options = options or ReadOptions()
    for source in sources(inputs, exclude=exclude):
        if isinstance(source, Skip):
            yield source
        else:
            yield from read_source(source, options)


def read_source(source: Source, options: ReadOptions) -> Iterator[Item]:
    """Yield what one file holds; a fault of its reader ends that file alone."""
    if not source.given and is_attachment(source.path):
        return
    try:
        reader = detect(source, options.format)
        if reader:
            for item in reader.read(source, options):
                yield from _in_zone(item, options.timezone, source)
        else:
            yield Skip("unknown_format" if source.head.strip() else "empty", source.file, advice(source))
    except READ_ERRORS as err:
        yield Skip(
            "unreadable", source.file, err.strerror or "" if isinstance(err, OSError) else "damaged or cut short"
        )
    except AfterwordError:
        raise
    except Exception as err:  # whatever one file does to a reader, the others must not pay for it
        where = f"{type(err).__name__} at {places(err)[0]}"
        yield Skip("unreadable", source.file, f"a fault in Afterword ({where}); please report it")
    if source.guessed_encoding:
        yield Notice("encoding_guessed", source.file)


def _in_zone(item: Item, zone: str | None, source: Source) -> Iterator[Item]:
    """Yield an entry with its time on the user's clock, and anything else as it is."""
    if not isinstance(item, Entry) or item.tz or item.written_at is None:
        yield item
        return
    try:
        moment = in_users_zone(item.written_at, zone)
    except OverflowError:  # some programs write the first or the last moment there is for none
        yield Notice("bad_date", source.file)
        moment = None
    if moment is item.written_at:
        yield item
    elif moment is None:
        yield replace(item, written_at=None)
    else:
        yield replace(item, written_at=moment, local_date=moment.date(), tz=zone)


def forget_names() -> None:
    """Drop the names of files, titles of notes among them, that readers keep while they go through a zip or folder."""
    notion.forget()
    beside.forget()


def detect(source: Source, forced: str | None = None) -> Reader | None:
    """Return the reader for `source`, or None. A `forced` format is taken at its word for a file the user named."""
    if forced:
        reader = reader_named(forced)
        return reader if source.given or reader.matches(source) else None
    if isinstance(source, StreamSource):
        return reader_named(JsonLines.name)
    return next((reader for reader in READERS if reader.matches(source)), None)
