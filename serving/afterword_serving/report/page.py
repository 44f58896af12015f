"""The report as one HTML page: no script, nothing fetched, every word escaped."""

import base64
import hashlib
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

from jinja2 import Environment, StrictUndefined

from afterword_model.labels import LABELS, MARKERS
from afterword_model.manifest import Manifest
from afterword_serving.report import words
from afterword_serving.report.aggregate import Aggregate
from afterword_serving.units import By

_SHOWN: Final = 12
"""Next steps in the open; the others wait behind a line that opens."""


@dataclass(frozen=True)
class Options:
    """What a user may choose about the page."""

    include_text: bool = False
    prompts: bool = True
    """Whether entries without a next step are offered the question and the sentence of permission."""
    by: By = "entry"
    """What was labelled, and is counted."""
    served: bool = False
    """Whether it is asked for over HTTP, where hints at the command's options would mislead."""


_DRAWING: Final = threading.Lock()
"""The plotting library's settings are those of the whole process."""


def render(
    aggregate: Aggregate,
    options: Options,
    *,
    skipped: int = 0,
    reasons: Sequence[str] = (),
    model: Manifest | None = None,
) -> str:
    """Return the page.

    Args:
        aggregate: what was gathered.
        options: what the user chose.
        skipped: how many items of the journal were left out.
        reasons: how many for which reason, where no closing words of a run say so.
        model: what labelled the entries.
    """
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells of its font cache
    from afterword_serving.report.figures import draw  # slow to load, and the service wants only the report's words

    noun = words.NOUNS[options.by]
    with _DRAWING:
        figures = draw(aggregate, noun)
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters |= {"day": words.day_words, "short_day": words.short_day}
    environment.filters |= {"when": words.when_words, "percent": words.percent}
    return environment.from_string(_read("report.html")).render(
        aggregate=aggregate,
        figures=figures,
        labels=list(zip(LABELS, aggregate.total.labels, aggregate.total.shares, strict=True)),
        markers=[(*words.MARKER[marker], aggregate.markers[marker]) for marker in MARKERS],
        model=model,
        noun=noun,
        options=options,
        policy=policy(),
        reasons=reasons,
        runs=aggregate.longest_runs(),
        shown=_SHOWN,
        skipped=skipped,
        steps=list(aggregate.steps),
        style=_read("report.css"),
        words=words,
    )


def policy() -> str:
    """Return the page's Content-Security-Policy: its own style and nothing else."""
    return f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src {style_hash()}"


def style_hash() -> str:
    """Return the source expression that lets the page's style be, and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(_read('report.css').encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return (resources.files("afterword_serving.report") / name).read_text(encoding="utf-8")
