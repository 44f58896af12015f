import shutil
from pathlib import Path

import pytest

from afterword_model.errors import ConfigError
from afterword_training import base_encoder
from afterword_training.base_encoder import FILES, WEIGHTS, find_base_encoder


def test_the_published_files_are_found(tiny_base: Path) -> None:
    found = find_base_encoder("tiny", tiny_base)
    assert found.folder == tiny_base
    assert found.encoder.name == "tests/tiny"


def test_other_weights_are_refused(tiny_base: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_base, tmp_path / "other")
    data = bytearray((folder / WEIGHTS).read_bytes())
    data[-1] ^= 1
    (folder / WEIGHTS).write_bytes(data)
    with pytest.raises(ConfigError, match="SHA-256"):
        find_base_encoder("tiny", folder)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named(tiny_base: Path, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(tiny_base, tmp_path / "part")
    (folder / name).unlink()
    with pytest.raises(ConfigError) as refused:
        find_base_encoder("tiny", folder)
    assert str(refused.value).startswith(f"{folder} holds no {name}. Give the folder")


def test_an_empty_folder_is_named(tiny_base: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        find_base_encoder("tiny", tmp_path)
    assert all(word in str(refused.value) for word in (str(tmp_path), *FILES))


@pytest.fixture
def asked(tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the hub was asked for, name and revision; it has the files, and so has an installed package."""
    shutil.copytree(tiny_base, tmp_path / "hub")
    shutil.copytree(tiny_base, tmp_path / "afterword_tiny_files" / "model")
    (tmp_path / "afterword_tiny_files" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(base_encoder.PACKAGES, "tiny", ("afterword_tiny_files", "model"))
    asked: list[tuple[str, str]] = []

    def download(name: str, *, revision: str, allow_patterns: list[str]) -> str:
        asked.append((name, revision))
        return str(tmp_path / "hub")

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    return asked


def test_the_given_folder_comes_first(tiny_base: Path, asked: list[tuple[str, str]]) -> None:
    assert find_base_encoder("tiny", tiny_base).folder == tiny_base
    assert asked == []


def test_an_installed_package_comes_next(tmp_path: Path, asked: list[tuple[str, str]]) -> None:
    assert find_base_encoder("tiny").folder == tmp_path / "afterword_tiny_files" / "model"
    assert asked == []


@pytest.mark.parametrize("packages", [{}, {"tiny": ("afterword_no_such_package", "model")}])
def test_the_hub_comes_last(
    tmp_path: Path,
    asked: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    packages: dict[str, tuple[str, str]],
) -> None:
    monkeypatch.setattr(base_encoder, "PACKAGES", packages)
    assert find_base_encoder("tiny").folder == tmp_path / "hub"
    assert asked == [("tests/tiny", "1")]


def test_a_given_folder_that_is_not_whole_is_not_replaced(tmp_path: Path, asked: list[tuple[str, str]]) -> None:
    (tmp_path / "given").mkdir()
    with pytest.raises(ConfigError, match="given holds no"):
        find_base_encoder("tiny", tmp_path / "given")
    assert asked == []


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(ConfigError, match="all-MiniLM-L6-v2"):
        find_base_encoder("bert-enormous")
