"""`afterword classify`: journals in, labels out."""

import sys
from pathlib import Path
from typing import NoReturn, cast

import click
from tqdm import tqdm

from afterword_serving.journals import ReadOptions
from afterword_serving.model_options import model_options
from afterword_serving.reading_options import reading_options
from afterword_serving.run import Job, check_job, format_of, run
from afterword_serving.sinks import FORMATS, Format
from afterword_serving.summary import summarize
from afterword_serving.tally import Tally
from afterword_serving.units import UNITS, By


@click.command("classify")
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("-o", "--output", "out", help="File for the results; else standard output.")
@click.option("--to", type=click.Choice(FORMATS), help="Format of the results; else as OUT's ending says, else jsonl.")
@click.option(
    "--engine",
    type=click.Choice(("local", "ray")),
    default="local",
    show_default=True,
    help="ray: spread Parquet and JSON Lines files over machines.",
)
@click.option("--by", type=click.Choice(UNITS), default="entry", show_default=True, help="What gets a row of its own.")
@model_options
@click.option("--resume", is_flag=True, help="Go on with an interrupted run to the same OUT.")
@click.option("--include-text", is_flag=True, help="Put title and text into the results; without it they hold neither.")
@click.option(
    "--report", type=click.Path(path_type=Path), help="File for a page to look at: charts, next steps, limits."
)
@click.option("--no-prompts", is_flag=True, help="Leave the question and the kind word out of the report.")
@reading_options
@click.pass_context
def classify(
    ctx: click.Context,
    inputs: tuple[str, ...],
    out: str | None,
    to: str | None,
    engine: str,
    by: str,
    model: Path | None,
    resume: bool,
    include_text: bool,
    report: Path | None,
    no_prompts: bool,
    reading: ReadOptions,
) -> None:
    """Label each entry of a journal reflection, rumination or neither.

    INPUT is a file, a folder, or - for JSON Lines on standard input. The format is found by content: see `afterword
    formats`. Results keep the input's order: one row an entry, JSON Lines unless OUT or --to say otherwise, also on
    a terminal. Evidence counts characters of the entry's text. In CSV with --include-text an apostrophe stands before
    a text that a spreadsheet would take for a formula, and is counted. Beside OUT goes OUT.run.json, the record of the
    run.

    A file in a folder or zip may be named by its note's title. Without --include-text its path is a digest in id and
    source_file: the first 16 hexadecimal digits of the SHA-256 of the path within that folder or zip. Files that you
    name yourself, as notes/*.md does, and a journal's own ids stay as they are. What is said of files left out, here
    and in OUT.run.json, names them all the same.

    With --by passage or --by sentence each part of an entry gets a row and a label of its own: id is ENTRY#1, ENTRY#2
    and so on, entry_id the entry's id, start and end where the part lies in the entry's text. The text shown by
    --include-text is then the part's, and evidence counts from the part's start. A passage has at most 80 words.

    With --engine ray INPUT and OUT may also lie in a bucket, as s3://practice/notes; each file of Parquet or JSON Lines
    is classified whole by one worker, and --resume does only the files that are not done.

    Exit status: 0 done; 1 some entries could not be read; 2 wrong use, or nothing could be read; 70 a fault in
    Afterword; 130 stopped with Ctrl+C.

    \b
    Example:
      afterword classify dayone-export.zip -o results.csv
    """  # noqa: D301
    path = Path(out) if out else None
    to_format = cast(Format, to) if to else format_of(path)
    job = Job(inputs, path, to_format, reading, resume, include_text, report, not no_prompts, cast(By, by))
    tally = _spread(job, out, model) if engine == "ray" else _run(job, model)
    click.echo(summarize(tally), err=True)
    if out and not tally.fruitless:
        click.echo(f"Results are in {out}.", err=True)
    if report and not tally.fruitless:
        click.echo(f"The report is {report}. Open it in a browser; it needs no network.", err=True)
    ctx.exit(2 if tally.fruitless else int(tally.failed))


def _run(job: Job, model: Path | None) -> Tally:
    from afterword_model import Classifier

    check_job(job)
    classifier = Classifier.load(model)
    stdout = sys.stdout.buffer
    with _bar() as bar:
        return run(job, classifier, classifier.manifest, stdout, advance=bar.update, say=_say)


def _spread(job: Job, out: str | None, model: Path | None) -> Tally:
    from afterword_serving.spread.spread_run import check_spread, run_spread

    check_spread(job, out)
    with _bar() as bar:
        return run_spread(job, str(out), model, advance=bar.update, say=_say)


def _bar() -> "tqdm[NoReturn]":
    return tqdm(unit=" entries", disable=None)


def _say(line: str) -> None:
    click.echo(line, err=True)
