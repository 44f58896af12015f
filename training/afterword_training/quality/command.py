"""The command `afterword-train simulate-label-errors`."""

from pathlib import Path

import click

from afterword_model import Classifier
from afterword_model.errors import ConfigError
from afterword_training.config import load_config, part_of
from afterword_training.corpus import load_corpus
from afterword_training.documents import check_marks, fill
from afterword_training.evaluate import model_name
from afterword_training.options import CONFIG, NOTES
from afterword_training.quality.simulation import clinic, simulation_table

MARK = "label errors"
"""Name of the marks in the document between which the table stands."""


@click.command("simulate-label-errors")
@CONFIG
@NOTES
@click.option("--model", type=click.Path(path_type=Path), help="Folder of the artifact; the shipped model without it.")
@click.option("--author", help="An author the model was trained on, measured beside those it was not.")
@click.option(
    "--draws", type=click.IntRange(min=1), default=10, show_default=True, help="How often labels are drawn wrong."
)
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Also write the table into this document.")
def simulate_label_errors_command(
    config: Path, notes: Path, model: Path | None, author: str | None, draws: int, out: Path | None
) -> None:
    """Make labels of the test authors wrong at random, and measure how many of them the quality report finds.

    Example: afterword-train simulate-label-errors --author G -o training/README.md
    """
    if out is not None:
        check_marks(out, MARK)
    settings, corpus, classifier = load_config(config), load_corpus(notes), Classifier.load(model)
    if author is not None and (author not in corpus["author"] or part_of(author, settings.split) != "train"):
        raise ConfigError(f"{author} is no author that the model was trained on. Name one of those.")
    kinds = {"new authors": [clinic(corpus, name, classifier) for name in settings.split.test]}
    if author is not None:
        kinds[f"author {author}, trained on"] = [clinic(corpus, author, classifier)]
    found = simulation_table(kinds, draws=draws, seed=settings.seed)
    words = f"The model in use is {model_name(classifier)}:\n\n{found}"
    click.echo(words)
    if out is not None:
        fill(out, MARK, words)
