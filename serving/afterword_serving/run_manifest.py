"""The record of a run, kept beside its results: which model, how many, what was left out. No text but files' names."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from afterword_model.durable import write_whole
from afterword_model.errors import OutputError
from afterword_model.manifest import Manifest
from afterword_serving.journals.tidy import printable
from afterword_serving.tally import Places, Tally
from afterword_serving.units import By

RECORD = ".run.json"
"""Ending of the record's name, after that of the results."""


Name = Annotated[str, BeforeValidator(printable)]
"""A file's name, which need be no text on the disk."""


class Left(BaseModel):
    """How many of a kind, and where the first of them are."""

    model_config = ConfigDict(frozen=True)

    count: int
    where: tuple[str, ...]


class RunManifest(BaseModel):
    """What `OUT.run.json` holds."""

    model_config = ConfigDict(frozen=True)

    afterword: str
    model: dict[str, str | None]
    """Name, version and SHA-256."""
    inputs: tuple[Name, ...]
    output: Name
    options: dict[str, Any]
    started: datetime
    finished: datetime
    resumed_after: int
    """Entries that an interrupted run had already classified."""
    entries: int
    rows: int
    unit: By
    """What `rows`, `labels` and `sure` count."""
    formats: dict[str, int]
    labels: dict[str, int]
    sure: int
    skipped: dict[str, Left]
    notices: dict[str, Left]

    def save(self, out: Path) -> Path:
        """Write it beside `out` and return its path.

        Raises:
            OutputError: it cannot be written; the results are whole all the same.
        """
        path = out.with_name(out.name + RECORD)
        try:
            write_whole(path, self.text)
        except OSError as err:
            raise OutputError(
                f"{out} is whole, but its record {path.name} cannot be written ({err.strerror or type(err).__name__})."
            ) from err
        return path

    @property
    def text(self) -> str:
        """The record as it is written."""
        return self.model_dump_json(indent=2) + "\n"


def describe_model(manifest: Manifest | None) -> dict[str, str | None]:
    """Return what a run records of its model."""
    if manifest is None:
        return {"name": None, "version": None, "sha256": None}
    return {"name": manifest.name, "version": manifest.version, "sha256": manifest.model_sha256}


def counts(tally: Tally) -> dict[str, Any]:
    """Return the fields of `RunManifest` that a tally knows."""
    return {
        "entries": tally.entries,
        "rows": tally.answers.total,
        "unit": tally.answers.by,
        "formats": dict(tally.formats),
        "labels": dict(tally.answers.labels),
        "sure": tally.answers.sure,
        "skipped": {reason: _left(places) for reason, places in tally.skipped.items()},
        "notices": {kind: _left(places) for kind, places in tally.notices.items()},
    }


def _left(places: Places) -> Left:
    return Left(count=places.count, where=tuple(places.where))
