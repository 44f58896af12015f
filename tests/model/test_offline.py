import os
import subprocess
import sys
from pathlib import Path

import pytest

import afterword_model

ROOT = Path(afterword_model.__file__).parents[1]


@pytest.mark.slow
def test_the_runtime_keeps_no_id_of_the_device_and_so_reports_nothing(tmp_path: Path):
    code = "import afterword_model.encoder, onnxruntime; onnxruntime.SessionOptions()"
    places = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    without = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", code], env=without | places, check=True)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
