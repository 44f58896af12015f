"""The page of a comparison: one table, how each peer was set, and on what it all ran."""

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from string import Template

import numpy as np

from afterword_training.tables import table
from afterword_training.train import Parts

_PAGE = Template("""# Results: peers side by side

Written by `afterword-train compare`; do not edit. Every row has the same training, validation and test notes, parted by
author, and was measured in the same run on the test authors.

$table

*ECE*: expected calibration error, after one temperature fitted on validation; a dash where the answers are no
probabilities. *Two-way*: reflection and rumination told apart, on notes that are one of the two. *Notes/s*: median of
several passes over the test notes, on $cores cores, text normalisation included. *MB*: what is saved to disk; libraries
come on top. *Training*: wall clock, on the same cores; a dash where it was not recorded.

## How each was set

$settings
$missing
## The run

$run
""")

_HEAD = ("", "accuracy", "macro-F1", "ECE", "two-way", "notes/s", "MB", "training, s")
_ALWAYS = ("scikit-learn", "numpy")


@dataclass(frozen=True)
class Measured:
    """One peer's figures on the test notes."""

    title: str
    accuracy: float
    macro_f1: float
    ece: float | None
    two_way_accuracy: float
    notes_per_second: float
    megabytes: float
    train_seconds: float | None
    temperature: float | None
    """The one fitted on validation; None where there was nothing to fit."""
    settings: str
    distributions: tuple[str, ...]


@dataclass(frozen=True)
class NotMeasured:
    """A peer without figures."""

    title: str
    reason: str


Row = Measured | NotMeasured


def results_page(rows: Sequence[Row], *, command: str, parts: Parts, cores: int, load: float | None) -> str:
    """Return the page in Markdown; it holds no note's text. `load` is the system's load average before the run."""
    measured = [row for row in rows if isinstance(row, Measured)]
    return _PAGE.substitute(
        table=table(_HEAD, [_cells(row) for row in rows]),
        cores=cores,
        settings="\n".join(f"- **{row.title}**: {row.settings}{_temperature(row)}." for row in measured),
        missing=_missing([row for row in rows if isinstance(row, NotMeasured)]),
        run=_run(command, parts, _where(cores, load), [name for row in measured for name in row.distributions]),
    )


def _cells(row: Row) -> tuple[str, ...]:
    if isinstance(row, NotMeasured):
        return (row.title, *["–"] * (len(_HEAD) - 1))
    return (
        row.title,
        *(_figure(value) for value in (row.accuracy, row.macro_f1, row.ece, row.two_way_accuracy)),
        _rounded(row.notes_per_second),
        _rounded(row.megabytes),
        "–" if row.train_seconds is None else _rounded(row.train_seconds),
    )


def _figure(value: float | None) -> str:
    return "–" if value is None or np.isnan(value) else f"{value:.3f}"


def _rounded(value: float) -> str:
    """Return a size or a duration to about three digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _temperature(row: Measured) -> str:
    return "" if row.temperature is None else f"; temperature {row.temperature:.2f}"


def _missing(rows: Sequence[NotMeasured]) -> str:
    if not rows:
        return ""
    return "\n## Not measured\n\n" + "\n".join(f"- **{row.title}**: {row.reason}" for row in rows) + "\n"


def _where(cores: int, load: float | None) -> str:
    busy = "" if load is None else f"; load average {load:.1f} before the run"
    return f"{processor()}, {cores} cores used{busy}"


def _run(command: str, parts: Parts, where: str, distributions: Iterable[str]) -> str:
    counts = (len(parts.train), len(parts.validation), len(parts.test))
    names = sorted({*_ALWAYS, *distributions})
    rows = [
        ("command", f"`{command}`"),
        ("date", datetime.now(UTC).date().isoformat()),
        ("processor", where),
        ("system", f"{platform.system()}, Python {platform.python_version()}"),
        ("notes", "{:,} to train on, {:,} to validate, {:,} to test".format(*counts)),
        ("test authors", ", ".join(sorted(set(parts.test["author"])))),
        ("libraries", ", ".join(f"{name} {_version(name)}" for name in names)),
    ]
    return "\n".join(f"- {what}: {value}" for what, value in rows)


def processor() -> str:
    """Return the name of the processor, as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "of unknown version"
