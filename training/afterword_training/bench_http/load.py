"""Load: clients that each send a request as soon as the last one is answered, and what they saw."""

import itertools
import json
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import numpy as np

from afterword_training.bench_http.servers import Server

_HEADERS = {"Content-Type": "application/json"}
_TIMEOUT = 900
"""Seconds in which an answer has to come."""
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
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

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
    seen = Seen(clients, notes_each)
    requests = _Requests(server, texts, notes_each)
    began = time.perf_counter()
    work = [_Client(server, url, requests, seen) for _ in range(clients)]
    with ThreadPoolExecutor(clients) as threads:
        for done in [threads.submit(client.ask_until, began + seconds) for client in work]:
            done.result()
    seen.seconds = time.perf_counter() - began
    return seen


class _Requests:
    """Number and body of one request after another; the texts go round."""

    def __init__(self, server: Server, texts: Sequence[str], notes_each: int) -> None:
        self._lock = threading.Lock()
        self._bodies = _bodies(server, texts, notes_each)

    def next(self) -> tuple[int, bytes]:
        with self._lock:
            return next(self._bodies)


class _Client:
    """One client with its connection."""

    def __init__(self, server: Server, url: str, requests: _Requests, seen: Seen) -> None:
        self._server, self._requests, self._seen = server, requests, seen
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=_TIMEOUT)

    def ask_until(self, until: float) -> None:
        while time.perf_counter() < until:
            number, body = self._requests.next()
            began = time.perf_counter()
            try:
                status, answer = self._ask(body)
            except (OSError, HTTPException) as err:
                self._connection.close()
                self._failed(type(err).__name__)
                continue
            if status != 200:
                self._failed(str(status))
                continue
            self._answered(number, answer, time.perf_counter() - began)
        self._connection.close()

    def _ask(self, body: bytes) -> tuple[int, bytes]:
        """Return status and body of the answer; a request refused for want of room is sent again."""
        while True:
            self._connection.request("POST", self._server.path, body, _HEADERS)
            response = self._connection.getresponse()
            answer = response.read()
            if response.status != 503:
                return response.status, answer
            with self._seen.lock:
                self._seen.refused += 1
            time.sleep(_AGAIN)

    def _answered(self, number: int, answer: bytes, seconds: float) -> None:
        answered = self._server.answered(number, self._seen.notes_each, json.loads(answer))
        with self._seen.lock:
            self._seen.sent += self._seen.notes_each
            self._seen.answered += answered
            self._seen.latencies.append(seconds)

    def _failed(self, why: str) -> None:
        with self._seen.lock:
            self._seen.sent += self._seen.notes_each
            self._seen.failures.append(why)


def _bodies(server: Server, texts: Sequence[str], notes_each: int) -> Iterator[tuple[int, bytes]]:
    around = itertools.cycle(texts)
    for number in itertools.count():
        notes = list(itertools.islice(around, notes_each))
        yield number, json.dumps(server.body(number, notes)).encode()
