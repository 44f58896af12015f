"""POST /report: a journal file in, the page of counts out, and nothing kept."""

import asyncio
import io
import json
import os
import re
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.serving.http.test_batching import ANSWER, Held, begun, speaking_to

from afterword_model import LABELS, Classifier
from afterword_serving import uploads
from afterword_serving.entry import Entry
from afterword_serving.journals import ReadOptions, beside, notion, read_journals
from afterword_serving.limits import File
from afterword_serving.report import Options
from afterword_serving.settings import Settings

SAMPLE = Path(__file__).parents[3] / "data" / "samples" / "dayone-export.zip"
STEP = "On Thursday I will count to ten before I say anything."
CANARY = "xylocanary"
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def send(client: TestClient, data: bytes, name: str = "journal.txt", **query: Any) -> httpx.Response:
    return client.post("/report", content=data, headers=headers(name), params=query)


def headers(name: str = "journal.txt") -> dict[str, str]:
    return {"content-type": "application/octet-stream", "content-disposition": f'attachment; filename="{name}"'}


def lines(*texts: str) -> bytes:
    rows = ({"id": str(number), "text": text, "date": "2026-03-02"} for number, text in enumerate(texts))
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("</style>")[2]).split())


def check(response: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == f"urn:afterword:problem:{slug}"
    return response.json()  # type: ignore[no-any-return]


@pytest.fixture
def fast(make_client: Callable[..., TestClient], stand_in: Callable[..., Any]) -> Callable[..., TestClient]:
    """Make a client of a service whose model answers at once."""
    return lambda **settings: make_client(stand_in(lambda texts: [ANSWER] * len(texts)), **settings)


def test_an_export_gives_the_counts_that_the_classifier_gives(client: TestClient, classifier: Classifier):
    response = send(client, SAMPLE.read_bytes(), SAMPLE.name)
    texts = [item.text for item in read_journals([str(SAMPLE)]) if isinstance(item, Entry)]
    labels = [prediction.label for prediction in classifier.predict(texts)]
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "script" not in response.headers["content-security-policy"]
    counts = [int(count) for count in re.findall(r"<dd><strong>([\d,]+)</strong>", response.text)]
    assert counts == [labels.count(label) for label in LABELS]
    assert response.text.count("<svg") == 5
    assert "--" not in words_of(response.text)
    metrics = client.get("/metrics").text
    assert sum(float(n) for n in re.findall(r"predictions_total\{.*\} (\S+)", metrics)) == len(texts)


def test_words_are_shown_only_where_asked_for(client: TestClient):
    data = lines(f"{CANARY}. {STEP}", "Why did I say that? I should have known.")
    plain = send(client, data, prompts=False)
    quoted = send(client, data, include_text=True)
    assert CANARY not in plain.text
    assert "What would you try next time?" not in plain.text
    assert CANARY in quoted.text
    assert "holds words from the notes" in quoted.text


@pytest.mark.parametrize("folder", ["Takeout/Keep", "Vault", "Entries"])
def test_the_name_of_a_notes_file_which_can_be_its_title_is_not_shown(fast: Callable[..., TestClient], folder: str):
    keep = {"textContent": STEP, "title": CANARY, "isTrashed": False, "userEditedTimestampUsec": 1772497800000000}
    files = {f"{folder}/{CANARY}.json": json.dumps(keep).encode(), f"{folder}/{CANARY}.md": STEP.encode()}
    page = send(fast(), zipped(**files), "a.zip").text
    assert "2 entries" in words_of(page)
    assert CANARY not in page


def test_a_text_file_can_be_cut_at_dates(fast: Callable[..., TestClient]):
    data = b"2 March 2026\nOne thing.\n\n3 March 2026\nAnother thing.\n"
    assert "2 entries from 2 March 2026" in words_of(send(fast(), data, split="dates").text)


def test_a_time_in_utc_is_told_by_the_clock_of_the_writer(fast: Callable[..., TestClient]):
    note = {"textContent": STEP, "title": "", "isTrashed": False, "userEditedTimestampUsec": 1772497800000000}  # 00:30
    data = json.dumps(note | {"color": "DEFAULT", "isPinned": False, "isArchived": False}).encode()
    assert "3 March 2026" in words_of(send(fast(), data, "note.json").text)
    assert "3 March 2026" in words_of(send(fast(), data, "note.json", timezone="").text)
    there = words_of(send(fast(), data, "note.json", timezone="America/New_York").text)
    assert "2 March 2026" in there
    assert "3 March 2026" not in there


@pytest.mark.parametrize("zone", [f"Mars/{CANARY}", "../etc/passwd", "/etc/passwd", "a\0b", "x" * 10_000])
def test_a_time_zone_that_is_none_is_refused(fast: Callable[..., TestClient], zone: str):
    response = send(fast(), STEP.encode(), timezone=zone)
    assert check(response, 422, "invalid")["errors"] == [{"where": "timezone", "problem": "is not as /docs says"}]
    assert zone not in response.text


def test_what_was_left_out_is_told_by_kind_and_without_names(fast: Callable[..., TestClient]):
    files = {"xylocanary.jsonl": lines(STEP, "") + b"{xylocanary\n", "c.md": b"x" * 2_001}
    page = send(fast(max_characters=2_000), zipped(**files), "a.zip").text
    assert "3 items were left out" in words_of(page)
    for told in ("1 that are broken JSON", "1 with no words in them", "1 too large to be one entry"):
        assert f"<li>{told}</li>" in page
    assert "xylocanary.jsonl" not in page


def test_a_name_that_cannot_be_put_together_is_as_none(fast: Callable[..., TestClient]):
    named = {"content-disposition": "attachment; filename*=utf-8''a.txt; filename*0=x"}
    response = fast().post("/report", content=lines(STEP), headers=headers() | named)
    assert response.status_code == 200


def test_an_entry_the_model_fails_on_does_not_cost_its_neighbours(make_client: Any, stand_in: Any):
    def predict(texts: list[str]) -> Any:
        if any("poison" in text for text in texts):
            raise ValueError(texts)
        return [ANSWER] * len(texts)

    page = send(make_client(stand_in(predict)), lines("a word", "poison", "a word")).text
    assert "2 entries of 2 March 2026" in words_of(page)
    assert "<li>1 that the model failed on</li>" in page


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "holds 1 part with no words in them"),
        (b"%PDF-1.7 xylocanary", "a PDF; copy its text"),
        (b"PAR1 xylocanary PAR1", "`afterword classify` reads"),
        (b"PK\x03\x04 xylocanary", "the zip is damaged"),
        (b'{"xylocanary": "a"}', "without a text column"),
        (b"\x00\xff\xfe\x01", "of a format not read here"),
        (zipped(**{"xylocanary.bin": b"\x00\x01"}), "of a format not read here"),
        (b"[]", ""),
    ],
)
def test_a_file_in_which_nothing_can_be_read(fast: Callable[..., TestClient], data: bytes, told: str):
    response = send(fast(), data, "xylocanary")
    errors = check(response, 422, "nothing-read").get("errors", [])
    assert any(told in error["problem"] and error["where"] == "the file" for error in errors) or not told
    assert CANARY not in response.text


