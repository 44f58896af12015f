"""Corpus, training, artifact, batch and HTTP in one go: every user of the model gets the same answers."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from afterword_model import LABELS, Classifier
from afterword_serving.app import create_app
from afterword_serving.cli import main as afterword
from afterword_serving.settings import Settings
from afterword_training.cli import cli as afterword_train

pytestmark = pytest.mark.slow


NOTES = {
    "a": "I keep replaying the session and I should have said something, anything.",
    "b": "Next week I will ask her about the letter before anything else.",
    "c": "Room 4 is being painted; the group meets in the library.",
    "d": "\u201cWhy did I say that\u201d \u2014 **again** \U0001f600 and again.",
}


@pytest.fixture(scope="module")
def artifact(tiny_notes: Path, tiny_config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artifact made by the command."""
    out = tmp_path_factory.mktemp("trained") / "model"
    result = CliRunner().invoke(
        afterword_train, ["train", "--config", str(tiny_config), "--notes", str(tiny_notes), "-o", str(out)]
    )
    assert result.exit_code == 0, result.output
    assert "macro-F1" in result.stdout
    return out


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "notes.jsonl"
    path.write_text("".join(json.dumps({"id": key, "text": text}) + "\n" for key, text in NOTES.items()))
    return path


def test_training_leaves_a_whole_artifact(artifact: Path) -> None:
    assert {file.name for file in artifact.iterdir()} >= {"model.joblib", "manifest.json", "README.md", "metrics.json"}
    manifest = json.loads((artifact / "manifest.json").read_text())
    assert manifest["name"] == "afterword-tiny"
    assert set(manifest["metrics"]) >= {"accuracy", "macro_f1", "ece", "coverage_at_95"}


def test_batch_http_and_python_agree(artifact: Path, export: Path, tmp_path: Path) -> None:
    classifier = Classifier.load(artifact)
    expected = dict(zip(NOTES, classifier.predict(list(NOTES.values())), strict=True))

    out = tmp_path / "results.jsonl"
    batch = CliRunner().invoke(afterword, ["classify", str(export), "--model", str(artifact), "-o", str(out)])
    assert batch.exit_code == 0, batch.output
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["id"] for row in rows] == list(NOTES)

    with TestClient(create_app(classifier, Settings()), base_url="http://127.0.0.1") as client:
        asked = {"notes": [{"id": key, "text": text} for key, text in NOTES.items()]}
        answered = client.post("/predict", json=asked).json()["predictions"]

    for row, answer in zip(rows, answered, strict=True):
        truth = expected[row["id"]]
        assert answer["id"] == row["id"]
        assert row["label"] == answer["label"] == truth.label
        assert row["sure"] == answer["sure"] == truth.sure
        for label in LABELS:
            assert row[f"p_{label}"] == pytest.approx(truth.probabilities[label], abs=1e-6)
            assert answer["probabilities"][label] == pytest.approx(truth.probabilities[label], abs=1e-6)
        assert row["lean"] == pytest.approx(truth.lean, abs=1e-6)
        spans = [(span["kind"], span["start"], span["end"]) for span in answer["evidence"]]
        assert spans == [(span.kind, span.start, span.end) for span in truth.evidence]


def test_a_table_from_standard_input_holds_no_words(artifact: Path, export: Path) -> None:
    result = CliRunner().invoke(
        afterword, ["classify", "-", "--model", str(artifact), "--to", "csv"], input=export.read_text()
    )
    assert result.exit_code == 0
    rows = list(csv.DictReader(result.stdout.splitlines()))
    assert [row["id"] for row in rows] == list(NOTES)
    assert not any(word in result.output for word in ("replaying", "letter", "painted"))


def test_evaluating_again_gives_the_same_figures(
    artifact: Path, tiny_notes: Path, tiny_config: Path, tmp_path: Path
) -> None:
    out = tmp_path / "again.json"
    arguments = [
        "evaluate",
        "--config",
        str(tiny_config),
        "--notes",
        str(tiny_notes),
        "--model",
        str(artifact),
        "-o",
        str(out),
    ]
    assert CliRunner().invoke(afterword_train, arguments).exit_code == 0
    assert json.loads(out.read_text()) == json.loads((artifact / "metrics.json").read_text())
