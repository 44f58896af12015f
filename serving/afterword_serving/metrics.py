"""Prometheus metrics: counts and times, never a word of a note."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from afterword_model import LABELS, Prediction
from afterword_model.manifest import Manifest

MULTIPROCESS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Variable that names the folder through which several processes add up their counts."""

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """The metrics of one service, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "afterword_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self._request_seconds = Histogram(
            "afterword_request_seconds",
            "Time to answer a request.",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._batch_notes = Histogram(
            "afterword_batch_notes", "Notes given to the model at once.", buckets=_SIZES, registry=self.registry
        )
        self._batch_seconds = Histogram(
            "afterword_batch_seconds", "Time the model took for a batch.", buckets=_SECONDS, registry=self.registry
        )
        self._predictions = Counter(
            "afterword_predictions",
            'Notes labelled; the unsure share is that of sure="false".',
            ["label", "sure"],
            registry=self.registry,
        )
        self._waiting = Gauge(
            "afterword_queue_notes",
            "Notes that waited at the last batch.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._model = Gauge(
            "afterword_model",
            "Processes that answer with this model.",
            ["name", "version"],
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._registry_problem = Gauge(
            "afterword_registry_problem",
            "1 while the registry's champion cannot be used and the one before it answers.",
            registry=self.registry,
            multiprocess_mode="livemax",
        )
        for label in LABELS:
            for sure in ("true", "false"):
                self._predictions.labels(label, sure)

    def count_request(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request; `route` is a template of ours, never the path as sent."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def count_batch(self, size: int, seconds: float, *, waiting: int) -> None:
        """Count a batch that the model answered while `waiting` notes stood behind it."""
        self._batch_notes.observe(size)
        self._batch_seconds.observe(seconds)
        self._waiting.set(waiting)

    def count_predictions(self, predictions: Iterable[Prediction]) -> None:
        """Count labels and how many of them are sure."""
        for prediction in predictions:
            self._predictions.labels(prediction.label, str(prediction.sure).lower()).inc()

    def tell_model(self, manifest: Manifest, *, instead_of: Manifest | None = None) -> None:
        """Tell which model answers from now on."""
        if instead_of is not None:
            self._model.labels(instead_of.name, instead_of.version).set(0)
        self._model.labels(manifest.name, manifest.version).set(1)

    def tell_registry(self, *, works: bool) -> None:
        """Tell whether the registry's champion is the model that answers."""
        self._registry_problem.set(not works)

    def render(self) -> bytes:
        """Return all metrics in the Prometheus text format; over all processes where there are several."""
        if MULTIPROCESS_FOLDER not in os.environ:
            return generate_latest(self.registry)
        _forget_dead(Path(os.environ[MULTIPROCESS_FOLDER]))
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


def _forget_dead(folder: Path) -> None:
    """Drop what processes that are no more said of themselves; what they had counted stays."""
    for process in {int(path.stem.rpartition("_")[2]) for path in folder.glob("gauge_live*.db")}:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            with suppress(FileNotFoundError):  # another process was quicker
                mark_process_dead(process)  # type: ignore[no-untyped-call]
