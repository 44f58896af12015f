"""The models of a registry as a table: what they are, how they measured, and which one is in use."""

from afterword_model import artifact
from afterword_model.errors import ArtifactError
from afterword_model.registry import Registry
from afterword_training.tables import table

_SHOWN = ("accuracy", "macro_f1")


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
    return "\n\n".join([table(("model", "in use", "made", "accuracy", "macro-F1", "is"), rows), " ".join(lines)])


def _row(registry: Registry, name: str, *, champion: bool) -> tuple[str, ...]:
    mark = "yes" if champion else ""
    try:
        manifest = artifact.verify(registry.artifact(name))
    except ArtifactError as err:
        return (name, mark, "", "", "", f"cannot be used: {err}")
    figures = [manifest.metrics.get(figure) for figure in _SHOWN]
    measured = (f"{figure.value:.3f}" if figure else "" for figure in figures)
    return (name, mark, f"{manifest.created:%Y-%m-%d}", *measured, f"{manifest.name} {manifest.version}")
