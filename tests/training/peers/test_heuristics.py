"""The two heuristic packages and their mapping; both need the extra `bench`."""

from pathlib import Path

import numpy as np
import pytest

from afterword_model.labels import LABELS, Label
from afterword_training.config import load_config
from afterword_training.peers import make_peer
from afterword_training.peers.base import Peer, Setup
from afterword_training.peers.signals import SignalRule
from afterword_training.train import Parts

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


def fitted(name: str, config: Path, parts: Parts) -> Peer:
    peer = make_peer(name, Setup(load_config(config), "0" * 64))
    peer.fit(parts.train, parts.validation)
    return peer


@pytest.mark.parametrize(
    ("name", "package"),
    [("reflection-analyser", "reflection_analyser"), ("neurodock-mcp-guardrail", "neurodock_mcp_guardrail")],
)
def test_answers_every_note_and_says_by_which_rule(name: str, package: str, tiny_config: Path, tiny_parts: Parts):
    pytest.importorskip(package)
    peer = fitted(name, tiny_config, tiny_parts)
    rows = peer.predict_proba(["I asked her. I asked her again. I asked her again.", "", "x", "word " * 3000])
    assert rows.shape == (4, len(LABELS))
    assert np.isfinite(rows).all()
    assert "reflection where" in peer.settings
    assert 0.005 < peer.megabytes() < 5


def test_forward_looking_words_are_a_signal_of_reflection(tiny_config: Path):
    peers = pytest.importorskip("afterword_training.peers.reflective_depth", exc_type=ImportError)
    peer = peers.ReflectiveDepth(Setup(load_config(tiny_config), "0" * 64))
    signals = peer.signals(["Next time I will ask her first.", "The rota is on the door."])
    assert signals["forward-looking"][0] > 0 == signals["forward-looking"][1]


def test_sentences_that_come_back_are_a_signal_of_rumination(tiny_config: Path):
    peers = pytest.importorskip("afterword_training.peers.repeated_words", exc_type=ImportError)
    looping = "I missed the silence in that session. Lunch was late. I missed the silence in that session again."
    peer = peers.RepeatedWords(Setup(load_config(tiny_config), "0" * 64))
    signals = peer.signals([looping, "The rota is on the door. Parking opens at nine."])
    assert signals["closest repeat"][0] > 0.5 > signals["closest repeat"][1]
    assert signals["mean repeat"][0] < signals["closest repeat"][0]
    rule = SignalRule("always", 1.001, "closest repeat", 0.5)
    assert [LABELS[at] for at in rule.scores(signals).argmax(axis=1)] == [Label.RUMINATION, Label.NEITHER]


def test_more_sentences_than_the_package_reports_are_read():
    peers = pytest.importorskip("afterword_training.peers.repeated_words", exc_type=ImportError)
    assert len(peers._repeats("Nothing new was said today. " * 120)) == 119
