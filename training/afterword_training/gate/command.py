"""The command `afterword-train simulate-gate`."""

from pathlib import Path

import click

from afterword_model.errors import InputError
from afterword_training.config import load_config
from afterword_training.documents import fill
from afterword_training.gate.simulation import SETTINGS, simulate, simulation_report

MARKS = "gate"
"""Name of the marks in the document between which the table stands."""


@click.command("simulate-gate")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default="training/config.toml",
    show_default=True,
    help="Every number of a run; the gate's rules are in its table [gate].",
)
@click.option("--runs", type=click.IntRange(min=1), default=1000, show_default=True, help="Challengers a setting.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    help="Also write the table between the marks `gate` of this document.",
)
def simulate_gate_command(config: Path, runs: int, out: Path | None) -> None:
    """Measure how often the gate promotes a challenger that is no better, and how often it finds one that is.

    Example: afterword-train simulate-gate -o training/README.md
    """
    settings = load_config(config)
    if out is not None and f"<!-- {MARKS} -->" not in out.read_text(encoding="utf-8"):
        raise InputError(f"{out} has no marks <!-- {MARKS} --> and <!-- /{MARKS} --> to write between.")
    found = simulate(SETTINGS, settings.gate, runs=runs, seed=settings.seed)
    words = simulation_report(found, settings.gate)
    click.echo(words)
    if out is not None:
        fill(out, MARKS, words)
