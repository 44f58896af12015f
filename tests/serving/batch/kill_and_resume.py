"""Run by `test_resume`: kills runs at many points and goes on with each, in children that can be killed for good.

Prints one line of JSON: for every point, how often it took to come through and the digest of the results.
"""

import hashlib
import io
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from conftest import Oracle

from afterword_model.segment import sentences
from afterword_serving import batch, output_file
from afterword_serving.run import Job, check_job, run
from afterword_serving.units import By


def main(journal: str, folder: str, ending: str, chunk: str, by: By) -> None:
    """Try every point, from the first write to the last rename."""
    batch.CHUNK = int(chunk)
    if by == "sentence":
        sentences("Cut once, so that no child has to build the tokenizer again.")
    outcomes = {}
    for point in range(1, 200):
        out = Path(folder) / f"{point}.{ending}"
        killed = _attempt(journal, out, by, _killer(point))
        status = _attempt(journal, out, by, None) if killed else 0
        outcomes[point] = (killed, status, hashlib.sha256(out.read_bytes()).hexdigest(), _left_over(out))
        if not killed:
            break
    sys.stdout.write(json.dumps(outcomes))


def _attempt(journal: str, out: Path, by: By, kill: Callable[[], None] | None) -> int:
    child = os.fork()
    if not child:
        if kill:
            for name in ("fsync", "replace"):
                setattr(output_file.os, name, _before(getattr(os, name), kill))
        job = Job((journal,), out, out.suffix[1:], resume=True, by=by)
        check_job(job)
        run(job, Oracle(), None, io.BytesIO())
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _killer(point: int) -> Callable[[], None]:
    calls = 0

    def kill() -> None:
        nonlocal calls
        calls += 1
        if calls == point:
            os.kill(os.getpid(), signal.SIGKILL)

    return kill


def _before(call: Callable[..., object], kill: Callable[[], None]) -> Callable[..., object]:
    def wrapped(*args: object) -> object:
        kill()
        return call(*args)

    return wrapped


def _left_over(out: Path) -> list[str]:
    return sorted(each.name for each in out.parent.glob(f"{out.name}.*") if not each.name.endswith(".run.json"))


main(*sys.argv[1:])
