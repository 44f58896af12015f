"""Load: clients that each send a request as soon as the last one is answered, and what they saw."""

import asyncio
import itertools
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import aiohttp
import numpy as np

from afterword_training.bench_http.servers import Server

_HEADERS = {"Content-Type": "application/json"}
_TIMEOUT = aiohttp.ClientTimeout(total=900)
_AGAIN = 0.1
"""Seconds until a request that was refused for want of room is sent again."""


@dataclass
class Seen:
    """What the clients of one run saw."""

    clients: int
    notes_each: int
    """Notes in a request."""
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    """Seconds from the first try to the whole answer, of each request that got one."""
    sent: int = 0
    """Notes."""
    answered: int = 0
    refused: int = 0
    """Requests that were told to come again (503) and did."""
    failures: list[str] = field(default_factory=list)
    """Status or kind of error of each request that got no answer."""

    @property
    def lost(self) -> int:
        """Notes that were sent and not answered."""
        return self.sent - self.answered

    @property
    def requests_per_second(self) -> float:
        """Answered requests over the time until the last answer."""
        return len(self.latencies) / self.seconds

    @property
    def notes_per_second(self) -> float:
        """Answered notes over the same time."""
        return self.answered / self.seconds

    def percentile(self, percent: float) -> float:
        """Return the latency in milliseconds that this share of the requests stays within; NaN without any."""
        return float(np.percentile(self.latencies, percent)) * 1000 if self.latencies else float("nan")


def put_under_load(
    server: Server, url: str, texts: Sequence[str], *, clients: int, notes_each: int, seconds: float
) -> Seen:
    """Return what `clients` saw who asked for `seconds`, each over a connection of its own, and waited for the last."""
    return asyncio.run(_all(server, f"{url}{server.path}", texts, Seen(clients, notes_each), seconds))


async def _all(server: Server, url: str, texts: Sequence[str], seen: Seen, seconds: float) -> Seen:
    bodies = _bodies(server, texts, seen.notes_each)
    connections = aiohttp.TCPConnector(limit=seen.clients)
    async with aiohttp.ClientSession(connector=connections, timeout=_TIMEOUT, headers=_HEADERS) as session:
        began = time.perf_counter()
        until = began + seconds
        await asyncio.gather(*(_client(session, server, url, bodies, seen, until) for _ in range(seen.clients)))
        seen.seconds = time.perf_counter() - began
    return seen


async def _client(
    session: aiohttp.ClientSession,
    server: Server,
    url: str,
    bodies: Iterator[tuple[int, bytes]],
    seen: Seen,
    until: float,
) -> None:
    while time.perf_counter() < until:
        number, body = next(bodies)
        seen.sent += seen.notes_each
        began = time.perf_counter()
        try:
            answer = await _ask(session, url, body, seen)
        except (aiohttp.ClientError, TimeoutError) as err:
            seen.failures.append(type(err).__name__)
            continue
        if isinstance(answer, int):
            seen.failures.append(str(answer))
            continue
        seen.latencies.append(time.perf_counter() - began)
        seen.answered += server.answered(number, seen.notes_each, json.loads(answer))


async def _ask(session: aiohttp.ClientSession, url: str, body: bytes, seen: Seen) -> bytes | int:
    """Return the answer, or the status of one that is no success."""
    while True:
        async with session.post(url, data=body) as response:
            answer = await response.read()
            if response.status != 503:
                return answer if response.status == 200 else response.status
        seen.refused += 1
        await asyncio.sleep(_AGAIN)


def _bodies(server: Server, texts: Sequence[str], notes_each: int) -> Iterator[tuple[int, bytes]]:
    around = itertools.cycle(texts)
    for number in itertools.count():
        notes = list(itertools.islice(around, notes_each))
        yield number, json.dumps(server.body(number, notes)).encode()
