from pathlib import Path

import pytest

from afterword_model.errors import ConfigError
from afterword_training.base_encoder import WEIGHTS, find_base_encoder


def test_the_published_files_are_found(tiny_base: Path) -> None:
    found = find_base_encoder("tiny", tiny_base)
    assert found.folder == tiny_base
    assert found.encoder.name == "tests/tiny"


def test_other_weights_are_refused(tiny_base: Path, tmp_path: Path) -> None:
    data = bytearray((tiny_base / WEIGHTS).read_bytes())
    data[-1] ^= 1
    (tmp_path / WEIGHTS).write_bytes(data)
    with pytest.raises(ConfigError, match="SHA-256"):
        find_base_encoder("tiny", tmp_path)


def test_an_empty_folder_is_named(tiny_base: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=WEIGHTS):
        find_base_encoder("tiny", tmp_path)


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(ConfigError, match="all-MiniLM-L6-v2"):
        find_base_encoder("bert-enormous")
