import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def environment():
    paths = [HERE, *(ROOT / name for name in ("model", "training", "serving"))]
    return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))}


def journal(path, count):
    texts = [f"Note {n}, slowly. Then I left. " + "poison" * (n == 5) for n in range(count)]
    lines = [json.dumps({"id": f"e{n}", "text": text}) for n, text in enumerate(texts)]
    lines[9] = "{broken"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.parametrize(
    ("ending", "chunk", "points", "by"),
    [("jsonl", 8, 25, "entry"), ("csv", 40, 9, "entry"), ("parquet", 40, 9, "entry"), ("jsonl", 20, 9, "sentence")],
)
def test_killed_at_any_point_and_gone_on_with_it_is_as_if_undisturbed(tmp_path, ending, chunk, points, by):
    path = journal(tmp_path / "j.jsonl", 61)

    done = subprocess.run(
        [sys.executable, HERE / "kill_and_resume.py", path, tmp_path, ending, str(chunk), by],
        env=environment(),
        capture_output=True,
        check=True,
        timeout=600,
    )

    outcomes = list(json.loads(done.stdout).values())
    *killed, undisturbed = outcomes
    assert undisturbed[0] == 0
    assert len(killed) >= points
    assert {outcome[0] for outcome in killed} == {-signal.SIGKILL}
    assert {outcome[1] for outcome in killed} == {0}
    assert {outcome[2] for outcome in outcomes} == {undisturbed[2]}
    assert [outcome[3] for outcome in outcomes if outcome[3]] == []
