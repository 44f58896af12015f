"""Retraining as a team meets it: what comes of it, and what is kept when something goes wrong."""

import json
import logging
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from tests.training.retrain.conftest import write_table

import afterword_training.retrain.held_out as held_out
import afterword_training.retrain.run as run
from afterword_model.errors import AfterwordError, InputError, RegistryError
from afterword_model.registry import Registry
from afterword_training.gate import TEAM, Decision
from afterword_training.retrain import Outcome, Request, retrain

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def undisturbed(request_once: Request, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    """The registry in which the clinic's retraining came through, and the outcome; copy it, never change it."""
    registry = shutil.copytree(request_once.registry, tmp_path_factory.mktemp("undisturbed") / "registry")
    return registry, retrain(replace(request_once, registry=registry))


@pytest.fixture(scope="module")
def folds_made(request_once: Request, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry in which the clinic's retraining was stopped when its folds were made; copy it, never change it."""

    def stop(*_: object) -> None:
        raise InputError("stopped")

    registry = shutil.copytree(request_once.registry, tmp_path_factory.mktemp("folds") / "registry")
    with pytest.MonkeyPatch.context() as context:
        context.setattr(run, "make", stop)
        with pytest.raises(AfterwordError, match="stopped"):
            retrain(replace(request_once, registry=registry))
    return registry


def test_the_clinic_gets_a_better_model_and_the_champion_stays_until_it_is_promoted(
    undisturbed: tuple[Path, Outcome], request_once: Request, clinic_notes: list[dict[str, str]]
) -> None:
    registry, outcome = undisturbed
    team = next(item for item in outcome.verdict.comparisons if item.name == TEAM)
    assert team.challenger > team.champion + 0.05
    assert not outcome.promoted
    assert Registry(registry).pointer() == Registry(request_once.registry).pointer()
    folder = Registry(registry).artifact(outcome.version)
    kept = {path.name for path in folder.iterdir()}
    assert {"verdict.md", "verdict.json", "quality.md", "quality.json", "README.md", "metrics.json"} <= kept
    for figures in ("metrics.json", "metrics-test.json"):
        assert json.loads((folder / figures).read_text("utf-8"))["model"].replace(" ", "-") == outcome.version
    written = "".join(path.read_text(encoding="utf-8", errors="ignore") for path in folder.rglob("*.*"))
    for note in clinic_notes:
        assert note["text"] not in written


def test_it_is_promoted_where_asked_for_and_the_verdict_says_so(request_for: Request) -> None:
    outcome = retrain(replace(request_for, promote_if_better=True))
    assert outcome.promoted is (outcome.verdict.decision is Decision.PROMOTE)
    champion = Registry(request_for.registry).pointer().champion
    assert champion == (outcome.version if outcome.promoted else outcome.champion)


def test_nothing_is_left_in_the_way_and_the_next_one_is_another_version_and_logs_no_note(
    undisturbed: tuple[Path, Outcome],
    request_once: Request,
    clinic_notes: list[dict[str, str]],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    registry, first = undisturbed
    request = replace(request_once, registry=shutil.copytree(registry, tmp_path / "registry"))
    second = retrain(request)
    assert first.version != second.version
    assert first.verdict.comparisons == second.verdict.comparisons
    assert not [path for path in request.work.iterdir() if path.suffix != ".lock"]
    assert "fold 1 of 3: learning" in caplog.text
    assert not [note["id"] for note in clinic_notes if note["text"] in caplog.text]


def test_an_interrupted_retraining_goes_on_where_it_was(
    undisturbed: tuple[Path, Outcome], request_for: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    real = held_out.make

    def make(notes, *rest):  # type: ignore[no-untyped-def]
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(len(notes))
        return real(notes, *rest)

    monkeypatch.setattr(held_out, "make", make)
    with pytest.raises(KeyboardInterrupt):
        retrain(request_for)
    made.extend([0, 0, 0])  # past the number that stops
    resumed = retrain(request_for)
    assert len(made) == 2 + 3 + request_for.config.retrain.gate_folds - 2
    assert resumed.verdict.comparisons == undisturbed[1].verdict.comparisons


def test_poisoned_labels_are_not_learned(
    request_for: Request, clinic_notes: list[dict[str, str]], tmp_path: Path
) -> None:
    swap = {"reflection": "rumination", "rumination": "reflection", "neither": "neither"}
    flipped = [{**note, "label": swap[note["label"]]} for note in clinic_notes]
    file = write_table(tmp_path / "poisoned.csv", flipped)
    judged_by_the_shipped_model = tmp_path / "fresh"
    with pytest.raises(InputError, match="labels do not go with the texts"):
        retrain(replace(request_for, files=(file,), registry=judged_by_the_shipped_model))
    assert Registry(judged_by_the_shipped_model).names() == ["shipped"]


def test_notes_that_models_are_judged_on_are_refused(
    request_for: Request,
    clinic_notes: list[dict[str, str]],
    tiny_notes: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    test_notes = [json.loads(line) for line in (tiny_notes / "H.jsonl").read_text(encoding="utf-8").splitlines()]
    mixed = write_table(tmp_path / "mixed.csv", [*clinic_notes, *test_notes[:10]])
    learned: list[str] = []
    real = held_out.make

    def make(notes, *rest):  # type: ignore[no-untyped-def]
        learned.extend(note.text for note in notes)
        return real(notes, *rest)

    monkeypatch.setattr(run, "make", make)
    retrain(replace(request_for, files=(mixed,)))
    assert len(learned) == len(clinic_notes)
    assert not {note["text"] for note in test_notes} & set(learned)


def test_copies_of_one_text_are_told_before_anything_is_learned(
    request_for: Request, clinic_notes: list[dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_out, "make", lambda *_: pytest.fail("it began to learn"))
    file = write_table(tmp_path / "copies.csv", [{**clinic_notes[0], "id": str(at)} for at in range(40)])
    with pytest.raises(InputError, match="copies of each other"):
        retrain(replace(request_for, files=(file,)))


def test_the_same_twice_at_once_is_told_and_changes_nothing(
    request_for: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Request.identity
    locks: list[FileLock] = []

    def identity(self, notes, champion):  # type: ignore[no-untyped-def]
        found = real(self, notes, champion)
        self.work.mkdir(parents=True, exist_ok=True)
        locks.append(FileLock(self.work / f"{found[:16]}.lock"))
        locks[0].acquire()
        return found

    monkeypatch.setattr(Request, "identity", identity)
    with pytest.raises(RegistryError, match="running already"):
        retrain(request_for)
    locks[0].release()


@pytest.mark.parametrize("damage", [b"", b"not an array", np.zeros((3, 3)).tobytes()])
def test_a_damaged_fold_is_made_again(request_once: Request, folds_made: Path, damage: bytes, tmp_path: Path) -> None:
    request = replace(request_once, registry=shutil.copytree(folds_made, tmp_path / "registry"))
    folds = sorted(request.work.rglob("*.npy"))
    assert len(folds) == request.config.retrain.gate_folds
    folds[0].write_bytes(damage)
    assert retrain(request).version
