"""From a trained model over classified notes to the verdict on drift, by the commands alone."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from afterword_model.errors import InputError
from afterword_serving.cli import main as afterword
from afterword_training.drift_command import drift_command
from afterword_training.evaluate import Evaluation

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model(trained: tuple[Path, Evaluation]) -> Path:
    return trained[0]


@pytest.fixture
def classified(model: Path, tiny_notes: Path, tmp_path: Path):
    def classify(name: str, *options: str) -> Path:
        out = tmp_path / name
        words = ["classify", str(tiny_notes / "L.jsonl"), "--model", str(model), "-o", str(out), *options]
        assert CliRunner().invoke(afterword, words, catch_exceptions=False).exit_code == 0
        return out

    return classify


def drift(model: Path, *words: str | Path) -> str:
    result = CliRunner().invoke(drift_command, [*map(str, words), "--model", str(model)], catch_exceptions=False)
    assert result.exit_code in (0, 1)
    return result.output


@pytest.mark.parametrize("name", ["results.jsonl", "results.csv", "results.parquet"])
def test_what_classify_writes_is_what_drift_reads(model: Path, classified, name: str) -> None:
    out = classified(name, "--include-text")
    found = out.with_name("drift.json")
    drift(model, out, "-o", found)
    told = json.loads(found.read_text(encoding="utf-8"))
    assert len(told["shifts"]) == 6
    assert told["unknown"] == ["vocabulary"]  # of so few notes a reference lists no words
    for shift in told["shifts"]:  # the very notes that the reference was made of
        assert shift["before"] == shift["now"]


def test_length_needs_no_text(model: Path, classified) -> None:
    report = drift(model, classified("results.csv"))
    assert "| length |" in report
    assert "Vocabulary was not compared" in report


def test_sentences_are_refused(model: Path, classified) -> None:
    with pytest.raises(InputError, match="is a part of a note"):
        drift(model, classified("parts.jsonl", "--by", "sentence"))
