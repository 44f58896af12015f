import os
import subprocess
import sys
from pathlib import Path

import pytest

from afterword_serving.metrics import MULTIPROCESS_FOLDER, Metrics


def test_a_process_that_died_is_no_longer_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    live, dead = (tmp_path / f"gauge_livesum_{process}.db" for process in (os.getpid(), gone.pid))
    counted = tmp_path / f"counter_{gone.pid}.db"
    for file in (live, dead, counted):
        file.write_bytes(bytes(8))
    monkeypatch.setenv(MULTIPROCESS_FOLDER, str(tmp_path))
    Metrics().render()
    assert set(tmp_path.iterdir()) == {live, counted}
