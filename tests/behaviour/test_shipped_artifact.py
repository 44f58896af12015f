"""The artifact that comes with the package: what it names, what it weighs, what it does not hold."""

import json
from pathlib import Path

import joblib
import pytest
from joblib.numpy_pickle import NumpyUnpickler

from afterword_model import Classifier, artifact
from afterword_training.config import load_config
from afterword_training.corpus import by_author, corpus_sha256, load_corpus
from afterword_training.evaluate import score
from afterword_training.metrics import accuracy

pytestmark = pytest.mark.slow


ROOT = Path(__file__).parents[2]

NAMED = {
    "afterword_model.decide.NoteDecider",
    "afterword_model.encoder.OnnxEncoder",
    "afterword_model.labels.Marker",
    "afterword_model.familiarity.Familiarity",
    "afterword_model.token_markers.TokenMarkers",
    "joblib.numpy_pickle.NumpyArrayWrapper",
    "numpy.dtype",
    "numpy.ndarray",
    "sklearn.pipeline.Pipeline",
}
"""A promise: none of these is ever moved or renamed, or models already saved could not be opened."""


def test_opening_names_only_what_is_on_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    named = set()
    find_class = NumpyUnpickler.find_class

    def record(self: NumpyUnpickler, module: str, name: str) -> object:
        named.add(f"{module}.{name}")
        return find_class(self, module, name)

    monkeypatch.setattr(NumpyUnpickler, "find_class", record, raising=False)
    joblib.load(artifact.SHIPPED / artifact.MODEL)
    assert named == NAMED


def test_it_stays_small() -> None:
    assert (artifact.SHIPPED / artifact.MODEL).stat().st_size < 30_000_000


def test_it_was_made_from_this_corpus_and_this_configuration() -> None:
    manifest = artifact.verify(artifact.SHIPPED)
    config = load_config(ROOT / "training/config.toml")
    assert manifest.corpus_sha256 == corpus_sha256(ROOT / "data/notes")
    assert (manifest.name, manifest.version, manifest.seed) == (config.name, config.version, config.seed)


def test_it_is_as_good_as_its_manifest_says(shipped: Classifier) -> None:
    config = load_config(ROOT / "training/config.toml")
    held = by_author(load_corpus(ROOT / "data/notes"), config.split.test)
    assert shipped.manifest is not None
    assert accuracy(score(shipped, held)) == pytest.approx(shipped.manifest.metrics["accuracy"].value, abs=0.005)


def test_neither_card_nor_figures_hold_a_note() -> None:
    names = {"README.md", "metrics.json", "passages.json", *artifact.verify(artifact.SHIPPED).files}
    words = "".join((artifact.SHIPPED / name).read_text(encoding="utf-8") for name in sorted(names))
    beginnings = {words[at : at + 20] for at in range(len(words))}
    for file in (ROOT / "data/notes").glob("*.jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            assert len(text) < 20 or text[:20] not in beginnings or text[:60] not in words
