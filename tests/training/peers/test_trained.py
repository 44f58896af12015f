"""spaCy and fastText on the tiny corpus; fastText needs the extra `bench`."""

from pathlib import Path

import numpy as np
import pytest
import spacy

from afterword_model.errors import ConfigError
from afterword_model.labels import LABELS
from afterword_training.config import load_config
from afterword_training.peers import make_peer, spacy_textcat
from afterword_training.peers.base import Peer, Setup
from afterword_training.train import Parts

pytestmark = pytest.mark.slow


TEXTS = ["Next time I will ask her first.", "I am a fraud.\nI ruined it.", "", "A zorvexian note."]


def fitted(name: str, config: Path, parts: Parts) -> Peer:
    peer = make_peer(name, Setup(load_config(config), "0" * 64))
    peer.fit(parts.train, parts.validation)
    return peer


@pytest.mark.parametrize("name", ["spacy-bow", "spacy-ensemble", "fasttext"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_learns_gives_probabilities_repeats_itself_and_saves_no_word_it_met(
    name: str, tiny_config: Path, tiny_parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if name == "fasttext":  # with so few notes it needs many epochs, the others small batches
        fast_text = pytest.importorskip("afterword_training.peers.fast_text", exc_type=ImportError)
        monkeypatch.setattr(fast_text, "_EPOCHS", (1, 200))
    monkeypatch.setattr(spacy_textcat, "_BATCH", 4)
    peer = fitted(name, tiny_config, tiny_parts)
    rows = peer.predict_proba(TEXTS)
    assert rows.shape == (len(TEXTS), len(LABELS))
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(rows, fitted(name, tiny_config, tiny_parts).predict_proba(TEXTS))
    assert peer.predict_proba([]).shape == (0, len(LABELS))
    peer.save(tmp_path)
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and b"zorvexian" in file.read_bytes()]
    if name != "fasttext":
        docs = spacy.load(tmp_path).pipe(TEXTS)
        np.testing.assert_allclose([[doc.cats[label] for label in LABELS] for doc in docs], rows, atol=1e-6)
    assert peer.megabytes() > 0.01
    assert name != "fasttext" or "epoch 200, the best of" in peer.settings
    right = peer.predict_proba(tiny_parts.train["text"]).argmax(axis=1) == np.array(tiny_parts.train["label"])
    assert right.mean() > 0.45  # the labels are even, so guessing is a third


def test_the_best_epoch_is_kept(tiny_config: Path, tiny_parts: Parts, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spacy_textcat, "_EPOCHS", 8)
    seen: list[float] = []
    original = spacy_textcat.BagOfWords.predict_proba

    def watched(self, texts):
        rows = original(self, texts)
        seen.append(float((rows.argmax(axis=1) == np.array(tiny_parts.validation["label"])).mean()))
        return rows

    monkeypatch.setattr(spacy_textcat.BagOfWords, "predict_proba", watched)
    peer = fitted("spacy-bow", tiny_config, tiny_parts)
    during = list(seen)
    peer.predict_proba(tiny_parts.validation["text"])
    assert len(during) > 1
    assert seen[-1] == max(during)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_fasttext_is_trained_slower_where_it_diverges(
    tiny_config: Path, tiny_parts: Parts, monkeypatch: pytest.MonkeyPatch
):
    fast_text = pytest.importorskip("afterword_training.peers.fast_text", exc_type=ImportError)
    original, too_fast = fast_text.fasttext.train_supervised, 0.3

    def diverging(*, lr: float, **numbers):
        if lr > too_fast:
            raise RuntimeError("Encountered NaN.")
        return original(lr=lr, **numbers)

    monkeypatch.setattr(fast_text.fasttext, "train_supervised", diverging)
    assert "lr 0.2 and epoch" in fitted("fasttext", tiny_config, tiny_parts).settings
    too_fast = 0.0
    with pytest.raises(ConfigError, match="diverged"):
        fitted("fasttext", tiny_config, tiny_parts)


def test_notes_given_to_fasttext_are_never_on_disk():
    fast_text = pytest.importorskip("afterword_training.peers.fast_text", exc_type=ImportError)
    with fast_text._in_memory("a secret\n") as path:
        assert Path(path).read_text(encoding="utf-8") == "a secret\n"
        assert str(Path(path).resolve()).startswith("/memfd:")
    assert not Path(path).exists()
