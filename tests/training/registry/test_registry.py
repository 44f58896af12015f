import logging
import shutil
import threading

import pytest
from filelock import FileLock

from afterword_model import Classifier, artifact
from afterword_model.errors import ArtifactError, ArtifactIncomplete, ArtifactNotFound, ConfigError, RegistryError
from afterword_model.registry import CHAMPION, SHIPPED, Registry
from afterword_training import registry as writing
from afterword_training.registry import Change, add, promote, reserve, rollback


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "registry"


@pytest.fixture
def filled(folder, make_artifact):
    """A registry with team-1 and team-2, the shipped model in use."""
    for version in ("1", "2"):
        add(folder, make_artifact(version))
    return folder


def champion(folder):
    return Registry(folder).pointer().champion


def test_adding_copies_and_leaves_the_champion(folder, artifact_folder):
    version = add(folder, artifact_folder)
    assert version == "afterword-tiny-0.0.1"
    assert artifact.verify(Registry(folder).artifact(version)) == artifact.verify(artifact_folder)
    assert champion(folder) == SHIPPED
    (artifact_folder / "plot.svg").touch()
    assert add(folder, artifact_folder) == version
    (artifact_folder / "plot.svg").unlink()


def test_adding_takes_the_whole_folder(folder, make_artifact):
    model = make_artifact("7")
    (model / "plots").mkdir()
    (model / "plots" / "reliability.svg").write_text("<svg/>")
    assert (Registry(folder).artifact(add(folder, model)) / "plots" / "reliability.svg").read_text() == "<svg/>"


def test_another_model_of_the_same_version_takes_no_place(filled, make_artifact):
    before = artifact.verify(Registry(filled).artifact("team-1"))
    with pytest.raises(ConfigError, match="another model called team-1"):
        add(filled, make_artifact("1", always="neither"))
    assert artifact.verify(Registry(filled).artifact("team-1")) == before


def test_a_damaged_model_is_not_added(filled, make_artifact):
    model = make_artifact("3")
    (model / artifact.MODEL).write_bytes(b"")
    with pytest.raises(ArtifactIncomplete):
        add(filled, model)
    assert Registry(filled).versions() == ["team-1", "team-2"]


def test_a_damaged_copy_is_told_and_not_taken_for_the_same(filled, make_artifact):
    (filled / "versions" / "team-1" / artifact.MODEL).write_bytes(b"")
    with pytest.raises(ConfigError, match="team-1 is there already but cannot be used"):
        add(filled, make_artifact("1"))


@pytest.mark.parametrize("name", ["../up", ".hidden", "a b", ""])
def test_a_name_unfit_for_a_folder_is_refused(folder, make_artifact, name):
    with pytest.raises(ConfigError, match="cannot be kept in a registry"):
        add(folder, make_artifact("1", name=name))
    with pytest.raises(ConfigError, match="cannot be kept in a registry"):
        reserve(folder, name)
    assert not Registry(folder).versions()


def test_what_an_interrupted_command_left_is_cleared(filled, make_artifact):
    left = filled / "versions" / ".adding-team-3"
    shutil.copytree(filled / "versions" / "team-1", left)
    assert add(filled, make_artifact("4")) == "team-4"
    assert not left.exists()


def test_promoting_and_going_back(filled):
    assert promote(filled, "team-1") == Change(SHIPPED, "team-1")
    assert promote(filled, "team-2") == Change("team-1", "team-2")
    assert promote(filled, "team-2") == Change("team-2", "team-2")
    assert rollback(filled) == Change("team-2", "team-1")
    assert rollback(filled) == Change("team-1", SHIPPED)
    with pytest.raises(RegistryError, match="No model was in use before shipped.*: shipped, team-1, team-2"):
        rollback(filled)
    assert [turn.action for turn in Registry(filled).pointer().history] == ["promote"] * 2 + ["rollback"] * 2


def test_promoting_over_a_model_that_is_no_longer_in_use_changes_nothing(filled):
    promote(filled, "team-1")
    assert promote(filled, "team-2", over=SHIPPED) == Change("team-1", "team-1")
    assert champion(filled) == "team-1"
    assert promote(filled, "team-2", over="team-1") == Change("team-1", "team-2")


def test_the_shipped_model_can_be_promoted_too(filled):
    promote(filled, "team-1")
    promote(filled, SHIPPED)
    assert rollback(filled) == Change(SHIPPED, "team-1")


def test_a_model_that_is_not_there_is_not_promoted(filled):
    with pytest.raises(ArtifactNotFound, match="shipped, team-1, team-2"):
        promote(filled, "team-9")
    assert champion(filled) == SHIPPED


def test_a_damaged_model_is_neither_promoted_nor_gone_back_to(filled):
    promote(filled, "team-1")
    promote(filled, "team-2")
    (filled / "versions" / "team-1" / artifact.MODEL).write_bytes(b"")
    for change in (lambda: promote(filled, "team-1"), lambda: rollback(filled)):
        with pytest.raises(ArtifactIncomplete):
            change()
        assert champion(filled) == "team-2"


def test_a_model_that_opens_but_cannot_label_is_not_promoted(filled, classifier, tmp_path, canary):
    broken = Classifier(classifier.pipeline[:-1], classifier.evidence, threshold=classifier.manifest.threshold)
    broken.save(tmp_path / "broken", classifier.manifest.model_copy(update={"name": canary.split()[0]}), card="#")
    version = add(filled, tmp_path / "broken")
    with pytest.raises(ArtifactError, match="opens but cannot label a note"):
        promote(filled, version)
    assert champion(filled) == SHIPPED


@pytest.mark.parametrize("name", ["team-2", SHIPPED])
def test_promoting_mends_a_damaged_pointer_and_keeps_it(filled, name, caplog):
    promote(filled, "team-1")
    (filled / CHAMPION).write_text("{")
    with caplog.at_level(logging.WARNING):
        assert promote(filled, name).after == name
    assert (filled / f"{CHAMPION}.damaged").read_text() == "{"
    assert "its history begins anew" in caplog.text
    assert champion(filled) == name
    assert Registry(filled).versions() == ["team-1", "team-2"]


def test_promoting_mends_a_lost_pointer(filled):
    (filled / CHAMPION).unlink()
    promote(filled, "team-2")
    assert rollback(filled) == Change("team-2", SHIPPED)


def test_versions_are_counted_and_never_given_twice(filled, make_artifact):
    assert [reserve(filled, "team") for _ in range(2)] == ["3", "4"]
    add(filled, make_artifact("4"))
    shutil.rmtree(filled / "versions" / "team-4")
    assert reserve(filled, "team") == "5"
    assert reserve(filled, "team-b") == "1"


def test_a_registry_that_another_command_holds_is_told_and_not_changed(filled, monkeypatch):
    monkeypatch.setattr(writing, "PATIENCE", 0.1)
    held, done = threading.Event(), threading.Event()

    def hold():
        with FileLock(filled / ".lock"):
            held.set()
            done.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(60)
    try:
        with pytest.raises(RegistryError, match="Another command has been changing"):
            promote(filled, "team-1")
        assert champion(filled) == SHIPPED
    finally:
        done.set()
        holder.join()
    assert promote(filled, "team-1").after == "team-1"
