"""The loop of a team as the documents show it: review, label, retrain, promote, classify, drift, rollback."""

import csv
import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.training.retrain.conftest import QUICK

from afterword_model.registry import Registry
from afterword_serving.cli import main as afterword
from afterword_training.cli import cli as afterword_train
from afterword_training.registry import add, promote

pytestmark = pytest.mark.slow


ROOT = Path(__file__).parents[2]
PROGRAMS = {"afterword": afterword, "afterword-train": afterword_train}
CLINIC = ROOT / "data/notes/AS.jsonl"
LABELLED, LATER, FIRST = 150, 100, 50


def _documented() -> list[list[str]]:
    text = (ROOT / "training/README.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- loop -->\n```sh\n(.*?)```", text, re.DOTALL)
    assert block
    return [shlex.split(line, comments=True) for line in block[1].splitlines()]


@pytest.fixture
def clinic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_notes: Path, tiny_config: Path, artifact_folder: Path
) -> list[dict[str, str]]:
    """A clinic's folder with a journal, and what its people would say of each note; a small model is in use there."""
    notes = [json.loads(line) for line in CLINIC.read_text(encoding="utf-8").splitlines()[: LABELLED + LATER]]
    monkeypatch.chdir(tmp_path)
    later = notes[LABELLED:]
    for name, some in {"journal": notes[:LABELLED], "march": later[:FIRST], "june": later[FIRST:]}.items():
        rows = [{"id": note["id"], "text": note["text"]} for note in some]
        Path(f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    Path("training").mkdir()
    Path("training/config.toml").write_text(tiny_config.read_text(encoding="utf-8") + QUICK, encoding="utf-8")
    Path("data").mkdir()
    Path("data/notes").symlink_to(tiny_notes)
    promote(Path("registry"), add(Path("registry"), artifact_folder))
    return notes


def _run(call: list[str]) -> Result:
    result = CliRunner().invoke(PROGRAMS[call[0]], call[1:], catch_exceptions=False)
    told_drift = call[1] == "drift" and result.exit_code == 1  # memos of the clinic's own folder: either may be said
    assert result.exit_code == 0 or told_drift, result.output
    return result


def _label(tasks: Path, notes: list[dict[str, str]]) -> None:
    """Do what the clinic's people do: fill the column `label`."""
    answers = {note["text"]: note["label"] for note in notes}
    with tasks.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["label"] = answers[row["text"].removeprefix("'")]
    with tasks.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)


def _accuracy(notes: list[dict[str, str]]) -> float:
    _, champion = Registry(Path("registry")).load_champion()
    answers = champion.predict([note["text"] for note in notes])
    return sum(answer.label == note["label"] for answer, note in zip(answers, notes, strict=True)) / len(notes)


def test_the_documented_loop_makes_the_clinic_a_better_model_and_leads_back(clinic: list[dict[str, str]]) -> None:
    later = clinic[LABELLED:]
    before = _accuracy(later)
    calls = _documented()
    verbs = ["review", "retrain", "promote", "models", "classify", "classify", "drift", "rollback"]
    assert [call[1] for call in calls] == verbs
    said = []
    for call in calls[:-1]:
        said.append(_run(call).output)
        if call[1] == "review":
            _label(Path("tasks.csv"), clinic)
    assert "**Verdict: " in said[1]
    assert "too few notes" in said[6] or "steady" in said[6] or "drifted" in said[6]
    assert "afterword-team-1 is now the champion" in said[2]
    after = _accuracy(later)
    assert after > before + 0.05, f"accuracy on the clinic's later notes: {before:.3f} before, {after:.3f} after"
    for name, count in {"march": FIRST, "june": LATER - FIRST}.items():
        with Path(f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.DictReader(file))) == count
    _run(calls[-1])
    assert _accuracy(later) == before
