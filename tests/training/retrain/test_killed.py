"""What no end of a retraining's process can do to a registry; see `killed`."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.training.retrain.conftest import write_table

from afterword_training.registry import add, promote

ROOT = Path(__file__).parents[3]
NOTES = 70
BEFORE = ["shipped", "afterword-tiny-0.0.1"]

EASY = """
alpha = 0.4
loss_margin = 0.5
min_slice_notes = 1000
ece_tolerance = 1.0
brier_tolerance = 2.0
min_speed = 0.001
max_size = 100.0
"""
"""A gate through which the clinic's challenger comes on any machine; more lines of the table that `QUICK` ends with."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes are forked"),
]


@pytest.fixture(scope="module")
def outcome(
    clinic_notes: list[dict[str, str]],
    quick_config: Path,
    tiny_notes: Path,
    artifact_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("killed")
    registry, config = folder / "registry", folder / "config.toml"
    promote(registry, add(registry, artifact_folder))
    quick = quick_config.read_text(encoding="utf-8").replace("gate_folds = 3", "gate_folds = 2")
    config.write_text(quick + EASY, encoding="utf-8")
    file = write_table(folder / "clinic.csv", clinic_notes[:NOTES])
    folders = ["--config", config, "--notes", tiny_notes, "--registry", registry]
    done = subprocess.run(
        [
            sys.executable,
            Path(__file__).with_name("killed.py"),
            registry,
            "retrain",
            file,
            "--promote-if-better",
            *folders,
        ],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "model"), str(ROOT / "training")])},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_killed_before_the_challenger_is_added_the_registry_is_as_before(outcome: dict[str, Any]) -> None:
    for point in ("make", "publish_challenger", "copyfile"):
        left = outcome[point]
        assert (left["ended"], left["champion"], left["versions"]) == (-9, BEFORE[1], BEFORE), point


def test_killed_before_it_is_promoted_it_is_in_the_registry_and_the_champion_stays(outcome: dict[str, Any]) -> None:
    left = outcome["promote"]
    assert (left["ended"], left["champion"]) == (-9, BEFORE[1])
    assert len(left["versions"]) == len(BEFORE) + 1


def test_what_was_done_is_not_done_again(outcome: dict[str, Any]) -> None:
    assert [path for path in outcome["make"]["left"] if path.endswith(".npy")] == ["fold-1.npy"]
    learned = {point: re.findall(r"^fold (\d) of 2: learning", each["said"], re.M) for point, each in outcome.items()}
    assert (learned["make"], learned["publish_challenger"]) == (["1", "2"], ["2"])
    assert not any(learned[point] for point in ("copyfile", "full", "promote"))


def test_a_full_disk_is_told_and_changes_nothing(outcome: dict[str, Any]) -> None:
    full = outcome["full"]
    assert full["ended"] == 2
    assert "cannot be written" in full["said"]
    assert "No space left on device" in full["said"]
    assert (full["champion"], full["versions"]) == (BEFORE[1], BEFORE)


def test_the_same_command_comes_through_at_last_and_leaves_nothing_over(outcome: dict[str, Any]) -> None:
    last = outcome["undisturbed"]
    assert last["ended"] == 0
    assert last["champion"].startswith("afterword-team-")
    assert last["champion"] in set(last["versions"]) - set(outcome["promote"]["versions"])
    assert last["left"] == []


def test_nobody_is_shown_a_traceback_or_a_note(outcome: dict[str, Any], clinic_notes: list[dict[str, str]]) -> None:
    said = "".join(each["said"] for each in outcome.values())
    assert "Traceback" not in said
    assert not [note["id"] for note in clinic_notes if note["text"] in said]
