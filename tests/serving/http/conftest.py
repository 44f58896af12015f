"""What the tests of the service share: apps with chosen settings, and clients that speak to them."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.serving.http.browser import Tab, browser
from tests.serving.http.page_driver import predict
from tests.serving.http.process import Start, starting

from afterword_model import Classifier
from afterword_serving import serve_command
from afterword_serving.app import create_app
from afterword_serving.settings import Settings

HERE = "http://localhost"

MakeClient = Callable[..., TestClient]
ASKED = {"/", "/page.css", "/page.js", "/sentences.js", "/report.js", "/predict", "/report", "/favicon.ico"}
"""All that the page may ask for."""


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"AFTERWORD_{name.upper()}", raising=False)


@pytest.fixture
def start(artifact_folder: Path, tmp_path: Path) -> Iterator[Start]:
    with starting(["--model", str(artifact_folder)], tmp_path) as begin:
        yield begin


@pytest.fixture
def make_app(classifier: Classifier) -> Callable[..., FastAPI]:
    def make(model: Any = classifier, **settings: Any) -> FastAPI:
        return create_app(model, Settings.read(**settings))

    return make


@pytest.fixture
def make_client(make_app: Callable[..., FastAPI]) -> Iterator[MakeClient]:
    with ExitStack() as running:

        def make(model: Any = None, **settings: Any) -> TestClient:
            app = make_app(**settings) if model is None else make_app(model, **settings)
            return running.enter_context(TestClient(app, base_url=HERE))

        yield make


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    return make_client()


class StandIn:
    """Has a classifier's manifest and answers as told; `predict` sees every batch."""

    def __init__(self, real: Classifier, predict: Callable[[list[str]], Any]) -> None:
        self.manifest = real.manifest
        self.batches: list[int] = []
        self._predict = predict

    def predict(self, texts: list[str]) -> Any:
        self.batches.append(len(texts))
        return self._predict(texts)


@pytest.fixture
def stand_in(classifier: Classifier) -> Callable[[Callable[[list[str]], Any]], StandIn]:
    return lambda predict: StandIn(classifier, predict)


@pytest.fixture
def make_live(make_app: Callable[..., FastAPI], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Give the address of a real server, with chosen settings, in a thread of its own; pytest keeps the logging."""
    monkeypatch.setattr(serve_command, "log_config", lambda level: None)
    with ExitStack() as running:

        def make(model: Any = None, **settings: Any) -> str:
            app = make_app(**settings) if model is None else make_app(model, **settings)
            listening = running.enter_context(socket.create_server(("127.0.0.1", 0)))
            server = uvicorn.Server(serve_command._server_config(app, app.state.service.settings))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            running.callback(thread.join)
            running.callback(setattr, server, "should_exit", True)
            return f"http://127.0.0.1:{listening.getsockname()[1]}"

        yield make


@pytest.fixture(scope="session")
def shared_tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with browser(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture
def tab(shared_tab: Tab) -> Iterator[Tab]:
    """A tab that must have asked only this machine, stored nothing and met no error when the test is over."""
    shared_tab.events.clear()
    yield shared_tab
    assert not shared_tab.told("Runtime.exceptionThrown")
    entries = [entry["entry"]["text"] for entry in shared_tab.told("Log.entryAdded")]
    assert not [entry for entry in entries if not re.search("status of (401|422|500|503)", entry)]
    asked = {event["request"]["url"] for event in shared_tab.told("Network.requestWillBeSent")}
    assert asked
    assert {url.split("/")[2].partition(":")[0] for url in asked} == {"127.0.0.1"}
    assert {"/" + url.split("/", 3)[3].partition("?")[0] for url in asked if url.startswith("http:")} <= ASKED
    kept = "[localStorage.length, sessionStorage.length, document.cookie, location.href.split('/')[3]]"
    assert shared_tab.run(kept) == [0, 0, "", ""]


@pytest.fixture
def page(tab: Tab, make_live: Callable[..., str], stand_in: Callable[..., Any]) -> Tab:
    tab.open(f"{make_live(stand_in(predict))}/")
    return tab