def test_bounds_on_bytes_entries_and_what_a_zip_unpacks_to(fast: Callable[..., TestClient]):
    client = fast(max_file_bytes=2_000, max_unpacked_bytes=1_000, max_entries=3)
    assert "2000 bytes" in check(send(client, b"a" * 2_001), 413, "too-large")["detail"]
    assert "3 entries" in check(send(client, lines(*"abcd")), 413, "too-large")["detail"]
    [error] = check(send(client, zipped(**{"a.txt": b"a " * 600})), 422, "nothing-read")["errors"]
    assert "looks unsafe" in error["problem"]
    inner = zipped(**{"a.md": b"a b " * 100})
    page = send(client, zipped(**{f"{number}.zip": inner for number in range(4)}), "a.zip").text
    assert "1 entry." in words_of(page)
    assert "looks unsafe" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"content-type": "text/plain"},
        {"content-type": "multipart/form-data; boundary=a"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": ""},
        {"content-encoding": "gzip"},
    ],
)
def test_a_page_of_another_site_cannot_send_a_file(fast: Callable[..., TestClient], wrong: dict[str, str]):
    check(fast().post("/report", content=b"a b c", headers=headers() | wrong), 415, "wrong-media-type")


@pytest.mark.parametrize("query", [{"split": CANARY}, {"include_text": CANARY}, {"prompts": "\x00"}])
def test_a_parameter_that_is_not_known(fast: Callable[..., TestClient], query: dict[str, str]):
    response = send(fast(), b"a b c", **query)
    check(response, 422, "invalid")
    assert CANARY not in response.text


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\a\\b.md", "a\x7f\x80.md", "'" * 900, "%ff.md", "=?utf-8?q?a?="]
)
def test_any_name_will_do(fast: Callable[..., TestClient], name: str):
    sent = headers() | {"content-disposition": f'attachment; filename="{name}"'.encode("latin-1")}
    response = fast().post("/report", content=b"", headers=sent)  # type: ignore[arg-type]
    check(response, 422, "nothing-read")


