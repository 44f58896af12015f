import shutil
from pathlib import Path

import pytest

from afterword_model.errors import ArtifactError
from afterword_training.config import load_config
from afterword_training.corpus import corpus_sha256
from afterword_training.peers.base import Setup
from afterword_training.peers.ours import Artifact, recorded_seconds
from afterword_training.release import METRICS


@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        ('{"train_seconds": 12.5}', 12.5),
        ('{"train_seconds": 90}', 90.0),
        ('{"train_seconds": true}', None),
        ('{"train_seconds": "long"}', None),
        ('{"model": "x"}', None),
        ("[1]", None),
        ("not json", None),
    ],
)
def test_training_time_is_read_where_it_is_recorded(tmp_path: Path, content: str, seconds: float | None):
    (tmp_path / METRICS).write_text(content, encoding="utf-8")
    assert recorded_seconds(tmp_path / METRICS) == seconds


def test_no_record_no_time(tmp_path: Path):
    assert recorded_seconds(tmp_path / METRICS) is None


def test_size_is_that_of_the_folder(artifact_folder: Path, tiny_config: Path, tiny_notes: Path, tmp_path: Path):
    folder = tmp_path / "artifact"
    shutil.copytree(artifact_folder, folder)
    (folder / METRICS).write_bytes(b" " * 2_000_000)
    setup = Setup(load_config(tiny_config), corpus_sha256(tiny_notes), model=folder)
    size = sum(file.stat().st_size for file in folder.iterdir())
    assert Artifact(setup).megabytes() == pytest.approx(size / 1e6)


def test_an_artifact_of_other_notes_says_so(artifact_folder: Path, tiny_config: Path):
    artifact = Artifact(Setup(load_config(tiny_config), "f" * 64, model=artifact_folder))
    assert "other notes" in artifact.settings


def test_no_artifact_is_an_error_before_fitting(tiny_config: Path, tmp_path: Path):
    with pytest.raises(ArtifactError):
        Artifact(Setup(load_config(tiny_config), "f" * 64, model=tmp_path / "none"))
