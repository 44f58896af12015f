"""The load test's figures as Markdown, for serving/README.md."""

import math
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from string import Template

from afterword_training.bench_http.load import Seen
from afterword_training.peers.report import processor
from afterword_training.tables import table

_WORDS = Template("""$table

*Clients* each send a request as soon as the last is answered, over a connection of their own. *p50*, *p99*: time from
sending to the whole answer that half, and 99 in 100, of the requests stay within. *Lost*: notes sent that got no
answer$refused. Server and clients share the same cores. Only *Afterword* by itself is the model shipped that day; the
others weigh words (TF-IDF, logistic regression), which costs much less; *Afterword, TF-IDF* looks for evidence besides.
The plain endpoint and MLServer have no limits and no keys, and MLServer runs the model in its own process, without
adaptive batching.

$missing$run""")
_HEAD = ("server", "notes a request", "clients", "requests/s", "notes/s", "p50, ms", "p99, ms", "lost")
_LIBRARIES = ("fastapi", "uvicorn", "scikit-learn", "onnxruntime")


@dataclass(frozen=True)
class Row:
    """One server and what its clients saw, or why it was not measured."""

    title: str
    seen: tuple[Seen, ...] = ()
    missing: str = ""


def figures(rows: Sequence[Row], *, command: str, load: float | None) -> str:
    """Return what stands between the marks; `load` is the system's load average before the run."""
    refused = sum(seen.refused for row in rows for seen in row.seen)
    return _WORDS.substitute(
        table=table(_HEAD, [_cells(row.title, seen) for row in rows for seen in row.seen]),
        refused=f"; {refused} requests were told to come again, and did" if refused else "",
        missing="".join(f"Not measured: {row.title}. {row.missing}\n\n" for row in rows if row.missing),
        run=_run(command, load),
    )


def _cells(title: str, seen: Seen) -> tuple[str, ...]:
    rates = (_short(seen.requests_per_second), _short(seen.notes_per_second))
    times = (_short(seen.percentile(50)), _short(seen.percentile(99)))
    why = f" ({', '.join(sorted(set(seen.failures)))})" if seen.failures else ""
    return (title, str(seen.notes_each), str(seen.clients), *rates, *times, f"{seen.lost}{why}")


def _short(value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _run(command: str, load: float | None) -> str:
    busy = "" if load is None else f"; load average {load:.1f} before the run"
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    where = f"{processor()}{busy}; {platform.system()}, Python {platform.python_version()}; {libraries}"
    return f"`{command}`, {datetime.now(UTC).date().isoformat()}: {where}."