def test_reports_can_be_switched_off(fast: Callable[..., TestClient]):
    client = fast(reports=False)
    check(send(client, b"a b c"), 404, "not-found")
    assert 'type="file"' not in client.get("/").text
    assert "/report" not in client.get("/openapi.json").json()["paths"]


@pytest.fixture
def written() -> Iterator[list[str]]:
    """Gather the paths of all files that are opened for writing, or made, from now on."""
    paths: list[str] = []
    listening = True

    def listen(event: str, arguments: tuple[Any, ...]) -> None:
        if not listening:
            return
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
            paths.append(str(arguments[0]))
        elif event in {"tempfile.mkstemp", "tempfile.mkdtemp", "os.mkdir", "os.rename"}:
            paths.append(f"{event} {arguments[0]}")

    sys.addaudithook(listen)
    yield paths
    listening = False


def test_nothing_is_written_to_disk(fast: Callable[..., TestClient], written: list[str]):
    client = fast()
    large = zipped(**{"a.jsonl": lines(*(f"{CANARY} {number} " + "word " * 200 for number in range(300)))})
    assert send(client, large, "a.zip").status_code == 200  # the first one makes the plotting library's font cache
    written.clear()
    assert send(client, large, "a.zip", include_text=True).status_code == 200
    assert not [path for path in written if path != os.devnull]


def test_one_after_another_where_only_one_may_be_made(make_app: Callable[..., FastAPI], stand_in: Any):
    held = Held()
    held.go.set()

    async def ask() -> None:
        async with speaking_to(make_app(stand_in(held), reports_at_once=1)) as client:
            held.go.clear()
            held.begun.clear()
            first = asyncio.create_task(client.post("/report", content=lines("a b"), headers=headers()))
            await begun(held)
            second = await client.post("/report", content=lines("a b"), headers=headers())
            check(second, 503, "busy")
            assert second.headers["retry-after"] == "1"
            assert (await client.get("/health/live")).status_code == 200
            held.go.set()
            assert (await first).status_code == 200
            check(await client.post("/report", content=b"[]", headers=headers()), 422, "nothing-read")

    asyncio.run(ask())


def test_a_full_queue_is_waited_for(make_app: Callable[..., FastAPI], stand_in: Any):
    held = Held()
    held.go.set()

    async def ask() -> None:
        app = make_app(stand_in(held), queue_notes=2, max_notes=2, batch_notes=2, batch_wait_ms=0)
        async with speaking_to(app) as client:
            held.go.clear()
            held.begun.clear()
            notes = {"notes": [{"id": "a", "text": "b"}] * 2}
            others = [asyncio.create_task(client.post("/predict", json=notes))]
            await begun(held)
            others.append(asyncio.create_task(client.post("/predict", json=notes)))
            await asyncio.sleep(0)
            report = asyncio.create_task(client.post("/report", content=lines("a b", "c d"), headers=headers()))
            await asyncio.sleep(0.3)
            assert not report.done()
            held.go.set()
            assert (await report).status_code == 200
            assert [(await other).status_code for other in others] == [200, 200]

    asyncio.run(ask())


