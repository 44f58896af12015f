import shutil
from pathlib import Path

import pytest

from afterword_model.artifact import verify
from afterword_model.errors import ArtifactError
from afterword_training.config import load_config
from afterword_training.corpus import corpus_sha256
from afterword_training.peers.base import Setup
from afterword_training.peers.ours import Artifact
from afterword_training.release import METRICS


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


@pytest.mark.parametrize("change", [{"name": "other"}, {"version": "9"}])
def test_an_artifact_of_another_configuration_says_so(artifact_folder: Path, tiny_config: Path, change: dict[str, str]):
    manifest = verify(artifact_folder)
    config = load_config(tiny_config).model_copy(update={"name": manifest.name, "version": manifest.version})
    same = Setup(config, manifest.corpus_sha256, model=artifact_folder)
    other = Setup(config.model_copy(update=change), manifest.corpus_sha256, model=artifact_folder)
    assert Artifact(same).settings.endswith("trained before, on these notes")
    assert "another configuration" in Artifact(other).settings
