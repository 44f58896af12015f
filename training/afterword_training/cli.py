"""The command `afterword-train`: makes models and judges them."""

import functools
import logging
import sys
from collections.abc import Callable
from pathlib import Path

import click

from afterword_model import Classifier
from afterword_model.errors import AfterwordError, ConfigError, places
from afterword_training.bench_http import Bench, bench_http
from afterword_training.bench_http.bench import MARK
from afterword_training.check import check_corpus
from afterword_training.compare import Comparison, compare
from afterword_training.config import Config, baseline_of, load_config
from afterword_training.corpus import corpus_sha256, load_corpus
from afterword_training.data_card import write_data_card
from afterword_training.documents import check_marks, fill, write_documents
from afterword_training.drift_command import drift_command
from afterword_training.evaluate import evaluate, trained_otherwise
from afterword_training.experiment import cross_validate, run_experiment
from afterword_training.extras import check_torch
from afterword_training.gate.command import simulate_gate_command
from afterword_training.options import CONFIG, NOTES
from afterword_training.passages import load_passages
from afterword_training.peers import PEERS
from afterword_training.places import Places, check_results
from afterword_training.quality.command import simulate_label_errors_command
from afterword_training.registry_command import REGISTRY_COMMANDS
from afterword_training.retrain_command import retrain_command
from afterword_training.tables import report
from afterword_training.train import evaluate_held_out, split_corpus, train

log = logging.getLogger(__name__)

_STOPPED, _FAULT = 130, 70
"""Exit statuses: 130 as shells have it for Ctrl+C, 70 as of BSD's sysexits."""

_BASE = click.option(
    "--base", type=click.Path(path_type=Path), help="Folder with the base encoder's files; else they are looked for."
)
_WORK = click.option(
    "--work",
    type=click.Path(path_type=Path),
    help="Folder for checkpoints: after an interruption the same command goes on. Delete it when the model is made.",
)
_TEACHER = click.option(
    "--teacher", type=click.Path(path_type=Path), help="Folder with the teacher's files, where the settings want one."
)
_BASELINE = click.option(
    "--baseline", is_flag=True, help="TF-IDF and logistic regression instead of the encoder: seconds, no torch."
)


