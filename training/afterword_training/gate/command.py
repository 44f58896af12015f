"""The command `afterword-train simulate-gate`."""

from pathlib import Path

import click

from afterword_model import Classifier
from afterword_training.config import load_config
from afterword_training.corpus import by_author, load_corpus
from afterword_training.documents import check_marks, fill
from afterword_training.gate.pairs import pairs_report
from afterword_training.gate.simulation import SETTINGS, simulate, simulation_report
from afterword_training.options import CONFIG, NOTES

TABLE, PAIRS = "gate", "gate pairs"
"""Names of the marks in the document between which the tables stand."""


@click.command("simulate-gate")
@CONFIG
@click.option("--runs", type=click.IntRange(min=1), default=1000, show_default=True, help="Challengers for each row.")
@click.option("--pairs", is_flag=True, help="Measure instead how often a model and its refitted head differ.")
@NOTES
@click.option("--model", type=click.Path(path_type=Path), help="Folder of the artifact; for --pairs.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Also write the table into this document.")
def simulate_gate_command(
    config: Path, runs: int, pairs: bool, notes: Path, model: Path | None, out: Path | None
) -> None:
    """Measure how often the gate promotes a challenger that is no better, and how often it finds one that is.

    Example: afterword-train simulate-gate -o training/README.md
    """
    settings, marks = load_config(config), PAIRS if pairs else TABLE
    if out is not None:
        check_marks(out, marks)
    if pairs:
        held = (*settings.split.validation, *settings.split.test)
        words = pairs_report(Classifier.load(model), by_author(load_corpus(notes), held))
    else:
        words = simulation_report(simulate(SETTINGS, settings.gate, runs=runs, seed=settings.seed), settings.gate)
    click.echo(words)
    if out is not None:
        fill(out, marks, words)
