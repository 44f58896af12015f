"""`--model` and `--registry`, the same for each command that reads with a model."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from afterword_serving.cli import main
from afterword_training.registry import add, promote


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "notes.jsonl"
    path.write_text("".join(json.dumps({"id": str(n), "text": f"On day {n} I will ask her."}) + "\n" for n in range(3)))
    return path


@pytest.fixture
def registry(tmp_path: Path, make_artifact) -> Path:
    folder = tmp_path / "registry"
    for version, label in (("1", "neither"), ("2", "rumination")):
        promote(folder, add(folder, make_artifact(version, always=label)))
    return folder


def test_classify_asks_the_champion_and_records_it(journal: Path, registry: Path):
    out = journal.with_name("results.jsonl")
    result = CliRunner().invoke(main, ["classify", str(journal), "--registry", str(registry), "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert [json.loads(line)["label"] for line in out.read_text().splitlines()] == ["rumination"] * 3
    record = json.loads(out.with_name(f"{out.name}.run.json").read_text())
    assert (record["model"]["name"], record["model"]["version"]) == ("team", "2")


def test_review_suggests_what_the_champion_says(journal: Path, registry: Path):
    out = journal.with_name("tasks.json")
    result = CliRunner().invoke(main, ["review", str(journal), "--registry", str(registry), "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert "team 2" in out.read_text()


@pytest.mark.parametrize("command", ["classify", "review"])
@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--registry", "typo"], "There is no registry at typo"),
        (["--registry", "registry", "--model", "registry/versions/team-1"], "Leave one out"),
    ],
)
def test_what_cannot_work_is_one_line(
    journal: Path, registry: Path, command: str, flags: list[str], words: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(registry.parent)
    result = CliRunner().invoke(main, [command, str(journal), "-o", "out.json", *flags])
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not Path("out.json").exists()
