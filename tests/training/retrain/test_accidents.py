"""What was broken before a retraining began, or breaks in its midst: a clear message, and nothing lost."""

import errno
import os
import re
import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

import afterword_training.retrain.request as request
import afterword_training.retrain.run as run
from afterword_model import artifact
from afterword_model.errors import RegistryError
from afterword_model.labels import Label
from afterword_model.registry import CHAMPION, VERSIONS, Registry
from afterword_training.cli import cli
from afterword_training.identity import package_digests
from afterword_training.labelled import read_labelled
from afterword_training.refit import Mode
from afterword_training.registry import add, promote
from afterword_training.retrain import Request, retrain

pytestmark = pytest.mark.slow


NEWEST = "team-2"


@pytest.fixture(scope="module")
def two_models(
    registry_once: Path, make_artifact: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A registry with two models, the newer one in use; copy it, never change it."""
    folder = shutil.copytree(registry_once, tmp_path_factory.mktemp("two") / "registry")
    promote(folder, add(folder, make_artifact("2")))
    return folder


@pytest.fixture
def registry(two_models: Path, tmp_path: Path) -> Path:
    """A registry of the test's own, with two models."""
    return shutil.copytree(two_models, tmp_path / "registry")


class Reached(Exception):
    """What a test waits for was about to begin."""


def _stop(*_: object) -> None:
    raise Reached


@pytest.fixture
def gets_as_far_as_learning(request_for: Request, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Tells whether the clinic's retraining comes to the point where it learns."""

    def try_it() -> bool:
        with monkeypatch.context() as context:
            context.setattr(run, "held_out", _stop)
            try:
                retrain(request_for)
            except Reached:
                return True
        return False

    return try_it


def _content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe\x00", b'{"champion": "team-2"}', None])
def test_a_damaged_pointer_is_told_and_mended_as_the_message_says(
    damage: bytes | None, request_for: Request, registry: Path, gets_as_far_as_learning: Callable[[], bool]
) -> None:
    pointer = registry / CHAMPION
    pointer.unlink() if damage is None else pointer.write_bytes(damage)
    before = _content(registry)
    with pytest.raises(RegistryError, match="No model is lost") as told:
        retrain(request_for)
    assert _content(registry) == before
    advice = re.search(r"`(afterword-train promote MODEL --registry .*)`", str(told.value))
    assert advice
    words = shlex.split(advice[1].replace("MODEL", NEWEST))
    assert CliRunner().invoke(cli, words[1:], catch_exceptions=False).exit_code == 0
    assert Registry(registry).versions() == ["afterword-tiny-0.0.1", NEWEST]
    assert gets_as_far_as_learning()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut short": lambda folder: os.truncate(folder / artifact.MODEL, 100),
    "other bytes": lambda folder: (folder / artifact.MODEL).write_bytes(
        (folder / artifact.MODEL).read_bytes()[:-1] + b"!"
    ),
    "no manifest": lambda folder: (folder / artifact.MANIFEST).unlink(),
    "another's manifest": lambda folder: (folder / artifact.MANIFEST).write_text("{}"),
    "gone": lambda folder: folder.rename(folder.parents[1] / "moved"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_champion_is_told_and_left_as_the_message_says(
    damage: Callable[[Path], object],
    request_for: Request,
    registry: Path,
    gets_as_far_as_learning: Callable[[], bool],
) -> None:
    damage(registry / VERSIONS / NEWEST)
    before = _content(registry)
    with pytest.raises(RegistryError, match=f"The champion {NEWEST} cannot be used") as told:
        retrain(request_for)
    assert _content(registry) == before
    advice = re.search(r"afterword-train (rollback --registry .*)", str(told.value))
    assert advice
    assert CliRunner().invoke(cli, shlex.split(advice[1]), catch_exceptions=False).exit_code == 0
    assert Registry(registry).load_champion()[0] == "afterword-tiny-0.0.1"
    assert gets_as_far_as_learning()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_told_and_the_same_goes_on_when_there_is_room(
    request_for: Request, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Request, "identity", lambda *_: "0" * 64)
    fold = request_for.work / ("0" * 16) / "fold-2.npy.tmp"
    fold.parent.mkdir(parents=True)
    fold.symlink_to("/dev/full")
    before = Registry(registry).pointer()
    with pytest.raises(RegistryError, match=r"cannot be written \(No space left on device\)\. .* as they were"):
        retrain(request_for)
    assert sorted(path.name for path in fold.parent.glob("*.npy")) == ["fold-1.npy"]
    assert Registry(registry).pointer() == before
    assert not fold.is_symlink()
    monkeypatch.setattr(run, "make", _stop)
    with pytest.raises(Reached):
        retrain(request_for)
    assert sorted(path.name for path in fold.parent.glob("*.npy")) == ["fold-1.npy", "fold-2.npy", "fold-3.npy"]


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
def test_a_registry_that_may_not_be_written_is_told_before_anything_is_learned(
    code: int, request_for: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, **_: object) -> None:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(run, "FileLock", refuse)
    monkeypatch.setattr(run, "held_out", lambda *_: pytest.fail("it began to learn"))
    with pytest.raises(RegistryError, match=re.escape(f"cannot be written ({os.strerror(code)})")) as told:
        retrain(request_for)
    assert str(request_for.registry) in str(told.value)


def test_what_lies_in_the_way_is_told(request_for: Request) -> None:
    request_for.work.write_text("not a folder")
    with pytest.raises(RegistryError, match=r"\.work cannot be written \(File exists\)"):
        retrain(request_for)
    assert request_for.work.read_text() == "not a folder"


def test_a_model_that_was_judged_against_another_is_not_promoted_over_the_new_one(
    registry: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = Registry(registry).pointer()
    assert not run._promote(registry, "afterword-tiny-0.0.1", over="afterword-tiny-0.0.1")
    assert Registry(registry).pointer() == before
    assert f"{NEWEST} is in use by now" in caplog.text
    assert run._promote(registry, "afterword-tiny-0.0.1", over=NEWEST)
    assert Registry(registry).pointer().champion == "afterword-tiny-0.0.1"


def test_what_was_done_with_other_notes_labels_corpus_or_champion_is_not_gone_on_with(
    request_for: Request, tiny_notes: Path, tmp_path: Path
) -> None:
    notes = list(read_labelled(request_for.files).notes)
    fewer = shutil.copytree(tiny_notes, tmp_path / "fewer")
    (fewer / "O.jsonl").unlink()
    other = Label.NEITHER if notes[0].label is Label.REFLECTION else Label.REFLECTION
    identities = {
        request_for.identity(notes, "a"),
        request_for.identity(notes[1:], "a"),
        request_for.identity([replace(notes[0], label=other), *notes[1:]], "a"),
        request_for.identity(notes, "b"),
        replace(request_for, notes=fewer).identity(notes, "a"),
        replace(request_for, mode="champion").identity(notes, "a"),
    }
    assert len(identities) == 6
    assert request_for.identity(list(notes), "a") in identities


@pytest.mark.parametrize(
    ("name", "value"),
    [("_CODE", ("afterword_training",)), ("_CODE", ("afterword_model",)), ("installed_versions", dict)],
)
def test_what_was_done_by_other_code_or_libraries_is_not_gone_on_with(
    request_for: Request, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    here = request_for.identity([], "a")
    monkeypatch.setattr(request, name, value)
    assert request_for.identity([], "a") != here


@pytest.mark.parametrize(
    ("library", "mode", "same"),
    [("scipy", "light", False), ("torch", "light", True), ("torch", "champion", False), ("onnx", "base", False)],
)
def test_libraries_count_in_the_modes_that_use_them(
    library: str, mode: Mode, same: bool, request_for: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = replace(request_for, mode=mode)
    before = asked.identity([], "a")
    real = request.version
    monkeypatch.setattr(request, "version", lambda name: "another" if name == library else real(name))
    assert (asked.identity([], "a") == before) is same


def test_a_change_in_any_module_of_a_package_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "changeable"
    (package / "part").mkdir(parents=True)
    modules = [package / name for name in ("__init__.py", "text.py", "part/__init__.py", "part/fit.py")]
    for module in modules:
        module.write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    found = [package_digests(["changeable"])]
    for module in modules:
        module.write_text("LEAST = 1\n", encoding="utf-8")
        found.append(package_digests(["changeable"]))
    assert all(before != after for before, after in pairwise(found))
