"""Peers that stand on the base encoder, with a tiny one in its place; they need the extra `bench`."""

import socket
from pathlib import Path

import numpy as np
import pytest
from datasets import Dataset

from afterword_model.artifact import sha256
from afterword_model.manifest import BaseEncoder
from afterword_training import base_encoder
from afterword_training.compare import measure
from afterword_training.config import load_config
from afterword_training.peers import make_peer
from afterword_training.peers.base import DEFAULT_ENCODER, Setup
from afterword_training.peers.report import Measured
from afterword_training.train import Parts

# Their packages warn of their own future; what they answer is tested here.
pytestmark = pytest.mark.filterwarnings("ignore")

NAMES = [("model2vec", "model2vec.distill"), ("setfit", "setfit")]


@pytest.fixture
def setup(tiny_config: Path, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Setup:
    published = BaseEncoder(name="tests/tiny", revision="1", sha256=sha256(tiny_folder / base_encoder.WEIGHTS))
    monkeypatch.setitem(base_encoder.PUBLISHED, DEFAULT_ENCODER, published)
    return Setup(load_config(tiny_config), corpus_sha256="0" * 64, base=tiny_folder)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize(("name", "package"), NAMES)
def test_gives_probabilities_and_figures_offline(name: str, package: str, setup: Setup, tiny_parts: Parts):
    pytest.importorskip(package)
    row = measure(name, setup, tiny_parts)
    assert isinstance(row, Measured), row
    assert 0 <= row.accuracy <= 1
    assert row.ece is not None
    assert row.temperature is not None
    assert row.train_seconds is not None
    assert row.train_seconds > 0
    assert row.megabytes > 0.001
    assert "tests/tiny" in row.settings


@pytest.mark.parametrize(("name", "package"), NAMES)
def test_nothing_that_is_saved_quotes_a_note(name: str, package: str, setup: Setup, tiny_parts: Parts, tmp_path: Path):
    pytest.importorskip(package)
    peer = make_peer(name, setup)
    peer.fit(tiny_parts.train, tiny_parts.validation)
    peer.save(tmp_path)
    rows = peer.predict_proba(["I will ask her first next time.", ""])
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-4)
    saved = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert saved
    assert not any(text.encode()[:40] in saved for text in _texts(tiny_parts.train))


def _texts(notes: Dataset) -> list[str]:
    return list(notes["text"])
