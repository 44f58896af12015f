"""The options that say which model reads, the same for every command that reads with one."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click

from afterword_model.errors import ConfigError

Result = TypeVar("Result")

_OPTIONS = (
    click.option("--model", type=click.Path(path_type=Path), help="Folder of another model."),
    click.option("--registry", type=click.Path(path_type=Path), help="Folder of a registry; its champion is used."),
)


def model_options(command: Callable[..., Result]) -> Callable[..., Result]:
    """Return `command` with these options, which reach it as one argument, `model`: a folder, or None for the shipped.

    Raises:
        AfterwordError: from the command, where the options do not go together or there is no such registry.
    """

    @wraps(command)
    def model_first(*arguments: object, model: Path | None, registry: Path | None, **options: object) -> Result:
        if model and registry:
            raise ConfigError("--model and --registry both say which model to use. Leave one out.")
        return command(*arguments, model=_champion(registry) if registry else model, **options)

    for option in reversed(_OPTIONS):
        option(model_first)
    return model_first


def _champion(folder: Path) -> Path:
    from afterword_model.registry import Registry  # the libraries behind a model are slow to load

    registry = Registry.open(folder)
    return registry.artifact(registry.pointer().champion)
