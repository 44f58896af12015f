"""The installed command, killed at random moments and gone on with after each."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from afterword_serving.cli import main

pytestmark = pytest.mark.slow


KILLS = int(os.environ.get("AFTERWORD_KILLS", "3"))
"""Twenty take a minute and a half: AFTERWORD_KILLS=20."""
CHUNK = 128
BROKEN = 5
"""The line that is no entry."""
SECONDS = 900


def test_killed_at_random_moments_it_gives_what_an_undisturbed_run_gives(tmp_path, artifact_folder):
    journal, out, whole = (tmp_path / name for name in ("j.jsonl", "out.jsonl", "whole.jsonl"))
    lines = [json.dumps({"id": f"e{n}", "text": f"Note {n}: I waited."}) for n in range(KILLS * 3 * CHUNK)]
    lines[BROKEN] = "{broken"
    journal.write_text("\n".join(lines), encoding="utf-8")
    words = ["classify", journal, "--model", artifact_folder, "-o"]
    command = [_afterword(), *words]
    moment = random.Random(20)
    reached = []

    for _ in range(KILLS):
        running = subprocess.Popen([*command, out, "--resume"], stderr=subprocess.DEVNULL)
        before = reached[-1] if reached else 0
        _wait_for_more(out, before, running)
        time.sleep(moment.uniform(0, 0.03))
        running.kill()
        assert running.wait() == -signal.SIGKILL
        assert not out.exists()
        reached.append(_reached(out))
    again = subprocess.run([*command, out, "--resume"], capture_output=True, check=False, timeout=SECONDS)
    CliRunner().invoke(main, [*map(str, words), str(whole)])

    assert reached == sorted(set(reached))
    assert f"Going on after {reached[-1]} entries." in again.stderr.decode()
    assert again.returncode == 1  # one line is broken
    assert out.read_bytes() == whole.read_bytes()
    ids = [json.loads(line)["id"] for line in out.read_text(encoding="utf-8").splitlines()]
    assert ids == [f"e{n}" for n in range(len(lines)) if n != BROKEN]
    record = json.loads(out.with_name("out.jsonl.run.json").read_bytes())
    assert record["resumed_after"] == reached[-1] > 0
    assert record["rows"] == record["entries"] == len(ids)
    left = sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("out"))
    assert left == ["out.jsonl", "out.jsonl.run.json"]


def _afterword() -> Path:
    return Path(sys.executable).with_name("afterword")


def _reached(out: Path) -> int:
    progress = out.with_name(out.name + ".part.json")
    return json.loads(progress.read_bytes())["reached"]["entries"] if progress.exists() else 0


def _wait_for_more(out: Path, before: int, running: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS
    while _reached(out) <= before and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
