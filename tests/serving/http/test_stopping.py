"""Stopped under load, the service answers whatever it had accepted."""

import asyncio
import re
import signal
from collections.abc import Iterator

import httpx
import pytest
from tests.serving.http.process import Start, wait_until_ready

pytestmark = pytest.mark.slow


CLIENTS = 64
NOTES = (1, 1, 1, 40)
"""Notes of a client's requests, over and over."""


class Load:
    """Clients that ask without a pause until nobody answers; requests by their id."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: set[str] = set()
        self.whole: set[str] = set()
        """Answered with a prediction for every note."""
        self.broken: set[str] = set()
        """Sent, and the connection ended without an answer."""
        self.unconnected = 0

    async def run(self, stop: "asyncio.Event") -> None:
        async with asyncio.TaskGroup() as group:
            for client in range(CLIENTS):
                group.create_task(self._client(client, stop))

    async def _client(self, client: int, stop: "asyncio.Event") -> None:
        async with httpx.AsyncClient(base_url=self.url, timeout=300) as connection:
            for name, notes in _requests(client):
                self.asked.add(name)
                try:
                    response = await connection.post("/predict", json={"notes": notes}, headers={"x-request-id": name})
                except httpx.ConnectError:
                    self.unconnected += 1
                    return
                except httpx.TransportError:
                    self.broken.add(name)
                    return
                assert response.status_code == 200
                assert [each["id"] for each in response.json()["predictions"]] == [note["id"] for note in notes]
                self.whole.add(name)
                if len(self.whole) == 2 * CLIENTS:
                    stop.set()


def _requests(client: int) -> Iterator[tuple[str, list[dict[str, str]]]]:
    for number in range(10_000):
        size = NOTES[(client + number) % len(NOTES)]
        name = f"{client}-{number}"
        yield name, [{"id": f"{name}-{place}", "text": f"Why did I say {place}?"} for place in range(size)]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_being_stopped_under_load_loses_no_accepted_request(start: Start, workers: str):
    process, url, log = start("--workers", workers, AFTERWORD_QUEUE_NOTES="4000", AFTERWORD_SHUTDOWN_SECONDS="150")
    wait_until_ready(url)
    check_counts(url)
    load = Load(url)

    async def stop_amid() -> None:
        stop = asyncio.Event()
        asking = asyncio.create_task(load.run(stop))
        await stop.wait()
        process.send_signal(signal.SIGTERM)
        await asking

    asyncio.run(stop_amid())
    assert process.wait(200) in {0, -signal.SIGTERM}
    said = log.read_text()
    logged = re.findall(r"POST /predict (\d+) \S+ id=(\d+-\d+) ", said)
    answered = {name for _, name in logged}
    assert {status for status, _ in logged} == {"200"}
    assert answered == load.whole
    assert not load.broken & answered
    assert load.whole | load.broken <= load.asked
    assert len(load.whole) > 2 * CLIENTS
    assert not re.search(r"ERROR|Traceback|cancel", said, re.IGNORECASE)
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def check_counts(url: str) -> None:
    """Every worker tells what all of them counted."""
    for _ in range(6):
        assert httpx.post(f"{url}/predict", json={"text": "Why?"}, timeout=200).status_code == 200
    for _ in range(4):
        assert 'route="/predict",status="200"} 6.0' in httpx.get(f"{url}/metrics", timeout=200).text
