"""The command `afterword-train`: makes models and judges them."""

import logging
import sys
from pathlib import Path

import click

from afterword_model import Classifier
from afterword_model.errors import AfterwordError
from afterword_training.check import check_corpus
from afterword_training.config import load_config
from afterword_training.corpus import load_corpus
from afterword_training.evaluate import evaluate
from afterword_training.tables import report
from afterword_training.train import split_corpus, train

_CONFIG = click.option(
    "--config",
    type=click.Path(path_type=Path),
    default="training/config.toml",
    show_default=True,
    help="Every number of a run.",
)
_NOTES = click.option(
    "--notes",
    type=click.Path(path_type=Path),
    default="data/notes",
    show_default=True,
    help="Folder of labelled notes.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Make models of clinicians' notes, and judge them. Everything runs on this machine."""
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)


@cli.command("train")
@_CONFIG
@_NOTES
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="Folder for the artifact.")
def train_command(config: Path, notes: Path, out: Path) -> None:
    """Train a model and write it, its card and its figures to OUT.

    Example: afterword-train train -o runs/first
    """
    evaluation = train(load_config(config), notes, out)
    click.echo(report(evaluation))


@cli.command("evaluate")
@_CONFIG
@_NOTES
@click.option("--model", type=click.Path(path_type=Path), help="Folder of the artifact; the shipped model without it.")
@click.option("--part", type=click.Choice(["validation", "test"]), default="test", show_default=True)
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Also write the figures to this JSON file.")
def evaluate_command(config: Path, notes: Path, model: Path | None, part: str, out: Path | None) -> None:
    """Print how good a model is on the validation or test authors.

    Example: afterword-train evaluate --model runs/first
    """
    settings = load_config(config)
    held = getattr(split_corpus(load_corpus(notes), settings.split), part)
    evaluation = evaluate(Classifier.load(model), held, resamples=settings.bootstrap, seed=settings.seed)
    click.echo(report(evaluation))
    if out is not None:
        out.write_text(evaluation.model_dump_json(indent=1) + "\n", encoding="utf-8")


@cli.command("check")
@_CONFIG
@_NOTES
def check_command(config: Path, notes: Path) -> None:
    """Check that the labelled notes are sound; exit with 1 and a list where they are not.

    Example: afterword-train check
    """
    problems = check_corpus(notes, load_config(config).split)
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{len(problems)} problems." if problems else "The corpus is sound.", err=True)
    sys.exit(1 if problems else 0)


def main() -> None:
    """Run the command; errors a user can act on become one line and exit status 2."""
    try:
        cli()
    except AfterwordError as err:
        click.echo(f"afterword-train: {err}", err=True)
        sys.exit(2)
