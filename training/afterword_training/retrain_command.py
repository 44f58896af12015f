"""`afterword-train retrain`: a better model from a team's own labelled notes, or word that there is none."""

from pathlib import Path

import click

from afterword_model.labels import LABELS, Label
from afterword_training.config import load_config
from afterword_training.extras import check_torch
from afterword_training.gate import Decision, verdict_report
from afterword_training.labelled import FORMATS, LabelOptions, label_map
from afterword_training.options import CONFIG, NOTES
from afterword_training.refit import MODES
from afterword_training.registry import checked_name
from afterword_training.registry_command import REGISTRY
from afterword_training.retrain import Outcome, Request, retrain


@click.command("retrain")
@click.argument("files", metavar="NEW...", nargs=-1, required=True, type=click.Path(path_type=Path))
@REGISTRY
@click.option(
    "--mode",
    type=click.Choice(MODES),
    default="light",
    show_default=True,
    help="What is learned: the label head, the champion's weights further, or all weights from the base encoder.",
)
@click.option("--promote-if-better", is_flag=True, help="Put the new model to use if the verdict is to promote it.")
@click.option(
    "--label", "labels", multiple=True, metavar="NAME=LABEL", help="What a label's name means; may be repeated."
)
@click.option("--from", "file_format", type=click.Choice(FORMATS), help="The files' format; else it is found out.")
@click.option("--text-field", metavar="NAME", help="Field that holds the text.")
@click.option("--label-field", metavar="NAME", help="Column, control or question that holds the label.")
@click.option("--id-field", metavar="NAME", help="Field that holds the note's id, one for all files.")
@click.option("--annotator-field", metavar="NAME", help="Field that says who labelled it.")
@click.option("--group-field", metavar="NAME", help="Field of what belongs together: an author, a client.")
@click.option("--adjudicator", help="The annotator whose answer settles a note.")
@click.option(
    "--exhaustive",
    nargs=2,
    type=click.Choice(LABELS),
    help="Two labels that alone were offered: one rejected means the other.",
)
@click.option("--accept-labels", is_flag=True, help="Train even where the labels as a whole look wrong.")
@click.option("--name", default="afterword-team", show_default=True, help="Name of the new model.")
@click.option("--base", type=click.Path(path_type=Path), help="Folder with the base encoder's files; for --mode base.")
@CONFIG
@NOTES
def retrain_command(
    files: tuple[Path, ...],
    registry: Path,
    mode: str,
    promote_if_better: bool,
    labels: tuple[str, ...],
    file_format: str | None,
    text_field: str | None,
    label_field: str | None,
    id_field: str | None,
    annotator_field: str | None,
    group_field: str | None,
    adjudicator: str | None,
    exhaustive: tuple[str, str] | None,
    accept_labels: bool,
    name: str,
    base: Path | None,
    config: Path,
    notes: Path,
) -> None:
    """Make a model from NEW, the team's own labelled files, and judge it against the champion.

    NEW are files as Label Studio, Prodigy, Argilla or doccano export them, spaCy or fastText files, or tables; a folder
    or zip stands for its files. The new model goes into the registry; without --promote-if-better the champion stays.

    Example: afterword-train retrain labelled/ --label "Grübeln=rumination" --promote-if-better
    """
    checked_name(name)
    if mode != "light":
        check_torch(f"--mode {mode}")
    settings = load_config(config)
    options = LabelOptions(
        labels=label_map(settings.retrain.labels, labels),
        text_field=text_field,
        label_field=label_field,
        id_field=id_field,
        annotator_field=annotator_field,
        group_field=group_field,
        format=file_format,  # type: ignore[arg-type]  # the choice names formats only
        adjudicator=adjudicator,
        exhaustive=(Label(exhaustive[0]), Label(exhaustive[1])) if exhaustive else None,
    )
    request = Request(
        files=files,
        options=options,
        config=settings,
        notes=notes,
        registry=registry,
        mode=mode,  # type: ignore[arg-type]
        name=name,
        base=base,
        promote_if_better=promote_if_better,
        accept_labels=accept_labels,
    )
    outcome = retrain(request)
    click.echo(verdict_report(outcome.verdict))
    click.echo(f"\n{_next(outcome, registry)}")


def _next(outcome: Outcome, registry: Path) -> str:
    """Return what was done with the challenger, and what the user may do now."""
    where = "" if registry == Path("registry") else f" --registry {registry}"
    if outcome.promoted:
        back = f"afterword-train rollback{where}"
        return f"{outcome.version} is now the champion; before it was {outcome.champion}. To go back: {back}"
    use = f"afterword-train promote {outcome.version}{where}"
    if outcome.verdict.decision is Decision.PROMOTE:
        return f"{outcome.version} is in the registry, and judged better than {outcome.champion}. To use it: {use}"
    return (
        f"{outcome.version} is in the registry; the verdict does not advise to use it in place of {outcome.champion}."
    )
