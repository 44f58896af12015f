"""The report as one HTML page: no script, nothing fetched, every word escaped."""

import base64
import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import Final

from jinja2 import Environment, StrictUndefined

from afterword_model.labels import LABELS, MARKERS
from afterword_model.manifest import Manifest
from afterword_serving.report import words
from afterword_serving.report.aggregate import Aggregate

_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{}'"


_SHOWN: Final = 12
"""Next steps in the open; the others wait behind a line that opens."""


@dataclass(frozen=True)
class Options:
    """What a user may choose about the page."""

    include_text: bool = False
    prompts: bool = True
    """Whether entries without a next step are offered the question and the sentence of permission."""


def render(aggregate: Aggregate, options: Options, *, skipped: int = 0, model: Manifest | None = None) -> str:
    """Return the page; `skipped` is how many items of the journal were left out of it."""
    from afterword_serving.report.figures import draw  # slow to load, and the service wants only the report's words

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters |= {"day": words.day_words, "short_day": words.short_day}
    environment.filters |= {"when": words.when_words, "percent": words.percent}
    style = _read("report.css")
    return environment.from_string(_read("report.html")).render(
        aggregate=aggregate,
        figures=draw(aggregate),
        labels=list(zip(LABELS, aggregate.total.labels, aggregate.total.shares, strict=True)),
        markers=[(*words.MARKER[marker], aggregate.markers[marker]) for marker in MARKERS],
        model=model,
        options=options,
        policy=_POLICY.format(base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()),
        runs=aggregate.longest_runs(),
        shown=_SHOWN,
        skipped=skipped,
        steps=list(aggregate.steps),
        style=style,
        words=words,
    )


def _read(name: str) -> str:
    return (resources.files("afterword_serving.report") / name).read_text(encoding="utf-8")
