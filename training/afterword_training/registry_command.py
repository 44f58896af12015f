"""`afterword-train models`, `promote`, `rollback` and `diff`: which models there are, and which one is in use."""

from pathlib import Path

import click
from tqdm import tqdm

from afterword_model import Classifier
from afterword_model.errors import OutputError
from afterword_model.registry import CHAMPION_NAME, Registry
from afterword_training.diff import Diff, diff, diff_report
from afterword_training.models_table import models_table
from afterword_training.registry import Change, add, promote, rollback
from afterword_training.texts import read_texts

REGISTRY = click.option(
    "--registry",
    type=click.Path(path_type=Path),
    default="registry",
    show_default=True,
    help="Folder of the models and of the pointer to the one in use.",
)


@click.command("models")
@REGISTRY
def models_command(registry: Path) -> None:
    """List the models of a registry and tell which one is in use.

    Example: afterword-train models
    """
    click.echo(models_table(Registry(registry)))


@click.command("promote")
@click.argument("name", metavar="MODEL")
@REGISTRY
def promote_command(name: str, registry: Path) -> None:
    """Put a model to use: MODEL becomes the champion, and a server that runs on the registry takes it up.

    MODEL is a name that `models` lists, `shipped`, or the folder of a model, which is first copied into the registry.

    Example: afterword-train promote afterword-team-2
    """
    version = add(registry, Path(name)) if _is_folder(Registry(registry), name) else name
    _tell(promote(registry, version), registry)


@click.command("rollback")
@REGISTRY
def rollback_command(registry: Path) -> None:
    """Go back to the model that was in use before the present one; again, and it goes back further.

    Example: afterword-train rollback
    """
    _tell(rollback(registry), registry)


@click.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@REGISTRY
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="Also write the changed rows to this JSON Lines file."
)
def diff_command(before: str, after: str, inputs: tuple[Path, ...], registry: Path, out: Path | None) -> None:
    """List by id the notes of INPUT that model B labels otherwise than model A; their words are not shown.

    A and B are names that `models` lists, `shipped`, `champion`, or folders of models. INPUT is JSON Lines, CSV or
    Parquet with a column `text` and perhaps `id`, or a folder of JSON Lines. Of any other journal, `afterword classify
    JOURNAL --include-text -o notes.jsonl` makes one.

    Example: afterword-train diff shipped champion data/notes/H.jsonl
    """
    texts = read_texts(inputs)
    old, new = _load(Registry(registry), before), _load(Registry(registry), after)
    with tqdm(total=len(texts), unit=" notes", disable=None) as bar:
        found = diff(old, new, texts, advance=bar.update)
    click.echo(diff_report(found, before, after))
    if out is not None:
        _write(out, found)


REGISTRY_COMMANDS = (models_command, promote_command, rollback_command, diff_command)


def _load(registry: Registry, name: str) -> Classifier:
    if _is_folder(registry, name):
        return Classifier.load(name)
    return registry.load(registry.pointer().champion if name == CHAMPION_NAME else name)


def _is_folder(registry: Registry, name: str) -> bool:
    return name not in registry.names() and Path(name).is_dir()


def _write(out: Path, found: Diff) -> None:
    try:
        out.write_text("".join(f"{row.model_dump_json()}\n" for row in found.relabelled), encoding="utf-8")
    except OSError as err:
        raise OutputError(
            f"{out} cannot be written ({err.strerror or type(err).__name__}). What it would hold is told above."
        ) from err


def _tell(change: Change, registry: Path) -> None:
    if change.before == change.after:
        click.echo(f"{change.after} is the champion of {registry} already.")
    else:
        click.echo(f"{change.after} is now the champion of {registry}; before it was {change.before}.")