def test_it_ends_when_it_takes_too_long(make_client: Any, stand_in: Any):
    def slow(texts: list[str]) -> Any:
        time.sleep(0.2)
        return [ANSWER] * len(texts)

    client = make_client(stand_in(slow), report_seconds=3, batch_notes=1)
    assert "3 seconds" in check(send(client, lines(*["a b"] * 99)), 413, "too-large")["detail"]


def test_it_is_told_busy_where_the_model_was_not_free_for_it(make_app: Callable[..., FastAPI], stand_in: Any):
    held = Held()
    held.go.set()

    async def ask() -> None:
        async with speaking_to(make_app(stand_in(held), report_seconds=2, batch_notes=1)) as client:
            held.go.clear()
            held.begun.clear()
            other = asyncio.create_task(client.post("/predict", json={"text": "a"}))
            await begun(held)
            report = await client.post("/report", content=lines("a b"), headers=headers())
            check(report, 503, "busy")
            assert report.headers["retry-after"] == "1"
            held.go.set()
            assert (await other).status_code == 200

    asyncio.run(ask())


def test_it_ends_when_the_client_goes_away(make_app: Callable[..., FastAPI], stand_in: Any):
    model = stand_in(lambda texts: [ANSWER] * len(texts))
    app = make_app(model, batch_notes=1)
    sent: list[Any] = []
    messages = [{"type": "http.request", "body": lines(*"abcdefgh")}]
    raw = [(name.encode(), value.encode()) for name, value in (headers() | {"host": "localhost"}).items()]
    scope = {"type": "http", "method": "POST", "path": "/report", "query_string": b"", "headers": raw}

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def keep(message: Any) -> None:
        sent.append(message)

    async def ask() -> None:
        async with app.router.lifespan_context(app):
            model.batches.clear()
            await app(scope, receive, keep)

    asyncio.run(ask())
    assert sent[0]["status"] == 400
    assert not model.batches


def test_a_reader_that_breaks_tells_no_words(
    fast: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*arguments: object) -> Any:
        raise ValueError(CANARY, arguments)

    monkeypatch.setattr(uploads, "read_source", broken)
    response = send(fast(), CANARY.encode(), f"{CANARY}.txt")
    check(response, 500, "failed")
    assert "request failed" in caplog.text
    assert "ValueError at " in caplog.text
    assert CANARY not in caplog.text + response.text + str(response.headers)


def test_nobody_waiting_means_nothing_is_read():
    stop = threading.Event()
    memory = uploads._Memory(b"a b c", stop)
    assert memory.read(1) == b"a"
    stop.set()
    with pytest.raises(uploads.Stopped):
        memory.read()


def test_a_reading_under_way_ends_once_nobody_waits():
    file = File("a.jsonl", lines(*[STEP * 20] * 2000))
    upload = uploads.Upload(file, ReadOptions(), Options(), Settings())
    assert upload.read()
    upload.stop()
    with pytest.raises(uploads.Stopped):
        list(iter(upload.read, []))


def test_a_report_fits_into_a_queue_smaller_than_a_batch(fast: Callable[..., TestClient]):
    client = fast(queue_notes=4, max_notes=4, batch_notes=32)
    assert "9 entries" in words_of(send(client, lines(*[STEP] * 9)).text)


def test_titles_of_notes_do_not_stay_after_the_answer(fast: Callable[..., TestClient], tmp_path: Path):
    name = f"{CANARY} 0123456789abcdef0123456789abcdef.md"
    data = zipped(**{f"Export/{name}": f"# {CANARY}\n\n{STEP}".encode(), "Export/b.csv": b"Name\nx\n"})
    (tmp_path / "a.zip").write_bytes(data)
    list(read_journals([str(tmp_path / "a.zip")]))
    assert notion._export.cache_info().currsize
    assert send(fast(), data, "a.zip").status_code == 200
    assert notion._export.cache_info().currsize == beside._as_shown.cache_info().currsize == 0


def test_a_name_in_an_encoding_that_does_not_hold_it_will_do(fast: Callable[..., TestClient]):
    for coded in ("idna''x", "utf-8''%ff", "nosuch''x", "utf-7''%2b"):
        sent = headers() | {"content-disposition": f"attachment; filename*={coded}"}
        check(fast().post("/report", content=b"", headers=sent), 422, "nothing-read")
