"""A simulated clinic: one-line memos, a kind of note that the tiny champion never saw."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import CORPUS

from afterword_training.config import load_config
from afterword_training.registry import add, promote
from afterword_training.retrain import Request, retrain

MEMOS = CORPUS / "AS.jsonl"
"""Notes of an author that the tiny champion has not learned from."""
CLINIC_NOTES = 120
FIRST = 60
"""Of these, notes that a clinic has labelled when it retrains for the first time."""

QUICK = """
[retrain]
gate_folds = 3
folds = 2
strengths = [0.03]

[gate]
resamples = 200
"""


@pytest.fixture(scope="session")
def clinic_notes() -> list[dict[str, str]]:
    """The clinic's notes with their labels: one-line memos."""
    lines = MEMOS.read_text(encoding="utf-8").splitlines()[:CLINIC_NOTES]
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def clinic(clinic_notes: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clinic's labelled file."""
    return write_table(tmp_path_factory.mktemp("clinic") / "clinic.csv", clinic_notes)


@pytest.fixture(scope="session")
def quick_config(tiny_config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of the tiny model, with fewer folds to retrain it by."""
    path = tmp_path_factory.mktemp("quick") / "config.toml"
    path.write_text(tiny_config.read_text(encoding="utf-8") + QUICK, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def registry_once(artifact_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with the tiny model as champion; copy it, never change it."""
    folder = tmp_path_factory.mktemp("once") / "registry"
    promote(folder, add(folder, artifact_folder))
    return folder


@pytest.fixture
def registry(registry_once: Path, tmp_path: Path) -> Path:
    """A registry of the test's own, with the tiny model as champion."""
    return shutil.copytree(registry_once, tmp_path / "registry")


@pytest.fixture(scope="session")
def request_once(clinic: Path, quick_config: Path, tiny_notes: Path, registry_once: Path) -> Request:
    """What the clinic asks for, of the registry that never changes: let it be retrained in a copy."""
    return Request(files=(clinic,), config=load_config(quick_config), notes=tiny_notes, registry=registry_once)


@pytest.fixture
def request_for(request_once: Request, registry: Path) -> Request:
    """What the clinic asks for."""
    return replace(request_once, registry=registry)


@pytest.fixture(scope="session")
def learned_once(
    clinic_notes: list[dict[str, str]], request_once: Request, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A registry whose champion has learned from the first `FIRST` notes of the clinic; copy it, never change it."""
    folder = tmp_path_factory.mktemp("learned")
    registry = shutil.copytree(request_once.registry, folder / "registry")
    file = write_table(folder / "first.csv", clinic_notes[:FIRST])
    promote(registry, retrain(replace(request_once, files=(file,), registry=registry)).version)
    return registry


def write_table(path: Path, notes: list[dict[str, str]], *more: str) -> Path:
    """Write notes as a labelled table, with `more` columns, and return its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        columns = ("id", "text", "label", *more)
        rows.writerow(columns)
        rows.writerows([note[column] for column in columns] for note in notes)
    return path
