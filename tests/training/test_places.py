"""Folders that a user names for a training are looked at before it begins."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from afterword_model.errors import ConfigError
from afterword_training.cli import cli
from afterword_training.config import Config, load_config
from afterword_training.places import Places, check_places, check_results

ROOT = Path(__file__).parents[2]


@pytest.fixture
def config() -> Config:
    return load_config(ROOT / "training/config.toml")


def test_the_folder_for_checkpoints_is_made(config: Config, tmp_path: Path) -> None:
    check_places(Places(work=tmp_path / "a/b"), config)
    assert (tmp_path / "a/b").is_dir()


def test_a_file_in_the_place_of_the_folder_is_told(config: Config, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("words")
    with pytest.raises(ConfigError, match="a cannot be made a folder for checkpoints"):
        check_places(Places(work=tmp_path / "a"), config)


@pytest.mark.parametrize("command", [["train", "-o", "out"], ["try", "a name"], ["try", "a name", "--folds", "2"]])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--baseline", "--work", "somewhere"], "leave out --base, --teacher and --work"),
        (["--baseline", "--base", "somewhere"], "leave out --base, --teacher and --work"),
    ],
)
def test_what_would_be_of_no_use_is_refused(command: list[str], options: list[str], told: str) -> None:
    result = CliRunner().invoke(cli, [*command, *options])
    assert told in str(result.exception)


def test_a_teacher_that_nothing_is_learned_from_is_refused(config: Config) -> None:
    assert config.encoder is not None
    untaught = config.encoder.model_copy(update={"distill_weight": 0.0})
    with pytest.raises(ConfigError, match="encoder.distill_weight is 0"):
        check_places(Places(teacher=Path("somewhere")), config.model_copy(update={"encoder": untaught}))


def test_checkpoints_go_where_the_command_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Places] = []

    def build(*_: object, places: Places) -> None:
        seen.append(places)
        raise ConfigError("enough")

    monkeypatch.setattr("afterword_training.train.build", build)
    monkeypatch.setattr("afterword_training.experiment.build", build)
    for command in (["train", "-o", "out"], ["try", "a name"]):
        CliRunner().invoke(cli, [*command, "--base", "b", "--teacher", "t", "--work", str(tmp_path)])
    assert seen == [Places(Path("b"), Path("t"), tmp_path)] * 2


@pytest.mark.parametrize("command", [["train", "-o", "{file}/model"], ["try", "a name", "-o", "{file}/model"]])
def test_an_artifact_that_could_not_be_saved_is_told_before_training(command: list[str], tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("words")
    result = CliRunner().invoke(cli, [word.format(file=file) for word in command])
    assert f"{file}/model cannot be made or written to" in str(result.exception)


def test_nothing_is_made_before_there_are_results(tmp_path: Path) -> None:
    check_results(tmp_path / "a/b/model", tmp_path / "c/record.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_a_record_that_may_not_be_added_to_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = tmp_path / "record.jsonl"
    record.touch()
    monkeypatch.setattr("os.access", lambda path, mode: path != record)
    with pytest.raises(ConfigError, match=r"record\.jsonl may not be written to"):
        check_results(record=record)
