"""The options that say how a journal is read, the same for every command that reads one."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import click

from afterword_model.errors import ConfigError
from afterword_serving.journals import READERS, ReadOptions
from afterword_serving.journals.dates import known_zone
from afterword_serving.journals.reader import SPLITS, Split

Result = TypeVar("Result")

_OPTIONS = (
    click.option(
        "--from",
        "source_format",
        type=click.Choice([reader.name for reader in READERS]),
        help="Format of INPUT; else found out.",
    ),
    click.option("--text-column", help="Column or field that holds the text."),
    click.option("--id-column", help="Column or field that holds the id."),
    click.option("--date-column", help="Column or field that holds the date."),
    click.option(
        "--split",
        type=click.Choice(SPLITS),
        default="whole",
        show_default=True,
        help="Where text files are cut: nowhere, at lines of ---, ***, ___ or ===, or at lines that begin with a date.",
    ),
    click.option(
        "--timezone",
        metavar="ZONE",
        help="Your time zone, as Europe/London, for times that a journal tells without theirs.",
    ),
)


def reading_options(command: Callable[..., Result]) -> Callable[..., Result]:
    """Return `command` with these options, which reach it as one argument, `reading`."""

    @wraps(command)
    def reading_first(
        *arguments: object,
        source_format: str | None,
        text_column: str | None,
        id_column: str | None,
        date_column: str | None,
        split: Split,
        timezone: str | None,
        **options: object,
    ) -> Result:
        reading = ReadOptions(source_format, text_column, id_column, date_column, split, _known(timezone))
        return command(*arguments, reading=reading, **options)

    for option in reversed(_OPTIONS):
        option(reading_first)
    return reading_first


def _known(zone: str | None) -> str | None:
    try:
        return known_zone(zone) if zone else None
    except ValueError as err:
        raise ConfigError(f"There is no time zone {zone}. Name it by area and city, as Europe/London.") from err
