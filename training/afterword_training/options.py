"""Options that several commands share."""

from pathlib import Path

import click

CONFIG = click.option(
    "--config",
    type=click.Path(path_type=Path),
    default="training/config.toml",
    show_default=True,
    help="TOML file with every setting of a run.",
)
NOTES = click.option(
    "--notes",
    type=click.Path(path_type=Path),
    default="data/notes",
    show_default=True,
    help="Folder of labelled notes.",
)
