"""`afterword review`: the notes most worth a person's label, as tasks for a labelling tool."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import cast

import click
from tqdm import tqdm

from afterword_model.errors import ConfigError
from afterword_serving.journals import ReadOptions, read_journals
from afterword_serving.journals.inputs import check_inputs
from afterword_serving.model_options import model_options
from afterword_serving.reading_options import reading_options
from afterword_serving.review.find import Found, Search, find_tasks
from afterword_serving.review.tasks_file import TasksFile
from afterword_serving.review.tools import TOOLS, Tool
from afterword_serving.review.tools.label_studio import LABELLING_CONFIG
from afterword_serving.summary import summarize
from afterword_serving.tally import Tally


def _print_config(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        click.echo(LABELLING_CONFIG, nl=False)
        context.exit()


@click.command("review")
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(path_type=Path),
    required=True,
    help="File for the tasks. They hold the notes' texts.",
)
@click.option(
    "--to", type=click.Choice(list(TOOLS)), help="Tool to write for; else csv where OUT ends so, else label-studio."
)
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=Search.limit, show_default=True, help="Most notes to pick."
)
@click.option(
    "--random-share",
    type=click.FloatRange(0, 1),
    default=Search.random_share,
    show_default=True,
    help="Part of them drawn at random.",
)
@click.option("--seed", type=int, default=Search.seed, show_default=True, help="Start of the random draw.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@model_options
@click.option(
    "--labelling-config",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_config,
    help="Print the labelling interface for Label Studio and exit.",
)
@click.option(
    "--group-column", help="Column or field of what belongs together, as client; the tasks have it as their `group`."
)
@reading_options
@click.pass_context
def review(
    ctx: click.Context,
    inputs: tuple[str, ...],
    out: Path,
    to: str | None,
    limit: int,
    random_share: float,
    seed: int,
    force: bool,
    model: Path | None,
    group_column: str | None,
    reading: ReadOptions,
) -> None:
    """Pick the notes most worth a person's label, and write them as tasks for a labelling tool.

    Picked are notes that the model is unsure of, whose label and evidence disagree, or that are unlike those it is sure
    of; spread over files and months, none much like another; and some at random. Each task says why. The model's label
    is in it as a suggestion, never as a label. INPUT is as for `afterword classify`.

    With --group-column client what a table has in its column `client` goes into the tasks as `group`, by which
    `afterword-train retrain --group-field group` keeps each client's notes together. It goes in as it is: where it
    would name somebody, give a column of pseudonyms.

    The tasks hold the notes' texts: that is what they are for. Keep the file as you keep the journal.

    Exit status: 0 done; 1 some entries could not be read; 2 wrong use, or there was nothing to pick; 70 a fault in
    Afterword; 130 stopped with Ctrl+C.

    \b
    Example:
      afterword review dayone-export.zip -o tasks.json --limit 50
    """  # noqa: D301
    check_inputs(inputs)
    file = TasksFile(out, force=force)
    file.check(inputs)
    tally = Tally()
    reading = replace(reading, group_column=group_column)
    found, name = _find(inputs, reading, file, model, Search(limit, random_share, seed), tally)
    click.echo(summarize(tally), err=True)
    if not found.tasks:
        click.echo(f"There was no note to pick; {out} was not written.", err=True)
        ctx.exit(2)
    _check_groups(found, group_column)
    file.write(TOOLS[_tool(to, out)](found.tasks, model=name))
    click.echo(_picked(found, out), err=True)
    ctx.exit(1 if tally.failed else 0)


def _find(
    inputs: tuple[str, ...], reading: ReadOptions, file: TasksFile, model: Path | None, search: Search, tally: Tally
) -> tuple[Found, str]:
    from afterword_model import Classifier

    classifier = Classifier.load(model)
    items = read_journals(inputs, reading, exclude=file.paths)
    with tqdm(unit=" entries", disable=None) as bar:
        found = find_tasks(items, classifier, search, tally=tally, advance=bar.update)
    return found, classifier.manifest.title if classifier.manifest else "unknown"


def _check_groups(found: Found, column: str | None) -> None:
    if column and not any(task.note.group for task in found.tasks):
        raise ConfigError(
            f"None of the notes picked has anything in a column {column}. Only tables and JSON have columns: leave out "
            "--group-column for other journals."
        )


def _tool(to: str | None, out: Path) -> Tool:
    return cast(Tool, to) if to else "csv" if out.suffix.lower() == ".csv" else "label-studio"


def _picked(found: Found, out: Path) -> str:
    kinds = Counter(kind for task in found.tasks for kind in task.reasons)
    why = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    lines = [f"Picked {len(found.tasks)} of them" + (f" ({why}; a note may have several reasons)." if why else ".")]
    if found.not_english:
        lines.append(f"Passed over {found.not_english} that seem to be in another language than English.")
    lines.append(f"{out} HOLDS THE TEXTS of these notes: keep it as you keep the journal.")
    return "\n".join(lines)