def _with_places(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that name folders of a training, gathered as its argument `places`."""

    @_BASE
    @_TEACHER
    @_WORK
    @functools.wraps(command)
    def gathered(base: Path | None, teacher: Path | None, work: Path | None, **others: object) -> None:
        command(places=Places(base, teacher, work), **others)

    return gathered


class _Commands(click.Group):
    """A group in which Ctrl+C ends with a status of its own: with click's, 1, `check` says that it found something."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            ctx.exit(_STOPPED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Make models of clinicians' notes, and judge them. Everything runs on this machine."""
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)


@cli.command("train")
@CONFIG
@NOTES
@_with_places
@_BASELINE
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="Folder for the artifact.")
def train_command(config: Path, notes: Path, places: Places, baseline: bool, out: Path) -> None:
    """Train a model and write it, its card and its figures to OUT.

    Example: afterword-train train -o runs/first
    """
    settings = _settings(config, baseline=baseline)
    check_results(out)
    evaluation = train(settings, notes, out, places=places)
    click.echo(report(evaluation))


@cli.command("evaluate")
@CONFIG
@NOTES
@click.option("--model", type=click.Path(path_type=Path), help="Folder of the artifact; the shipped model without it.")
@click.option("--part", type=click.Choice(["validation", "test"]), default="test", show_default=True)
@click.option(
    "--passages", type=click.Path(path_type=Path), help="Measure on this JSON Lines file (text, label) instead."
)
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Also write the figures to this JSON file.")
def evaluate_command(
    config: Path, notes: Path, model: Path | None, part: str, passages: Path | None, out: Path | None
) -> None:
    """Print how good a model is on the validation or test authors, or on labelled texts of your own.

    Example: afterword-train evaluate --model runs/first
    """
    settings = load_config(config)
    held = load_passages(passages) if passages else getattr(split_corpus(load_corpus(notes), settings.split), part)
    classifier = Classifier.load(model)
    assert classifier.manifest is not None  # as it was loaded
    if passages is None and (doubt := trained_otherwise(classifier.manifest, settings, corpus_sha256(notes))):
        log.warning("This model was trained %s: if it learned from these authors, its figures are flattered.", doubt)
    if passages:
        evaluation = evaluate(classifier, held, resamples=settings.bootstrap, seed=settings.seed)
    else:
        evaluation = evaluate_held_out(classifier, held, settings, notes)
    click.echo(report(evaluation))
    if out is not None:
        out.write_text(evaluation.model_dump_json(indent=1) + "\n", encoding="utf-8")


@cli.command("try")
@click.argument("name")
@CONFIG
@NOTES
@_with_places
@_BASELINE
@click.option(
    "--folds", type=click.IntRange(2), help="Judge by so many folds of authors instead of the validation authors."
)
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting to change; may be repeated.")
@click.option("--passages", type=click.Path(path_type=Path), help="Also measure on this JSON Lines file (text, label).")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="Also keep the artifact, with its test figures, here."
)
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    default="training/experiments.jsonl",
    show_default=True,
    help="The line is added to this file.",
)
def try_command(
    name: str,
    config: Path,
    notes: Path,
    places: Places,
    baseline: bool,
    folds: int | None,
    settings: tuple[str, ...],
    passages: Path | None,
    out: Path | None,
    record: Path,
) -> None:
    """Fit with some settings changed and record what it brings on the validation authors.

    Example: afterword-train try "six epochs" --set encoder.epochs=6
    """
    chosen = _settings(config, baseline=baseline)
    check_results(out, record)
    if folds is None:
        texts = load_passages(passages) if passages else None
        experiment = run_experiment(name, chosen, settings, notes, places=places, passages=texts, out=out)
    elif passages or out:
        raise ConfigError("--folds fits several models; it goes with neither --passages nor --out.")
    else:
        experiment = cross_validate(name, chosen, settings, notes, folds=folds, places=places)
    click.echo(experiment.model_dump_json(indent=1))
    record.parent.mkdir(parents=True, exist_ok=True)
    with record.open("a", encoding="utf-8") as file:
        file.write(experiment.model_dump_json() + "\n")


@cli.command("compare")
@CONFIG
@NOTES
@_BASE
@click.option("--model", type=click.Path(path_type=Path), help="Folder of the artifact; the shipped model without it.")
@click.option("--peers", default=",".join(PEERS), show_default=True, help="Which, with commas between.")
@click.option("--limit", type=click.IntRange(min=10), help="Use so many notes of each part, for a quick trial.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    help="The page's file: training/RESULTS.md; with --limit or not all peers, none.",
)
def compare_command(
    config: Path, notes: Path, base: Path | None, model: Path | None, peers: str, limit: int | None, out: Path | None
) -> None:
    """Measure other ways to label notes beside a trained model: same splits, one run, one table.

    Example: afterword-train compare --model runs/first
    """
    names = tuple(name.strip() for name in peers.split(",") if name.strip())
    page = out or (None if limit or set(names) != set(PEERS) else Path("training/RESULTS.md"))
    click.echo(compare(Comparison(config, notes, peers=names, model=model, base=base, limit=limit), page))


@cli.command("bench-http")
@CONFIG
@NOTES
@click.option("--model", type=click.Path(path_type=Path), help="Folder of the artifact; the shipped model without it.")
@click.option(
    "--mlserver", type=click.Path(path_type=Path), help="Python of an environment with mlserver and mlserver-sklearn."
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    default=20,
    show_default=True,
    help="Seconds that each measurement lasts.",
)
@click.option("--clients", default="1,8,64", show_default=True, help="How many at once, with commas between.")
@click.option("--sizes", default="1,64", show_default=True, help="Notes in a request, with commas between.")
@click.option("--trial", is_flag=True, help="Print the figures and write them nowhere.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default="serving/README.md",
    show_default=True,
    help="The document that has the marks.",
)
def bench_http_command(
    config: Path,
    notes: Path,
    model: Path | None,
    mlserver: Path | None,
    seconds: float,
    clients: str,
    sizes: str,
    trial: bool,
    out: Path,
) -> None:
    """Put the service under load, beside a plain FastAPI endpoint and MLServer, and write the figures to its README.

    Example: afterword-train bench-http --mlserver .venv-mlserver/bin/python
    """
    bench = Bench(config, notes, model, mlserver, seconds, _counts(clients), _counts(sizes))
    if not trial:
        check_marks(out, MARK)
    found = bench_http(bench)
    if not trial:
        fill(out, MARK, found)
    click.echo(found)


@cli.command("document")
@click.option("--root", type=click.Path(path_type=Path), default=".", help="Folder of the project.")
def document_command(root: Path) -> None:
    """Put the corpus's sizes, the shipped model's figures and the record of experiments into the documents.

    Example: afterword-train document
    """
    card = root / "data/README.md"
    if write_data_card(card, root / "data/notes", load_config(root / "training/config.toml").split):
        click.echo(f"{card} was brought up to date.", err=True)
    for document in write_documents(root):
        click.echo(f"{document} was brought up to date.", err=True)


@cli.command("check")
@CONFIG
@NOTES
def check_command(config: Path, notes: Path) -> None:
    """Check that the labelled notes are sound; exit with 1 and a list where they are not.

    Example: afterword-train check
    """
    problems = check_corpus(notes, load_config(config).split)
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{len(problems)} problems." if problems else "The corpus is sound.", err=True)
    sys.exit(1 if problems else 0)


def _counts(words: str) -> tuple[int, ...]:
    try:
        counts = tuple(int(word) for word in words.split(","))
    except ValueError:
        counts = ()
    if not counts or min(counts) < 1:
        raise ConfigError("--clients and --sizes take whole numbers from 1 on, with commas between.")
    return counts


def _settings(config: Path, *, baseline: bool) -> Config:
    settings = load_config(config)
    if baseline:
        return baseline_of(settings)
    if settings.encoder:
        check_torch("Training without --baseline")
    return settings


for command in (
    *REGISTRY_COMMANDS,
    retrain_command,
    simulate_gate_command,
    drift_command,
    simulate_label_errors_command,
):
    cli.add_command(command)


def main() -> None:
    """Run the command; errors a user can act on become one line and exit status 2.

    A fault of ours ends in 70, told by its places in the code: its message could hold a note.
    """
    try:
        cli()
    except AfterwordError as err:
        click.echo(f"afterword-train: {err}", err=True)
        sys.exit(2)
    except OSError as err:
        click.echo(f"afterword-train: {err.filename or 'A file'}: {err.strerror or type(err).__name__}.", err=True)
        sys.exit(2)
    except Exception as err:
        where = ", from ".join(places(err)[:3])
        click.echo(f"{type(err).__name__}: a fault in Afterword ({where}). Please report it.", err=True)
        sys.exit(_FAULT)
