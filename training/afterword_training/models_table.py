"""The models of a registry as a table: what they are, how they measured, and which one is in use."""

from pathlib import Path

from pydantic import ValidationError

from afterword_model import artifact
from afterword_model.errors import ArtifactError
from afterword_model.registry import Registry
from afterword_training.evaluate import Evaluation
from afterword_training.release import METRICS
from afterword_training.tables import table

_SHOWN = ("accuracy", "macro_f1")
_COLUMNS = ("model", "in use", "made", "accuracy", "macro-F1", "measured on", "is")


def models_table(registry: Registry) -> str:
    """Return all models in Markdown, the shipped one first, and what is in use and what `rollback` goes back to.

    Raises:
        RegistryError: the registry does not say which one is in use.
    """
    pointer = registry.pointer()
    rows = [_row(registry, name, champion=name == pointer.champion) for name in registry.names()]
    since = f" since {pointer.since:%Y-%m-%d %H:%M} UTC" if pointer.since else ""
    lines = [f"In use is {pointer.champion}{since}."]
    if len(pointer.line) > 1:
        lines.append(f"`afterword-train rollback` goes back to {pointer.line[-2]}.")
    return "\n\n".join([table(_COLUMNS, rows), " ".join(lines)])


def _row(registry: Registry, name: str, *, champion: bool) -> tuple[str, ...]:
    mark = "yes" if champion else ""
    try:
        manifest = artifact.verify(registry.artifact(name))
    except ArtifactError as err:
        return (name, mark, "", "", "", "", f"cannot be used: {err}")
    figures = [manifest.metrics.get(figure) for figure in _SHOWN]
    measured = (f"{figure.value:.3f}" if figure else "" for figure in figures)
    made, whose = f"{manifest.created:%Y-%m-%d}", _measured_on(registry.artifact(name) / METRICS)
    return (name, mark, made, *measured, whose, manifest.title)


def _measured_on(figures: Path) -> str:
    """Return which notes the figures are of, since those of other notes do not compare; empty where there are none."""
    try:
        found = Evaluation.model_validate_json(figures.read_bytes())
    except (OSError, ValidationError):
        return ""
    return f"{found.notes} notes of {', '.join(found.authors)}"
