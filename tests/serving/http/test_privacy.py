"""Nothing sent comes back in an error, or goes to a log, whatever goes wrong and however much is logged."""

import asyncio
import json
import logging
from typing import Any

import httpx
import pytest

from afterword_serving.logs import TextFreeFormatter
from afterword_serving.middleware import Envelope

CANARY = "xylocanary"
JSON = {"content-type": "application/json"}
FILE = {"content-type": "application/octet-stream", "content-disposition": f'attachment; filename="{CANARY}.md"'}
KEYS = f"tests:{'0' * 64}"


def crash(texts: list[str]) -> Any:
    if any(CANARY in text for text in texts):
        raise ValueError(f"cannot read {texts[0]}", texts)
    return [None] * len(texts)


PATHS: list[tuple[int, dict[str, Any], dict[str, Any]]] = [
    (400, {}, {"content": f'{{"text": "{CANARY}'}),
    (400, {}, {"content": json.dumps({"text": CANARY}).encode("utf-16")}),
    (404, {}, {"url": f"/{CANARY}?{CANARY}={CANARY}"}),
    (404, {}, {"url": f"/predict/{CANARY}"}),
    (405, {}, {"method": CANARY.upper(), "json": {"text": CANARY}}),
    (413, {"max_body_bytes": 1_000}, {"json": {"text": CANARY * 1_000}}),
    (415, {}, {"headers": {"content-type": f"text/{CANARY}"}}),
    (421, {}, {"headers": {"host": f"{CANARY}.example"}}),
    (421, {}, {"headers": {"host": f"[{CANARY}"}}),
    (401, {"api_keys": KEYS}, {"headers": {"authorization": f"Bearer {CANARY}"}}),
    (401, {"api_keys": KEYS}, {"url": f"/{CANARY}"}),
    (422, {}, {"json": {CANARY: CANARY}}),
    (422, {}, {"json": {"text": [CANARY]}}),
    (422, {}, {"json": {"notes": [{"id": [CANARY], "text": CANARY, CANARY: 1}]}}),
    (422, {"max_characters": 5}, {"json": {"text": CANARY}}),
    (413, {"max_file_bytes": 1_000}, {"url": "/report", "headers": FILE, "content": CANARY * 1_000}),
    (413, {"max_entries": 1}, {"url": "/report", "headers": FILE, "content": f'{{"text": "{CANARY}"}}\n' * 2}),
    (415, {}, {"url": "/report", "headers": FILE | {"content-type": f"text/{CANARY}"}, "content": CANARY}),
    (422, {}, {"url": f"/report?split={CANARY}", "headers": FILE, "content": CANARY}),
    (422, {}, {"url": "/report", "headers": FILE, "content": CANARY}),
    (422, {}, {"url": "/report", "headers": FILE, "content": f"%PDF {CANARY}"}),
    (422, {}, {"url": "/report", "headers": FILE, "content": f'{{"{CANARY}": 1}}'}),
    (422, {}, {"json": {"text": CANARY, "by": CANARY}}),
    (422, {"queue_notes": 1, "max_notes": 1}, {"json": {"text": f"{CANARY}. Why? How?", "by": "sentence"}}),
    (500, {}, {"json": {"text": f"Why? {CANARY}.", "by": "sentence"}}),
    (500, {}, {"json": {"text": CANARY}}),
    (500, {}, {"json": {"notes": [{"id": "a", "text": "b"}, {"id": CANARY, "text": CANARY}]}}),
]


@pytest.mark.parametrize(("status", "settings", "request_"), PATHS)
def test_no_error_path_repeats_what_was_sent(make_client, stand_in, caplog, capfd, status, settings, request_):
    caplog.set_level(logging.DEBUG)
    client = make_client(stand_in(crash), **settings)
    asked = {"method": "POST", "url": f"/predict?{CANARY}", **request_}
    asked["headers"] = JSON | {"x-canary": CANARY, "x-request-id": f"{CANARY} !"} | asked.get("headers", {})
    response = client.request(**asked)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    metrics = client.app.state.service.metrics.render().decode()  # type: ignore[attr-defined]
    seen = [response.text, str(response.headers), metrics, *capfd.readouterr()]
    seen += [
        TextFreeFormatter("%(name)s %(message)s").format(record)
        for record in caplog.records
        if not record.name.startswith("httpx")
    ]
    assert CANARY not in "".join(seen).lower()
    assert "afterword.access" in {record.name for record in caplog.records}


def test_answers_of_every_kind_are_logged_without_text(make_client, caplog, canary):
    caplog.set_level(logging.DEBUG)
    make_client().post("/predict", json={"text": canary}, headers={"x-request-id": "abc-1"})
    [line] = [record.getMessage() for record in caplog.records if record.name == "afterword.access"]
    assert line.startswith("POST /predict 200 ")
    assert "id=abc-1" in line
    assert "xylocanary" not in caplog.text


def test_the_event_loop_in_debug_mode_tells_nothing(make_app, stand_in, caplog):
    caplog.set_level(logging.DEBUG)
    app = make_app(stand_in(crash))

    async def ask() -> int:
        asyncio.get_running_loop().slow_callback_duration = 0
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            return (await client.post("/predict", json={"text": CANARY})).status_code

    assert asyncio.run(ask(), debug=True) == 500
    assert "took" in caplog.text
    assert CANARY not in caplog.text


def test_a_crash_in_the_service_itself_is_a_plain_problem(make_app, monkeypatch, caplog):
    app = make_app()

    async def broken(request: Any) -> None:
        raise RuntimeError((await request.body()).decode())

    app.add_route("/broken", broken, methods=["POST"])

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)  # raises what escapes the app
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.post("/broken", content=CANARY)

    response = asyncio.run(ask())
    assert response.status_code == 500
    assert response.json()["type"] == "urn:afterword:problem:failed"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "RuntimeError at " in caplog.text
    assert CANARY not in response.text + caplog.text


def test_an_answer_that_breaks_off_raises_without_words(make_app):
    service = make_app().state.service

    async def half(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError(CANARY)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}

    async def ask() -> None:
        async def ignore(message: Any) -> None: ...

        await Envelope(half, metrics=service.metrics)(scope, ignore, ignore)  # type: ignore[arg-type]

    with pytest.raises(RuntimeError, match="broke off") as caught:
        asyncio.run(ask())
    assert caught.value.__suppress_context__


def test_a_logged_traceback_shows_places_and_no_words():
    try:
        raise ValueError(CANARY)
    except ValueError as err:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), (ValueError, err, err.__traceback__))
    text = TextFreeFormatter("%(message)s").format(record)
    assert text.startswith("failed\nValueError at ")
    assert CANARY not in text
