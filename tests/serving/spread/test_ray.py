"""Ray itself, on this machine, with a time-out: the installed command, and what it leaves in Ray's own files."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


pytest.importorskip("ray.data", reason="the extra `ray` is not installed")

ROOT = Path(__file__).parents[3]
SECONDS = 600


@pytest.fixture
def ray_files():
    """A folder for Ray's sessions; short, since sockets lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="r", dir="/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def command(artifact_folder, ray_files):
    paths = os.pathsep.join(str(ROOT / name) for name in ("model", "training", "serving"))
    unset = {name: value for name, value in os.environ.items() if name != "RAY_ADDRESS"}
    environment = unset | {"PYTHONPATH": paths, "RAY_TMPDIR": str(ray_files)}

    def build(*words):
        words = [
            sys.executable,
            "-m",
            "afterword_serving",
            "classify",
            *map(str, words),
            "--model",
            str(artifact_folder),
        ]
        return {"args": words, "env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}

    return build


def test_ray_gives_what_the_local_engine_gives_and_writes_no_word_of_a_note(
    folder, tmp_path, command, ray_files, canary
):
    with (folder / "b.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": "canary", "text": canary}) + "\n")

    there = subprocess.run(**command(folder, "-o", tmp_path / "there.jsonl", "--engine", "ray"), timeout=SECONDS)
    here = subprocess.run(**command(folder, "-o", tmp_path / "here.jsonl"), timeout=SECONDS)

    assert (there.returncode, here.returncode) == (1, 1), there.stderr.decode()  # one line is broken
    assert (tmp_path / "there.jsonl").read_bytes() == (tmp_path / "here.jsonl").read_bytes()
    told = [line for line in there.stderr.decode().splitlines() if "logging.cc" not in line]  # Ray's, of its log level
    assert "\n".join(told).replace("there", "here") == here.stderr.decode().strip("\n")
    written = [path for path in ray_files.rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if b"xylocanary" in path.read_bytes()]


def test_killed_and_gone_on_with_it_does_only_the_rest(folder, tmp_path, command):
    for number in range(6):
        shutil.copy(folder / "b.jsonl", folder / f"d{number}.jsonl")
    words = (folder, "-o", tmp_path / "out.jsonl", "--engine", "ray")
    first = subprocess.Popen(**command(*words), start_new_session=True)
    deadline = time.monotonic() + SECONDS
    while (
        not list((tmp_path / "out.jsonl.shards").glob("*.json"))
        and first.poll() is None
        and time.monotonic() < deadline
    ):
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate(timeout=SECONDS)
    assert not (tmp_path / "out.jsonl").exists()

    again = subprocess.run(**command(*words, "--resume"), timeout=SECONDS)
    subprocess.run(**command(folder, "-o", tmp_path / "here.jsonl"), timeout=SECONDS)

    assert "of 9 shards are done." in again.stderr.decode()
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "here.jsonl").read_bytes()


def test_a_problem_on_a_worker_is_told_in_one_line(folder, tmp_path, command):
    os.mkfifo(folder / "e.jsonl")  # listed by no one
    (tmp_path / "out.jsonl.shards").write_text("in the way")

    done = subprocess.run(**command(folder, "-o", tmp_path / "out.jsonl", "--engine", "ray"), timeout=SECONDS)

    assert done.returncode == 2
    assert "cannot be written" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "no address"])
def test_a_cluster_that_cannot_be_reached_is_told_in_one_line(folder, tmp_path, command, address):
    call = command(folder, "-o", tmp_path / "out.jsonl", "--engine", "ray")
    call["env"]["RAY_ADDRESS"] = address

    done = subprocess.run(**call, timeout=SECONDS)

    assert done.returncode == 2
    assert f"The Ray cluster at {address} cannot be reached" in done.stderr.decode()
    assert "Set RAY_ADDRESS to the HOST:PORT" in done.stderr.decode()  # asked before Ray is, which would never give up
    assert "Traceback" not in done.stderr.decode()
