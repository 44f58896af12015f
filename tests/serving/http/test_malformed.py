"""Many malformed requests to a service of its own: no 500, no word comes back or is logged, no memory is kept.

AFTERWORD_MALFORMED says how many; 100,000 take a while.
"""

import asyncio
import os
import random
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.serving.http.malformed import CANARY, malformed
from tests.serving.http.process import Start, wait_until_ready

pytestmark = pytest.mark.slow


COUNT = int(os.environ.get("AFTERWORD_MALFORMED", "1500"))
CONNECTIONS = 8
_NOT_IN_A_HEAD = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MOST_GROWTH = 60_000_000
"""Bytes that a process may grow by once it has seen a tenth of the requests."""


def test_malformed_requests_end_in_problems_and_leak_nothing(start: Start):
    process, url, log = start("--log-level", "debug", AFTERWORD_REPORTS_AT_ONCE=str(CONNECTIONS))
    wait_until_ready(url)
    chance = random.Random(5)
    requests = [chance.getrandbits(64) for _ in range(COUNT)]
    statuses, before = Counter[int](), 0
    for part in (requests[: COUNT // 10], requests[COUNT // 10 :]):
        before = _memory(process.pid)
        statuses += asyncio.run(_send_all(url, part))
    after = _memory(process.pid)
    print(f"\n{COUNT} malformed requests: {dict(sorted(statuses.items()))}; {after - before:+} bytes of memory")  # noqa: T201
    assert statuses.total() == COUNT
    assert not [status for status in statuses if status >= 500]
    assert statuses[400] and statuses[404] and statuses[405] and statuses[415] and statuses[421] and statuses[422]  # noqa: PT018
    assert after - before < MOST_GROWTH
    assert process.poll() is None
    _check_log(log)


async def _send_all(url: str, seeds: list[int]) -> Counter[int]:
    waiting = iter(seeds)
    statuses = Counter[int]()

    async def client() -> None:
        for seed in waiting:
            statuses[await _send(url, seed)] += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(client())
    return statuses


async def _send(url: str, seed: int) -> int:
    """Return the status of the answer to one request, over a connection that ends with it."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        sent = malformed(random.Random(seed))
        writer.write(sent.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        answer = await asyncio.wait_for(reader.read(), 120)
    except ConnectionResetError:  # the server answered at the head, which is no HTTP, while the body was on its way
        assert _NOT_IN_A_HEAD.search(sent.partition(b"\r\n\r\n")[0]), seed
        return 400
    finally:
        writer.close()
    assert answer.startswith(b"HTTP/1.1 "), seed
    status = int(answer[9:12])
    head, _, body = answer.partition(b"\r\n\r\n")
    if status >= 400 and b"Invalid HTTP request" not in body:
        assert b"application/problem+json" in head, seed
    if status >= 400:
        assert CANARY.encode() not in answer.lower(), seed
    return status


def _memory(process: int) -> int:
    """Return the bytes that a process holds in memory."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        pytest.skip("needs /proc")
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status.read_text())[0]) * 1024


def _check_log(log: Path) -> None:
    said = log.read_text()
    assert CANARY not in said.lower()
    assert "Traceback" not in said
    assert "ERROR" not in said
