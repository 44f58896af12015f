import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from afterword_model import Classifier
from afterword_model.errors import ConfigError, InputError
from afterword_training import experiment
from afterword_training.cli import cli
from afterword_training.config import load_config
from afterword_training.experiment import Experiment, _common, change, cross_validate, experiments_table

pytestmark = pytest.mark.slow


def test_a_change_is_made_where_it_says(tiny_config: Path) -> None:
    config = load_config(tiny_config)
    changed = change(config, ["baseline.c=2.5", "seed=9"])
    assert (changed.baseline.c, changed.seed) == (2.5, 9)
    assert config.baseline.c == 6.0


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("baseline.depth=3", "no setting baseline.depth"),
        ("nothing.at.all=3", "no setting nothing"),
        ("encoder.epochs=3", "no setting encoder.epochs"),
        ("baseline.c=", "not TOML"),
        ("name=unquoted", "not TOML"),
        ("baseline.c=-1", "do not fit"),
        ("baseline.c='much'", "do not fit"),
    ],
)
def test_a_change_that_cannot_be_made_says_why(tiny_config: Path, setting: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        change(load_config(tiny_config), [setting])


def test_try_adds_a_line_and_keeps_the_artifact(tiny_config: Path, tiny_notes: Path, tmp_path: Path) -> None:
    passages = tmp_path / "passages.jsonl"
    passages.write_text('{"text": "I will ask her on Monday.", "label": "reflection"}\n')
    record, out = tmp_path / "record.jsonl", tmp_path / "model"
    arguments = [
        "try",
        "weaker penalty",
        "--config",
        str(tiny_config),
        "--notes",
        str(tiny_notes),
        "--set",
        "baseline.c=9.0",
    ]
    arguments += ["--passages", str(passages), "--record", str(record), "-o", str(out)]
    for _ in range(2):
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 0, result.output
    first, second = (Experiment.model_validate_json(line) for line in record.read_text().splitlines())
    assert first.validation == second.validation
    assert first.changes == ["baseline.c=9.0"]
    assert first.passages is not None
    assert "neither_recall" not in first.passages
    assert Classifier.load(out).predict(["x"])
    rows = experiments_table(record).splitlines()
    assert len(rows) == 4
    assert f"| weaker penalty | {first.training_notes} |" in rows[2]


def test_folds_part_the_authors(tiny_config: Path, tiny_notes: Path) -> None:
    settings = ["baseline.c=9.0", 'split.validation=["L"]']
    found = cross_validate("three", load_config(tiny_config), settings, tiny_notes, folds=3)
    assert found.name == "three (3 folds of authors)"
    assert found.training_notes == 56  # two of the authors G, O (30 notes each) and L (24)
    assert 0 < found.validation["accuracy"] < 1


def test_every_fold_is_looked_at_before_the_first_fit(
    tiny_config: Path, tiny_notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = shutil.copytree(tiny_notes, tmp_path / "notes")
    rows = [json.loads(line) | {"pair": None} for line in (notes / "L.jsonl").read_text().splitlines()]
    kept = [json.dumps(row) for row in rows if row["label"] != "neither"]
    (notes / "L.jsonl").write_text("\n".join(kept) + "\n")
    monkeypatch.setattr(experiment, "build", lambda *_, **__: pytest.fail("something was fitted"))
    with pytest.raises(InputError, match="no validation author wrote a note labelled neither"):
        cross_validate("three", load_config(tiny_config), [], notes, folds=3)


def test_more_folds_than_authors_are_refused(tiny_config: Path, tiny_notes: Path) -> None:
    with pytest.raises(ConfigError, match="3 authors cannot be parted into 4 folds"):
        cross_validate("four", load_config(tiny_config), [], tiny_notes, folds=4)


def test_the_record_of_experiments_can_be_read() -> None:
    record = Path(__file__).parents[2] / "training/experiments.jsonl"
    for line in record.read_text(encoding="utf-8").splitlines():
        assert Experiment.model_validate(json.loads(line)).training_notes > 0


def test_a_figure_that_one_fold_lacks_is_left_out() -> None:
    assert _common([{"accuracy": 1.0, "next_step": 0.5}, {"accuracy": 0.5}]) == ["accuracy"]
