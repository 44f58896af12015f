"""A service on a registry: which model answers while the champion changes."""

import asyncio
import re
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from tests.serving.http.process import Start, starting, wait_until_ready

from afterword_model import artifact
from afterword_model.registry import CHAMPION, Pointer, Registry, Turn
from afterword_serving.champion import load_model
from afterword_serving.cli import main
from afterword_serving.settings import Settings
from afterword_training.registry import add, promote, rollback

pytestmark = pytest.mark.slow


LABELS = {"1": "neither", "2": "rumination", "3": "reflection"}
"""What each model always says, by version."""
JSON_LINE = '{"text": "Why did I say that? I keep going back to it and I do not know why.", "id": "%d"}\n'


@pytest.fixture(scope="module")
def registry_once(make_artifact: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry of three models that always say the same, of which the first is in use; copy it, never change it."""
    folder = tmp_path_factory.mktemp("once") / "registry"
    for version, label in LABELS.items():
        add(folder, make_artifact(version, always=label))
    promote(folder, "team-1")
    return folder


@pytest.fixture
def registry(registry_once: Path, tmp_path: Path) -> Path:
    """A registry of the test's own, with the three models."""
    return shutil.copytree(registry_once, tmp_path / "registry")


@pytest.fixture
def start_on_registry(registry: Path, tmp_path: Path) -> Iterator[Start]:
    flags = ["--registry", str(registry)]
    with starting(flags, tmp_path) as begin:
        yield begin


def point(registry: Path, version: str) -> None:
    """Name a champion without a look at it, as a copied folder may."""
    turn = Turn(at=datetime.now(UTC), action="promote", version=version)
    pointer = Pointer.of(*Registry(registry).pointer().history, turn)
    fresh = registry / "fresh"
    fresh.write_text(pointer.model_dump_json())
    fresh.replace(registry / CHAMPION)


def cut_short(registry: Path, version: str) -> None:
    model = registry / "versions" / version / artifact.MODEL
    model.write_bytes(model.read_bytes()[:-9])


class Load:
    """Clients that ask without a pause; every answer has to be whole and by the model that it names."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers = 0
        self.versions: set[str] = set()
        self._over = asyncio.Event()

    async def __aenter__(self) -> "Load":
        self._clients = [asyncio.create_task(self._client(size)) for size in (1, 1, 7, 80)]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await asyncio.gather(*self._clients)

    async def until(self, happened: Callable[[], bool]) -> None:
        end = time.monotonic() + 200
        while not happened():
            assert time.monotonic() < end
            for client in self._clients:
                assert not client.done() or client.result() is None
            await asyncio.sleep(0.05)

    async def _client(self, size: int) -> None:
        notes = [{"id": str(place), "text": f"Why did I say that on day {place}?"} for place in range(size)]
        async with httpx.AsyncClient(base_url=self.url, timeout=200) as connection:
            while not self._over.is_set():
                response = await connection.post("/predict", json={"notes": notes})
                assert response.status_code == 200
                answer = response.json()
                version = answer["model"]["version"]
                assert [each["label"] for each in answer["predictions"]] == [LABELS[version]] * size
                self.versions.add(version)
                self.answers += 1


def in_use(url: str) -> set[str]:
    """Return the versions that several calls find; each may reach another process."""
    return {httpx.get(f"{url}/model", timeout=200).json()["version"] for _ in range(12)}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_champion_changes_under_load_and_no_request_is_dropped(
    start_on_registry: Start, registry: Path, workers: str
):
    process, url, log = start_on_registry(
        "--workers", workers, AFTERWORD_REGISTRY_SECONDS="0.1", AFTERWORD_BATCH_NOTES="8"
    )
    wait_until_ready(url)
    assert "(team 1;" in log.read_text()

    async def change() -> Load:
        async with Load(url) as load:
            await load.until(lambda: load.answers > 8)
            for change, version in (
                (lambda: promote(registry, "team-2"), "2"),
                (lambda: promote(registry, "team-3"), "3"),
                (lambda: rollback(registry), "2"),
            ):
                load.versions.clear()
                await asyncio.to_thread(change)
                await load.until(lambda version=version: load.versions == {version} or load.versions.clear())
            await load.until(lambda: in_use(url) == {"2"})  # by every worker, of which one may have looked late
            for _ in range(2):  # what was under way then is answered by the model before
                load.versions.clear()
                before = load.answers
                await load.until(lambda before=before: load.answers > before + 8)
        return load

    load = asyncio.run(change())
    assert load.versions == {"2"}
    assert in_use(url) == {"2"}
    process.terminate()
    process.wait(200)
    said = log.read_text()
    took = len(re.findall(r"INFO .*: team 2 took the place of team 1$", said, re.MULTILINE))
    assert 1 <= took <= int(workers)  # a worker that looks late finds the next champion at once
    assert not re.search(r"ERROR|Traceback", said)
    assert set(re.findall(r"POST /predict (\d+)", said)) == {"200"}


def test_a_broken_champion_is_told_once_and_the_old_one_answers_on(start_on_registry: Start, registry: Path):
    _, url, log = start_on_registry(AFTERWORD_REGISTRY_SECONDS="0.05")
    wait_until_ready(url)
    assert metric(url, "afterword_registry_problem") == 0

    cut_short(registry, "team-2")
    point(registry, "team-2")
    wait_for(lambda: metric(url, "afterword_registry_problem") == 1)
    time.sleep(0.5)
    assert in_use(url) == {"1"}
    assert len(re.findall("ERROR.*team 1 stays in use: The champion team-2 cannot be used", log.read_text())) == 1

    (registry / CHAMPION).write_text("{")
    wait_for(lambda: "champion.json is damaged" in log.read_text())
    (registry / CHAMPION).unlink()
    wait_for(lambda: "champion.json is missing" in log.read_text())
    assert in_use(url) == {"1"}
    assert log.read_text().count("stays in use") == 3

    promote(registry, "team-3")
    wait_for(lambda: in_use(url) == {"3"})
    assert metric(url, "afterword_registry_problem") == 0
    assert "Traceback" not in log.read_text()


def metric(url: str, line: str) -> float:
    return float(
        re.search(rf"^{re.escape(line)} (\S+)$", httpx.get(f"{url}/metrics", timeout=200).text, re.MULTILINE)[1]
    )


def wait_for(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 200
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture
def on_registry(make_client: Callable[..., Any], registry: Path) -> Any:
    settings = {"registry": registry, "registry_seconds": 0.02}
    return make_client(load_model(Settings.read(**settings)), **settings)


def test_the_model_the_page_and_the_metrics_tell_the_same(on_registry: Any, registry: Path):
    for version, change in (("1", None), ("2", lambda: promote(registry, "team-2"))):
        if change:
            change()
        wait_for(lambda version=version: on_registry.get("/model").json()["version"] == version)
        assert f"Read by the model team {version}." in on_registry.get("/").text
        told = on_registry.get("/metrics").text
        assert f'afterword_model{{name="team",version="{version}"}} 1.0' in told
    assert 'afterword_model{name="team",version="1"} 0.0' in told


def test_a_report_is_made_by_one_model(on_registry: Any, registry: Path, monkeypatch: pytest.MonkeyPatch):
    """The champion changes after the first entries; the rest are still answered by the model that began."""
    service = on_registry.app.state.service
    predict_each = service.batcher.predict_each
    calls = []

    async def changing(texts: list[str], model: Any) -> Any:
        if not calls:
            await asyncio.to_thread(promote, registry, "team-2")
            while service.champion.model.version != "team-2":
                await asyncio.sleep(0.01)
        calls.append(len(texts))
        return await predict_each(texts, model)

    monkeypatch.setattr(service.batcher, "predict_each", changing)
    journal = "".join(JSON_LINE % number for number in range(200))
    response = on_registry.post("/report", content=journal, headers={"content-type": "application/octet-stream"})
    assert response.status_code == 200
    assert len(calls) > 1
    assert on_registry.get("/model").json()["version"] == "2"
    told = on_registry.get("/metrics").text
    assert 'afterword_predictions_total{label="rumination",sure="true"} 0.0' in told
    assert "team 1" in response.text
    assert "team 2" not in response.text


def test_the_old_model_is_let_go(on_registry: Any, registry: Path):
    import gc
    import weakref

    old = weakref.ref(on_registry.app.state.service.champion.model)
    on_registry.get("/")
    promote(registry, "team-2")
    wait_for(lambda: on_registry.get("/model").json()["version"] == "2")
    wait_for(lambda: not gc.collect() or old() is None)
    assert old() is None


def test_a_registry_without_models_serves_the_shipped_one(tmp_path: Path):
    assert load_model(Settings.read(registry=tmp_path)).manifest == artifact.verify(artifact.SHIPPED)


WRONG = {
    "no registry": (["--registry", "typo"], "There is no registry at typo"),
    "two models": (["--registry", "registry", "--model", "registry/versions/team-1"], "leave one out"),
}


@pytest.mark.parametrize(("flags", "words"), WRONG.values(), ids=WRONG)
def test_what_cannot_work_is_one_line(registry: Path, flags: list[str], words: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(registry.parent)
    result = CliRunner().invoke(main, ["serve", *flags])
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_broken_champion_at_the_start_is_told_with_the_way_back(registry: Path):
    cut_short(registry, "team-1")
    result = CliRunner().invoke(main, ["serve", "--registry", str(registry)])
    assert result.exit_code == 2
    assert f"afterword-train rollback --registry {registry}" in result.stderr
    assert len(result.stderr.splitlines()) == 1
