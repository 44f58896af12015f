"""`afterword-train drift`: whether recent notes still look like those that the model was measured on."""

import sys
from pathlib import Path

import click

from afterword_model import artifact
from afterword_model.durable import write_whole
from afterword_model.errors import ConfigError, InputError
from afterword_model.registry import Registry
from afterword_training.drift.compare import Drift, Verdict, compare
from afterword_training.drift.picture import drift_picture
from afterword_training.drift.profile import profile
from afterword_training.drift.reference import Reference, load_reference
from afterword_training.drift.report import drift_report, headline
from afterword_training.drift.results import read_results

_KINDS = (".svg", ".json")


@click.command("drift")
@click.argument("outputs", metavar="OUTPUT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--model", type=click.Path(path_type=Path), help="Folder of the artifact; the shipped model without it.")
@click.option("--registry", type=click.Path(path_type=Path), help="Folder of models, whose champion it is to be.")
@click.option(
    "--against",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Hold them against these earlier results instead of the model's reference; may be repeated.",
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="Also write a picture (.svg) or all figures (.json)."
)
def drift_command(
    outputs: tuple[Path, ...], model: Path | None, registry: Path | None, against: tuple[Path, ...], out: Path | None
) -> None:
    """Compare recent results with the notes that the model was measured on: labels, scores, length, vocabulary.

    OUTPUT is a file that `afterword classify -o` wrote (JSON Lines, CSV or Parquet). Exit status: 0, or 1 where a
    figure has drifted.

    Example: afterword-train drift results.jsonl -o drift.svg
    """
    if out is not None and out.suffix.lower() not in _KINDS:
        raise ConfigError(f"{out} should end in {' or '.join(_KINDS)}.")
    if model and registry:
        raise ConfigError("Give --model or --registry, not both.")
    if registry:
        model = Registry.open(registry).artifact(Registry(registry).pointer().champion)
    found, whose = measure_drift(outputs, model, against)
    click.echo(drift_report(found, whose))
    if out is not None:
        picture = out.suffix.lower() == ".svg"
        write_whole(out, drift_picture(found, headline(found, whose)) if picture else found.model_dump_json(indent=1))
    sys.exit(1 if found.verdict is Verdict.DRIFTED else 0)


def measure_drift(outputs: tuple[Path, ...], model: Path | None, against: tuple[Path, ...]) -> tuple[Drift, str]:
    """Return what differs between the results and the model's reference, or earlier results, and whose notes those are.

    Raises:
        ArtifactError: the model or its reference cannot be used.
        ConfigError: the model has no reference, and no earlier results are given.
        InputError: results cannot be read, or there are none.
    """
    folder = model or artifact.SHIPPED
    manifest = artifact.verify(folder)
    reference = load_reference(folder, manifest)
    listed = reference.profile.words if reference else ()
    if against:
        before = profile(read_results(against, manifest), listed)
        reference = Reference(notes_of="the earlier results", profile=before)
    if reference is None:
        raise ConfigError(
            f"{folder} was saved without a reference. Train it again, or give earlier results with --against."
        )
    now = profile(read_results(outputs, manifest), listed)
    for side, names in ((reference.profile, against), (now, outputs)):
        if not side.notes:
            raise InputError(f"There are no results in {', '.join(map(str, names))}.")
    return compare(reference.profile, now), reference.notes_of
