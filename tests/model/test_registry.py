import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from afterword_model import artifact
from afterword_model.errors import ArtifactNotFound, RegistryError
from afterword_model.registry import CHAMPION, SHIPPED, Pointer, Registry, Turn


def turn(action, version):
    return Turn(at=datetime(2026, 1, 1, tzinfo=UTC), action=action, version=version)


@pytest.fixture
def registry(tmp_path, artifact_folder):
    """A registry with two models, of which the second is in use."""
    for version in ("team-1", "team-2"):
        shutil.copytree(artifact_folder, tmp_path / "versions" / version)
    pointer = Pointer.of(turn("promote", "team-1"), turn("promote", "team-2"))
    (tmp_path / CHAMPION).write_text(pointer.model_dump_json())
    return Registry(tmp_path)


def test_an_empty_folder_is_a_registry_of_the_shipped_model(tmp_path):
    registry = Registry.open(tmp_path)
    assert registry.pointer().champion == SHIPPED
    assert registry.names() == [SHIPPED]
    assert registry.artifact(SHIPPED) == artifact.SHIPPED


def test_a_folder_that_is_not_there_is_no_registry(tmp_path):
    with pytest.raises(RegistryError, match="no registry at"):
        Registry.open(tmp_path / "typo")


@pytest.mark.parametrize("refused", ["is_dir", "iterdir"])
def test_a_folder_that_may_not_be_read_is_told(registry, monkeypatch, refused):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, refused, refuse)
    with pytest.raises(RegistryError, match=r"cannot be read \(Permission denied\)") as caught:
        Registry.open(registry.folder).versions()
    assert str(registry.folder) in str(caught.value)


def test_the_champion_is_loaded_with_its_name(registry):
    version, classifier = registry.load_champion()
    assert version == "team-2"
    assert classifier.manifest == artifact.verify(registry.folder / "versions" / "team-2")
    assert registry.names() == [SHIPPED, "team-1", "team-2"]


def test_a_model_that_is_not_there_is_answered_with_those_that_are(registry):
    with pytest.raises(ArtifactNotFound, match="no model team-3. It has: shipped, team-1, team-2"):
        registry.artifact("team-3")


def test_what_is_being_added_and_what_is_no_folder_is_not_listed(registry):
    (registry.folder / "versions" / ".adding-team-3").mkdir()
    (registry.folder / "versions" / "desktop.ini").touch()
    assert registry.versions() == ["team-1", "team-2"]


LINES = [
    ([], [SHIPPED]),
    ([("promote", "a")], [SHIPPED, "a"]),
    ([("promote", "a"), ("promote", "b"), ("rollback", "a")], [SHIPPED, "a"]),
    ([("promote", "a"), ("rollback", SHIPPED), ("promote", "b")], [SHIPPED, "b"]),
    ([("promote", "a"), ("promote", SHIPPED)], [SHIPPED, "a", SHIPPED]),
]


@pytest.mark.parametrize(("turns", "line"), LINES)
def test_the_history_leads_to_the_champion(turns, line):
    pointer = Pointer.of(*(turn(*each) for each in turns))
    assert pointer.line == tuple(line)
    assert pointer.champion == line[-1]
    assert Pointer.model_validate_json(pointer.model_dump_json()) == pointer


GOOD = json.loads(Pointer.of(turn("promote", "team-1")).model_dump_json())
DAMAGED = {
    "empty": "",
    "cut short": json.dumps(GOOD)[:40],
    "no pointer": "{}",
    "another product": json.dumps(GOOD | {"product": "other"}),
    "newer": json.dumps(GOOD | {"format": 2}),
    "not what the history says": json.dumps(GOOD | {"champion": "team-2"}),
    "a path": json.dumps(GOOD | {"champion": "../evil", "history": [GOOD["history"][0] | {"version": "../evil"}]}),
    "rolled back too far": json.dumps(GOOD | {"history": [GOOD["history"][0] | {"action": "rollback"}]}),
    "no text": b"\xff\xfe\x00".decode("latin-1"),
}


@pytest.mark.parametrize("words", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_pointer_is_told_with_the_way_out(registry, words):
    (registry.folder / CHAMPION).write_text(words, encoding="latin-1")
    with pytest.raises(RegistryError) as caught:
        registry.load_champion()
    assert f"{CHAMPION} is damaged" in str(caught.value)
    assert "No model is lost" in str(caught.value)
    assert f"afterword-train promote MODEL --registry {registry.folder}" in str(caught.value)
    assert "shipped, team-1, team-2" in str(caught.value)


def test_a_pointer_that_is_gone_is_not_taken_for_a_new_registry(registry):
    (registry.folder / CHAMPION).unlink()
    with pytest.raises(RegistryError, match=r"champion.json is missing. No model is lost"):
        registry.pointer()


def test_a_pointer_that_is_a_folder_cannot_be_read(registry):
    (registry.folder / CHAMPION).unlink()
    (registry.folder / CHAMPION).mkdir()
    with pytest.raises(RegistryError, match="cannot be read"):
        registry.pointer()


def test_a_champion_that_cannot_be_used_is_told_with_the_way_back(registry):
    model = registry.folder / "versions" / "team-2" / artifact.MODEL
    model.write_bytes(model.read_bytes()[:-1])
    with pytest.raises(RegistryError, match=r"champion team-2 cannot be used: .*afterword-train rollback") as caught:
        registry.load_champion()
    assert "bytes. Copy the whole folder again" in str(caught.value)
    assert registry.load("team-1").predict(["Why?"])


def test_a_champion_whose_folder_was_removed_is_told(registry):
    shutil.rmtree(registry.folder / "versions" / "team-2")
    with pytest.raises(RegistryError, match="has no model team-2"):
        registry.load_champion()
