"""The servers of the load test: how each is started, asked and known to have answered every note."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

from afterword_model.errors import AfterwordError
from afterword_training.bench_http import plain_model
from afterword_training.bench_http.plain_app import MODEL

_PATIENCE = 300
"""Seconds a server has to start."""
_STOPPING = 60


class Server(ABC):
    """One way to serve a model over HTTP."""

    title: str
    path: str
    ready: str
    """Path that answers 200 once notes are taken."""
    environment: Mapping[str, str] = {}

    @abstractmethod
    def command(self, port: int, folder: Path) -> Sequence[str | Path]:
        """Return the command that serves on `port`; `folder` is the server's own."""

    @abstractmethod
    def body(self, number: int, texts: Sequence[str]) -> Any:  # noqa: ANN401  # JSON
        """Return the request for some notes."""

    @abstractmethod
    def answered(self, number: int, notes: int, answer: Any) -> int:  # noqa: ANN401  # JSON
        """Return how many of a request's notes are answered, in order and as that request's."""


class Afterword(Server):
    """`afterword serve`, one process."""

    path, ready = "/predict", "/health/ready"

    def __init__(self, title: str, model: Path | None, *, queue: int) -> None:
        self.title, self._model = title, model
        self.environment = {
            "AFTERWORD_QUEUE_NOTES": str(queue),
            "AFTERWORD_QUEUE_CHARACTERS": str(2_000 * queue),
            "AFTERWORD_LOG_LEVEL": "warning",
        }

    def command(self, port: int, folder: Path) -> Sequence[str | Path]:
        """Return the command."""
        model = ["--model", str(self._model)] if self._model else []
        return [sys.executable, "-m", "afterword_serving", "serve", "--port", str(port), *model]

    def body(self, number: int, texts: Sequence[str]) -> Any:  # noqa: ANN401
        """Return notes whose ids hold the request's number."""
        return {"notes": [{"id": f"{number}-{place}", "text": text} for place, text in enumerate(texts)]}

    def answered(self, number: int, notes: int, answer: Any) -> int:  # noqa: ANN401
        """Return how many predictions carry the id that is due at their place."""
        found = zip(answer["predictions"], range(notes), strict=False)
        return sum(each["id"] == f"{number}-{place}" for each, place in found)


class Plain(Server):
    """FastAPI and scikit-learn, one process, as tutorials have it."""

    title, path, ready = "FastAPI + scikit-learn", "/predict", "/ready"

    def __init__(self, model: Path) -> None:
        self.environment = {MODEL: str(model)}

    def command(self, port: int, folder: Path) -> Sequence[str | Path]:
        """Return the command."""
        app = "afterword_training.bench_http.plain_app:create_app"
        quiet = ["--no-access-log", "--log-level", "warning"]
        return [sys.executable, "-m", "uvicorn", "--factory", app, "--port", str(port), *quiet]

    def body(self, number: int, texts: Sequence[str]) -> Any:  # noqa: ANN401
        """Return the texts."""
        return {"texts": list(texts)}

    def answered(self, number: int, notes: int, answer: Any) -> int:  # noqa: ANN401
        """Return how many answers came back; they have no ids."""
        return min(notes, len(answer))


class MLServer(Server):
    """MLServer with its scikit-learn runtime: the model in the server's own process, no adaptive batching.

    Its worker processes, version 1.7.1, do not start with uvloop 0.23: they ask for an event loop that is not there.
    """

    title, path, ready = "MLServer, scikit-learn runtime", "/v2/models/notes/infer", "/v2/models/notes/ready"

    def __init__(self, python: Path, model: Path) -> None:
        self._python, self._model = python, model

    def command(self, port: int, folder: Path) -> Sequence[str | Path]:
        """Write the settings that MLServer starts from and return the command."""
        implementation = "mlserver_sklearn.SKLearnModel"
        model = {"name": "notes", "implementation": implementation, "parameters": {"uri": str(self._model)}}
        ports = {"http_port": port, "grpc_port": free_port(), "metrics_port": free_port()}
        (folder / "model-settings.json").write_text(json.dumps(model), encoding="utf-8")
        (folder / "settings.json").write_text(
            json.dumps({"debug": False, "host": "127.0.0.1", "parallel_workers": 0, **ports})
        )
        return [self._python, "-m", "mlserver.cli.main", "start", folder]

    def body(self, number: int, texts: Sequence[str]) -> Any:  # noqa: ANN401
        """Return an inference request (Open Inference Protocol, version 2)."""
        return {
            "id": str(number),
            "parameters": {"content_type": "str"},
            "inputs": [{"name": "text", "shape": [len(texts)], "datatype": "BYTES", "data": list(texts)}],
            "outputs": [{"name": "predict_proba"}],
        }

    def answered(self, number: int, notes: int, answer: Any) -> int:  # noqa: ANN401
        """Return how many rows of probabilities came back for this request."""
        return min(notes, answer["outputs"][0]["shape"][0]) if answer["id"] == str(number) else 0


def fit_elsewhere(python: Path, notes: Path, model: Path) -> None:
    """Fit and save the plain model with the libraries of another Python.

    Raises:
        AfterwordError: that Python cannot.
    """
    for words in (["-c", "import mlserver, mlserver_sklearn"], [plain_model.__file__, str(notes), str(model)]):
        done = subprocess.run([str(python), *words], capture_output=True, check=False)
        if done.returncode:
            raise AfterwordError(f"{python.name} has no mlserver and mlserver-sklearn that work. Install both there.")


@contextmanager
def running(server: Server, folder: Path) -> Iterator[str]:
    """Start a server, give its address once it is ready, and end it.

    Raises:
        AfterwordError: it does not start.
    """
    port, log = free_port(), folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in server.command(port, folder)],
            env=os.environ | server.environment,
            cwd=folder,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        if not _is_ready(f"http://127.0.0.1:{port}{server.ready}", process):
            last = log.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
            raise AfterwordError(f"{server.title} did not start. Its last words: {last or 'none'}")
        yield f"http://127.0.0.1:{port}"
    finally:
        _end(process)


def free_port() -> int:
    """Return a port on which nothing listens just now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _is_ready(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Return whether a server answers at last; False once it has ended or too much time has passed."""
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  # our own address
                return True
        except (OSError, HTTPException):
            time.sleep(0.2)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOPPING)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
