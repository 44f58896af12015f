from pathlib import Path

import pytest
from click.testing import CliRunner

from afterword_model.errors import AfterwordError, ConfigError, InputError
from afterword_model.registry import Registry
from afterword_training import extras
from afterword_training.cli import cli

pytestmark = pytest.mark.slow


def _call(*words: object) -> list[str]:
    return ["retrain", *map(str, words)]


def test_the_verdict_is_told_and_how_to_go_on(
    clinic: Path, quick_config: Path, tiny_notes: Path, registry: Path
) -> None:
    call = _call(clinic, "--registry", registry, "--config", quick_config, "--notes", tiny_notes)
    result = CliRunner().invoke(cli, [*call, "--promote-if-better"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "**Verdict: " in result.stdout
    assert "| team | 120 |" in result.stdout
    assert "afterword-team-1 is " in result.stdout
    assert "afterword-team-1" in Registry(registry).names()


@pytest.mark.parametrize(
    ("rows", "extra", "error", "words"),
    [
        ("id,text,label\n1,Some words here,sideways\n", [], InputError, "sideways"),
        ("id,text,label\n1,Some words here,reflection\n", [], InputError, "few"),
        ("id,text,label\n1,Some words here,up\n", ["--label", "up=skyward"], ConfigError, "skyward"),
    ],
)
def test_what_cannot_be_used_is_told(
    tmp_path: Path,
    quick_config: Path,
    tiny_notes: Path,
    registry: Path,
    rows: str,
    extra: list[str],
    error: type[Exception],
    words: str,
) -> None:
    path = tmp_path / "new.csv"
    path.write_text(rows, encoding="utf-8")
    call = _call(path, "--registry", registry, "--config", quick_config, "--notes", tiny_notes, *extra)
    result = CliRunner().invoke(cli, call)
    assert isinstance(result.exception, error)
    assert words in str(result.exception)
    assert "Some words here" not in result.output + str(result.exception)


def test_a_field_that_is_not_there_is_told(clinic: Path, quick_config: Path, tiny_notes: Path, registry: Path) -> None:
    call = _call(clinic, "--registry", registry, "--config", quick_config, "--notes", tiny_notes)
    result = CliRunner().invoke(cli, [*call, "--label-field", "verdict"])
    assert isinstance(result.exception, AfterwordError)
    assert "verdict" in str(result.exception)


def test_a_name_unfit_for_a_folder_is_told_before_anything_is_read(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, _call(tmp_path / "gone.csv", "--registry", tmp_path / "r", "--name", "our team"))
    assert isinstance(result.exception, ConfigError)
    assert "A model called our team cannot be kept" in str(result.exception)
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    "words", [["retrain", "gone.csv", "--mode", "champion"], ["train", "-o", "out"], ["try", "name"]]
)
def test_torch_that_is_not_installed_is_told_before_anything_is_read(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    result = CliRunner().invoke(cli, words)
    assert isinstance(result.exception, ConfigError)
    assert "needs torch, which is not installed: pip install '.[train]'" in str(result.exception)
