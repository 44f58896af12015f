"""The load test, against servers that are told what to answer; and once, for real and short, against the plain one."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import joblib
import pytest
from click.testing import CliRunner

from afterword_model.errors import AfterwordError
from afterword_training.bench_http import servers
from afterword_training.bench_http.figures import Row, figures
from afterword_training.bench_http.load import Seen, put_under_load
from afterword_training.bench_http.plain_model import fit_plain
from afterword_training.bench_http.servers import Afterword, MLServer, Plain, Server, running
from afterword_training.cli import cli

pytestmark = pytest.mark.slow


TEXTS = [f"Why did I say that on day {number}?" for number in range(7)]
AFTERWORD = Afterword("Afterword", None, queue=1024)
Answer = Callable[[dict[str, Any]], tuple[int, Any]]


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """Give the address of a server that answers as told."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            status, found = answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            body = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def predictions(request: dict[str, Any]) -> list[dict[str, str]]:
    return [{"id": note["id"]} for note in request["notes"]]


def under(answer: Answer, *, clients: int = 4, notes_each: int = 3) -> Seen:
    with answering(answer) as url:
        return put_under_load(AFTERWORD, url, TEXTS, clients=clients, notes_each=notes_each, seconds=0.3)


def test_what_was_sent_is_answered_and_timed():
    seen = under(lambda request: (200, {"predictions": predictions(request)}))
    assert seen.answered == seen.sent == 3 * len(seen.latencies) > 12
    assert seen.lost == 0
    assert seen.failures == []
    assert 0 < seen.percentile(50) <= seen.percentile(99)
    assert seen.notes_per_second == pytest.approx(3 * seen.requests_per_second)


def test_an_answer_too_few_or_out_of_order_is_a_lost_note():
    assert under(lambda request: (200, {"predictions": predictions(request)[:-1]})).lost > 0
    seen = under(lambda request: (200, {"predictions": predictions(request)[::-1]}), clients=1)
    assert seen.lost == 2 * len(seen.latencies)


def test_refused_for_want_of_room_is_sent_again_and_not_lost():
    turns = iter(range(10_000))
    seen = under(lambda request: (200 if next(turns) % 2 else 503, {"predictions": predictions(request)}), clients=1)
    assert seen.refused >= len(seen.latencies) > 0
    assert seen.lost == 0


def test_failures_are_counted_by_kind():
    seen = under(lambda request: (500, {}))
    assert seen.lost == seen.sent > 0
    assert set(seen.failures) == {"500"}
    with answering(lambda request: (200, {})) as url:
        gone = url
    assert set(put_under_load(AFTERWORD, gone, TEXTS, clients=1, notes_each=1, seconds=0.1).failures) == {
        "ConnectionRefusedError"
    }


@pytest.mark.parametrize(
    ("server", "answer"),
    [
        (Plain(Path("a")), [{}, {}]),
        (MLServer(Path("python"), Path("a")), {"id": "7", "outputs": [{"shape": [2, 3]}]}),
        (AFTERWORD, {"predictions": [{"id": "7-0"}, {"id": "7-1"}]}),
    ],
)
def test_each_server_says_how_many_of_its_notes_are_answered(server: Server, answer: Any):
    assert json.dumps(server.body(7, ["a", "b"]))
    assert server.answered(7, 2, answer) == 2
    assert server.answered(7, 3, answer) == 2


def test_the_figures_tell_all_there_is():
    seen = Seen(8, 64, seconds=2.0, latencies=[0.1, 0.3], sent=192, answered=128, refused=3, failures=["500"])
    page = figures([Row("Afterword", (seen,)), Row("MLServer", missing="No.")], command="c", load=0.4)
    assert "| Afterword | 64 | 8 | 1.0 | 64.0 | 200 | 298 | 64 (500) |" in page
    assert "3 requests were told to come again" in page
    assert "Not measured: MLServer. No." in page
    assert "load average 0.4" in page


class Silent(Server):
    title, path, ready = "Silent", "/", "/"

    def command(self, port: int, folder: Path) -> Sequence[str]:
        return ["sh", "-c", "echo no luck >&2; exit 3"]

    def body(self, number: int, texts: Sequence[str]) -> Any:
        return None

    def answered(self, number: int, notes: int, answer: Any) -> int:
        return 0


def test_a_server_that_does_not_start_is_told_with_its_last_words(tmp_path: Path):
    with (
        pytest.raises(AfterwordError, match="Silent did not start. Its last words: no luck"),
        running(Silent(), tmp_path),
    ):
        pass


def test_the_plain_model_and_its_endpoint(tiny_notes: Path, tmp_path: Path):
    fit_plain(tiny_notes / "G.jsonl", tmp_path / "plain.joblib")
    assert set(joblib.load(tmp_path / "plain.joblib").classes_) == {"reflection", "rumination", "neither"}
    with running(Plain(tmp_path / "plain.joblib"), tmp_path) as url:
        seen = put_under_load(Plain(tmp_path), url, TEXTS, clients=2, notes_each=3, seconds=0.5)
    assert seen.lost == 0 < seen.answered


def test_a_python_without_mlserver_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    with pytest.raises(AfterwordError, match="python has no mlserver"):
        servers.fit_elsewhere(python, tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize("clients", ["", "0", "a", "1,-2"])
def test_clients_that_are_no_numbers(clients: str):
    result = CliRunner().invoke(cli, ["bench-http", "--clients", clients])
    assert "whole numbers from 1 on" in str(result.exception)


@pytest.mark.parametrize("document", ["gone.md", "unmarked.md"])
def test_where_the_figures_go_is_looked_at_before_they_are_measured(tmp_path: Path, document: str):
    (tmp_path / "unmarked.md").write_text("# Words\n")
    result = CliRunner().invoke(
        cli, ["bench-http", "--notes", str(tmp_path / "no notes"), "-o", str(tmp_path / document)]
    )
    assert document in str(result.exception)
