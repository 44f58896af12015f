"""The whole load test: models fitted, servers started one after another, each put under the same load."""

import json
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from afterword_model import LABELS
from afterword_model.errors import AfterwordError
from afterword_training.bench_http.figures import Row, figures
from afterword_training.bench_http.load import Seen, put_under_load
from afterword_training.bench_http.plain_model import fit_plain
from afterword_training.bench_http.servers import Afterword, MLServer, Plain, Server, fit_elsewhere, running
from afterword_training.config import baseline_of, load_config
from afterword_training.corpus import load_corpus
from afterword_training.train import split_corpus, train

log = logging.getLogger(__name__)

_WARM_UP = 8
"""Clients before the clock runs."""
MARK = "bench-http"
"""Between marks of this name the figures stand in serving/README.md."""


@dataclass(frozen=True)
class Bench:
    """What is measured, and on what."""

    config: Path
    notes: Path
    model: Path | None = None
    mlserver: Path | None = None
    """A Python that has mlserver and mlserver-sklearn."""
    seconds: float = 20
    clients: tuple[int, ...] = (1, 8, 64)
    sizes: tuple[int, ...] = (1, 64)
    """Notes in a request."""

    @property
    def command(self) -> str:
        """The command line, without folders of this machine."""
        counts = f"--clients {','.join(map(str, self.clients))} --sizes {','.join(map(str, self.sizes))}"
        mlserver = " --mlserver PYTHON" if self.mlserver else ""
        return f"afterword-train bench-http --seconds {self.seconds:g} {counts}{mlserver}"


def bench_http(bench: Bench) -> str:
    """Return the figures of all servers, as Markdown. A server that cannot be started is listed as such.

    Raises:
        AfterwordError: configuration or notes cannot be used.
    """
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    with tempfile.TemporaryDirectory(prefix="afterword-bench-") as name:
        folder = Path(name)
        texts = _prepare(bench, folder)
        rows = [
            _row(title, make, bench, texts, folder / str(place))
            for place, (title, make) in enumerate(_servers(bench, folder))
        ]
    return figures(rows, command=bench.command, load=load)


def _prepare(bench: Bench, folder: Path) -> list[str]:
    """Write the training notes where the plain models are fitted, and return the texts to send: the test authors'."""
    parts = split_corpus(load_corpus(bench.notes), load_config(bench.config).split)
    with _training_notes(folder).open("w", encoding="utf-8") as file:
        for text, label in zip(parts.train["text"], parts.train["label"], strict=True):
            file.write(json.dumps({"text": text, "label": LABELS[label].value}) + "\n")
    return list(parts.test["text"])


def _servers(bench: Bench, folder: Path) -> Iterator[tuple[str, Callable[[], Server]]]:
    """Yield each server's title and how to make it; making it fits its model."""
    queue = max(1024, 2 * max(bench.clients) * max(bench.sizes))
    yield "Afterword", lambda: Afterword("Afterword", bench.model, queue=queue)
    yield "Afterword, TF-IDF", lambda: _afterword_baseline(bench, folder, queue)
    yield Plain.title, lambda: _plain(folder)
    yield MLServer.title, lambda: _mlserver(bench, folder)


def _afterword_baseline(bench: Bench, folder: Path, queue: int) -> Server:
    model = folder / "baseline"
    train(baseline_of(load_config(bench.config)), bench.notes, model)
    return Afterword("Afterword, TF-IDF", model, queue=queue)


def _plain(folder: Path) -> Server:
    model = folder / "plain.joblib"
    fit_plain(_training_notes(folder), model)
    return Plain(model)


def _mlserver(bench: Bench, folder: Path) -> Server:
    model = folder / "mlserver.joblib"
    python = bench.mlserver or Path(sys.executable)
    fit_elsewhere(python, _training_notes(folder), model)
    return MLServer(python, model)


def _training_notes(folder: Path) -> Path:
    return folder / "training.jsonl"


def _row(title: str, make: Callable[[], Server], bench: Bench, texts: list[str], folder: Path) -> Row:
    log.info("%s: starting", title)
    folder.mkdir()
    try:
        server = make()
        with running(server, folder) as url:
            put_under_load(server, url, texts, clients=_WARM_UP, notes_each=1, seconds=min(3, bench.seconds))
            return Row(title, tuple(_measured(server, url, bench, texts)))
    except AfterwordError as err:
        return Row(title, missing=str(err))


def _measured(server: Server, url: str, bench: Bench, texts: list[str]) -> Iterator[Seen]:
    for notes_each in bench.sizes:
        for clients in bench.clients:
            seen = put_under_load(server, url, texts, clients=clients, notes_each=notes_each, seconds=bench.seconds)
            log.info(
                "%s, %d clients, %d notes a request: %.0f notes/s, p99 %.0f ms, %d lost",
                *(server.title, clients, notes_each, seen.notes_per_second, seen.percentile(99), seen.lost),
            )
            yield seen
