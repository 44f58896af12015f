"""Registries that cannot be written: a clear message, and every model and the one in use as they were."""

import errno
import os
import re
import shutil
from pathlib import Path

import pytest

from afterword_model.errors import RegistryError
from afterword_model.registry import CHAMPION, VERSIONS, Registry
from afterword_training import registry as writing
from afterword_training.registry import add, promote, reserve, rollback

FULL = Path("/dev/full")


@pytest.fixture
def third(make_artifact):
    return make_artifact("3")


@pytest.fixture
def registry(tmp_path, make_artifact):
    """A registry with two models, the newer one in use."""
    folder = tmp_path / "registry"
    for version in ("1", "2"):
        promote(folder, add(folder, make_artifact(version)))
    return folder


CHANGES = {
    "add": lambda folder, model: add(folder, model),
    "promote": lambda folder, _: promote(folder, "team-1"),
    "rollback": lambda folder, _: rollback(folder),
    "reserve": lambda folder, _: reserve(folder, "team"),
}


def content(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_folder_that_may_not_be_written(registry, third, monkeypatch, change, code):
    def refuse(path, **_):
        raise OSError(code, os.strerror(code), str(path))

    before = content(registry)
    monkeypatch.setattr(writing, "FileLock", refuse)
    told = re.escape(f"registry/.lock cannot be written ({os.strerror(code)}). The models in {registry} and the one in")
    with pytest.raises(RegistryError, match=f"{told}.* See that you may write to it, and run the same command again"):
        change(registry, third)
    assert content(registry) == before


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("change", [CHANGES["promote"], CHANGES["rollback"]], ids=["promote", "rollback"])
def test_a_disk_that_is_full_when_the_champion_changes(registry, third, change):
    (registry / f"{CHAMPION}.tmp").symlink_to(FULL)
    before = Registry(registry).pointer()
    with pytest.raises(
        RegistryError, match=r"cannot be written \(No space left on device\).* Make room there, and run"
    ):
        change(registry, third)
    assert Registry(registry).pointer() == before
    assert change(registry, third).after == "team-1"


def test_a_disk_that_fills_up_while_a_model_is_copied_is_not_kept_full_by_half_a_copy(registry, third, monkeypatch):
    def write_half(source, target):
        Path(target).write_bytes(Path(source).read_bytes()[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(source), None, str(target))

    with monkeypatch.context() as full:
        full.setattr(shutil, "copyfile", write_half)
        with pytest.raises(RegistryError, match=r"cannot be written \(.*No space left on device.*\)\. The models in"):
            add(registry, third)
    assert sorted(path.name for path in (registry / VERSIONS).iterdir()) == ["team-1", "team-2"]
    assert add(registry, third) == "team-3"


@pytest.mark.parametrize(
    ("name", "change"), [(CHAMPION, "promote"), (VERSIONS, "add"), (".lock", "rollback"), (".reserved", "reserve")]
)
def test_what_lies_in_the_way_is_told_and_left(registry, third, name, change):
    reserve(registry, "team")
    there = registry / name
    there.rename(registry / "aside")
    there.mkdir() if (registry / "aside").is_file() else there.touch()
    before = content(registry)
    with pytest.raises(RegistryError, match=rf"{re.escape(name)} cannot be written .* Move away what is in the way"):
        CHANGES[change](registry, third)
    assert content(registry) == before
    assert there.is_file() or not list(there.iterdir())
