"""`afterword serve` as a process of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from click.testing import CliRunner

from afterword_serving.cli import main
from afterword_serving.security import key_owner, parse_keys

ROOT = Path(__file__).parents[3]
Start = Callable[..., tuple[subprocess.Popen[bytes], str, Path]]


@pytest.fixture
def start(artifact_folder: Path, tmp_path: Path) -> Iterator[Start]:
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("model", "serving"))
    command = [sys.executable, "-m", "afterword_serving", "serve"]
    command += ["--model", str(artifact_folder), "--port", "0"]
    log = tmp_path / "log"
    with ExitStack() as running, log.open("w") as stderr:

        def begin(*flags: str, **environment: str) -> tuple[subprocess.Popen[bytes], str, Path]:
            process = subprocess.Popen(
                [*command, *flags],
                env=os.environ | {"PYTHONPATH": paths} | environment,
                cwd=tmp_path,
                stderr=stderr,
                start_new_session=True,
            )
            running.enter_context(process)
            running.callback(_end_group, process.pid)
            return process, _address(log, process), log

        yield begin


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + 200
    while not (found := re.search(r"listens on (http://[\d.]+:\d+) ", log.read_text())):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until
        time.sleep(0.1)
    return found[1]


def _end_group(leader: int) -> None:
    """End the process and its workers, whatever became of it."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def wait_until_ready(url: str) -> None:
    until = time.monotonic() + 200
    while httpx.get(f"{url}/health/ready", timeout=200).status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.1)


def test_it_says_where_answers_and_logs_no_words(start: Start, canary: str):
    process, url, log = start("--log-level", "debug")
    wait_until_ready(url)
    assert httpx.post(f"{url}/predict?{canary}", json={"text": canary}).status_code == 200
    assert httpx.post(f"{url}/predict", json={"text": [canary]}).status_code == 422
    process.send_signal(signal.SIGINT)
    assert process.wait(200) == 0
    said = log.read_text()
    assert f"{url}/docs" in said
    assert f"The page for one note: {url}/\n" in said
    assert "POST /predict 200" in said
    assert "POST /predict 422" in said
    assert "xylocanary" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("workers", ["1", "2"])
def test_being_stopped_under_load_loses_no_accepted_request(start: Start, workers: str):
    process, url, log = start("--workers", workers, "--log-level", "warning", AFTERWORD_QUEUE_NOTES="4000")
    wait_until_ready(url)
    check_counts(url)
    notes = [{"id": str(number), "text": f"Why did I say that on day {number}?"} for number in range(200)]
    connected = Barrier(17)

    def ask() -> int:
        with httpx.Client(base_url=url, timeout=200) as client:
            client.get("/health/live")
            connected.wait(200)
            return len(client.post("/predict", json={"notes": notes}).json()["predictions"])

    with ThreadPoolExecutor(16) as clients:
        asked = [clients.submit(ask) for _ in range(16)]
        connected.wait(200)
        time.sleep(0.5)
        assert not all(each.done() for each in asked)
        process.terminate()
        assert [each.result() for each in asked] == [200] * 16
    assert process.wait(200) in {0, -signal.SIGTERM}
    assert len(log.read_text().splitlines()) == 3
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def check_counts(url: str) -> None:
    """Every worker tells what all of them counted."""
    for _ in range(6):
        assert httpx.post(f"{url}/predict", json={"text": "Why?"}).status_code == 200
    for _ in range(4):
        assert 'route="/predict",status="200"} 6.0' in httpx.get(f"{url}/metrics").text


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--host", "0.0.0.0"], "AFTERWORD_API_KEYS"),
        (["--host", "no such host"], "Cannot listen on no such host"),
        (["--port", "70000"], "AFTERWORD_PORT"),
        (["--model", "nowhere"], "There is no model at nowhere"),
        (["--new-key", "not a name"], "A key's name"),
    ],
)
def test_what_cannot_work_is_said_in_one_line(artifact_folder: Path, flags: list[str], message: str):
    model = [] if "--model" in flags else ["--model", str(artifact_folder)]
    keys = {"AFTERWORD_API_KEYS": f"a:{'0' * 64}"} if "no such host" in flags else {}
    result = CliRunner().invoke(main, ["serve", *model, *flags], env=keys)
    assert result.exit_code == 2
    assert message in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr


def test_a_port_in_use_is_said_in_one_line(artifact_folder: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(main, ["serve", "--model", str(artifact_folder), "--port", port])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: Cannot listen on 127.0.0.1, port {port}: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_new_key_opens_the_service():
    result = CliRunner().invoke(main, ["serve", "--new-key", "intake"])
    assert result.exit_code == 0
    _, key, _, entry = result.stdout.splitlines()
    assert key_owner(f"Bearer {key}", parse_keys(entry)) == "intake"


def test_help_names_every_flags_variable():
    text = CliRunner().invoke(main, ["serve", "--help"]).stdout
    for name in ("HOST", "PORT", "MODEL", "WORKERS", "DOCS", "LOG_LEVEL"):
        assert f"AFTERWORD_{name}" in text
