"""`afterword serve` as a process of its own."""

import signal
import socket
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from tests.serving.http.process import Start, wait_until_ready

from afterword_serving.cli import main
from afterword_serving.security import key_owner, parse_keys
from afterword_serving.serve_command import _listen

pytestmark = pytest.mark.slow


def test_it_says_where_answers_and_logs_no_words(start: Start, canary: str):
    process, url, log = start("--log-level", "debug")
    wait_until_ready(url)
    assert httpx.post(f"{url}/predict?{canary}", json={"text": canary}).status_code == 200
    assert httpx.post(f"{url}/predict", json={"text": [canary]}).status_code == 422
    process.send_signal(signal.SIGINT)
    assert process.wait(200) == 0
    said = log.read_text()
    assert f"{url}/docs" in said
    assert f"The page for notes and journals: {url}/\n" in said
    assert "POST /predict 200" in said
    assert "POST /predict 422" in said
    assert "xylocanary" not in said
    assert "Traceback" not in said


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


def test_answers_do_not_wait_for_the_packet_before_them():
    with _listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        connection, _ = listening.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
