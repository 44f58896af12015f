"""What only a real connection shows."""

import json
import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest
from tests.serving.http.test_batching import Held

EMOJI = json.dumps({"text": "😀" * 600_000}, ensure_ascii=False).encode()
HEAD = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def connected(url: str) -> socket.socket:
    address = urlsplit(url)
    return socket.create_connection((address.hostname, address.port), timeout=20)


def speak(url: str, *parts: bytes, pause: float = 0) -> bytes:
    with connected(url) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
            if b"\r\n\r\n" in answer and answer.endswith(b"}"):
                break
        return answer


@pytest.mark.parametrize("status", [413, 401])
def test_a_client_still_sending_megabytes_sees_why_not(make_live, status: int):
    url = make_live(api_keys=f"a:{'0' * 64}") if status == 401 else make_live()
    for content in (EMOJI, iter([EMOJI[at : at + 50_000] for at in range(0, len(EMOJI), 50_000)])):
        response = httpx.post(f"{url}/predict", content=content, headers={"content-type": "application/json"})
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"


def test_a_body_that_never_ends_is_not_waited_for(make_live):
    answer = speak(make_live(body_seconds=1), HEAD, b"Content-Length: 50\r\n\r\n", b'{"text": "xylo')
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"urn:afterword:problem:too-slow" in answer


@pytest.mark.parametrize("before", [b"", b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"])
def test_a_head_that_never_ends_is_not_waited_for(make_live, before: bytes):
    with connected(make_live(body_seconds=1)) as connection:
        connection.sendall(before)
        while before and not connection.recv(65_536).endswith(b"}"):
            pass
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: loc")
        assert not connection.recv(65_536)


def test_a_body_in_small_pieces_is_read_whole(make_live):
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    pieces = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (b'{"te', b'xt": "\xf0\x9f', b'\x98\x80 why"}')]
    answer = speak(make_live(), head, *pieces, b"0\r\n\r\n", pause=0.02)
    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "request_",
    [
        b"xylocanary\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET / HTTP/1.1\r\nxylocanary\r\n\r\n",
    ],
)
def test_what_is_not_http_is_not_repeated(make_live, request_: bytes, caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    answer = speak(make_live(), request_)
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 421 "))
    assert b"xylocanary" not in answer
    assert "xylocanary" not in caplog.text


def test_the_server_does_not_tell_what_it_is(make_live):
    assert "server" not in httpx.get(f"{make_live()}/health/live").headers


def test_what_a_client_that_is_gone_had_asked_is_not_worked_off(make_live, stand_in):
    held = Held()
    held.go.set()
    url = make_live(stand_in(held), batch_notes=1)
    assert httpx.post(f"{url}/predict", json={"text": "before"}).status_code == 200
    held.go.clear()
    held.begun.clear()
    body = json.dumps({"notes": [{"id": "a", "text": "under way"}, {"id": "b", "text": "waiting"}]}).encode()
    with connected(url) as connection:
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        assert held.begun.wait(10)
    until = time.monotonic() + 20
    while 'route="/predict",status="400"} 1.0' not in httpx.get(f"{url}/metrics").text:
        assert time.monotonic() < until
    held.go.set()
    assert httpx.post(f"{url}/predict", json={"text": "after"}).status_code == 200
    assert held.batches[1:] == [["before"], ["under way"], ["after"]]


def test_a_connection_is_kept_for_further_requests(make_live):
    body = b'{"text": "Why?"}'
    ask = HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
    with connected(make_live()) as connection:
        for asked in (ask, ask, ask + ask):
            connection.sendall(asked)
            answered = b""
            while answered.count(b'"predictions"') < asked.count(body):
                chunk = connection.recv(65_536)
                assert chunk
                answered += chunk
            assert answered.count(b"HTTP/1.1 200 ") == asked.count(body)
