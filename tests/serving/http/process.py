"""`afterword serve` as a process of its own, for tests."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[3]
PATIENCE = 600
"""Seconds that a service may take to start on a busy machine."""

Start = Callable[..., tuple[subprocess.Popen[bytes], str, Path]]


@contextmanager
def starting(flags: Sequence[str], folder: Path) -> Iterator[Start]:
    """Give a function that starts a service with these and with chosen flags; all are ended at the end."""
    paths = os.pathsep.join(str(ROOT / part) for part in ("model", "serving"))
    command = [sys.executable, "-m", "afterword_serving", "serve"]
    command += [*flags, "--port", "0"]
    log = folder / "log"
    with ExitStack() as running, log.open("w") as stderr:

        def begin(*flags: str, **environment: str) -> tuple[subprocess.Popen[bytes], str, Path]:
            process = subprocess.Popen(
                [*command, *flags],
                env=os.environ | {"PYTHONPATH": paths} | environment,
                cwd=folder,
                stderr=stderr,
                start_new_session=True,
            )
            running.enter_context(process)
            running.callback(_end_group, process.pid)
            return process, _address(log, process), log

        yield begin


def wait_until_ready(url: str) -> None:
    until = time.monotonic() + PATIENCE
    while httpx.get(f"{url}/health/ready", timeout=200).status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.1)


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + PATIENCE
    while not (found := re.search(r"listens on (http://[\d.]+:\d+) ", log.read_text())):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until
        time.sleep(0.1)
    return found[1]


def _end_group(leader: int) -> None:
    """End the process and its workers, whatever became of it."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
