"""What many tests share: a tiny corpus, a classifier fitted on it in a second or two, and the classifier saved."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from afterword_model import LABELS, Classifier, Label
from afterword_model.artifact import installed_versions
from afterword_model.manifest import Figure, Manifest
from afterword_training.config import Config, load_config
from afterword_training.corpus import corpus_sha256, load_corpus
from afterword_training.evaluate import Evaluation
from afterword_training.fit_baseline import fit_baseline
from afterword_training.train import Parts, split_corpus, train

CORPUS = Path(__file__).parent.parent / "data" / "notes"

TINY = {"G": 30, "O": 30, "L": 24, "H": 24}
"""Notes taken of each author."""

CONFIG = """
name = "afterword-tiny"
version = "0.0.1"
seed = 7
sure_accuracy = 0.9
sure_level = 0.3
bootstrap = 20

[split]
validation = ["L"]
test = ["H"]

[baseline]
min_df = 1
word_ngrams = 1
char_ngrams = 3
c = 6.0
"""


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Keep linear algebra to one thread: small matrices gain nothing from more, and on a busy machine they wait."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def canary() -> str:
    """A note that occurs nowhere else; where its rare words turn up, text has leaked."""
    return (
        "Zorvexian marmalade quibbled at the xylocanary: I should have told Mrs Quaxolotl, and tomorrow I will ask her."
    )


@pytest.fixture(scope="session")
def tiny_notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of four small author files that pass the corpus check with `tiny_config`."""
    folder = tmp_path_factory.mktemp("notes")
    for author, count in TINY.items():
        (folder / f"{author}.jsonl").write_text("".join(_lines(author, count)), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def tiny_config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration file for `tiny_notes`: G and O train, L validates, H tests."""
    path = tmp_path_factory.mktemp("config") / "config.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny_parts(tiny_notes: Path, tiny_config: Path) -> Parts:
    """The notes of `tiny_notes` to train on, to validate and to test with."""
    return split_corpus(load_corpus(tiny_notes), load_config(tiny_config).split)


@pytest.fixture(scope="session")
def trained(tiny_notes: Path, tiny_config: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Evaluation]:
    """The folder that training on `tiny_notes` leaves, and its figures; copy the folder before changing a file."""
    folder = tmp_path_factory.mktemp("trained") / "model"
    return folder, train(load_config(tiny_config), tiny_notes, folder)


@pytest.fixture(scope="session")
def classifier(tiny_notes: Path, tiny_config: Path, tiny_parts: Parts) -> Classifier:
    """A baseline classifier fitted on `tiny_notes`; share it, never change it."""
    config = load_config(tiny_config)
    fitted = fit_baseline(tiny_parts.train, tiny_parts.validation, config.baseline, seed=config.seed)
    manifest = _manifest(config, tiny_notes, fitted.temperature)
    return Classifier(fitted.pipeline, fitted.evidence, threshold=manifest.threshold, manifest=manifest)


@pytest.fixture(scope="session")
def artifact_folder(classifier: Classifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `classifier` is saved in; copy it before changing a file."""
    folder = tmp_path_factory.mktemp("artifact")
    assert classifier.manifest is not None
    classifier.save(folder, classifier.manifest, card="# afterword-tiny\n")
    return folder


@pytest.fixture(scope="session")
def make_artifact(classifier: Classifier, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Gives the folder of a saved model: `classifier` as another version, or one that always gives the same label."""

    def make(version: str, *, name: str = "team", always: Label | None = None) -> Path:
        assert classifier.manifest is not None
        manifest = classifier.manifest.model_copy(update={"name": name, "version": version})
        folder = tmp_path_factory.mktemp("model") / version
        constant = DummyClassifier(strategy="constant", constant=LABELS.index(always) if always else 0)
        last = ("constant", constant.fit([[0.0]] * len(LABELS), range(len(LABELS))))
        steps = [*classifier.pipeline.steps[:-1], last] if always else classifier.pipeline.steps
        Classifier(Pipeline(steps), classifier.evidence, threshold=manifest.threshold).save(folder, manifest, card="#")
        return folder

    return make


def _lines(author: str, count: int) -> list[str]:
    """Return the first pairs, whole, for two thirds of the lines, and the first single `neither` notes for the rest."""
    lines = (CORPUS / f"{author}.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    notes = [(line, json.loads(line)) for line in lines]
    paired = [line for line, note in notes if note["pair"] is not None]
    single = [line for line, note in notes if note["pair"] is None and note["label"] == "neither"]
    return paired[: count // 3 * 2] + single[: count - count // 3 * 2]


def _manifest(config: Config, notes: Path, temperature: float) -> Manifest:
    return Manifest(
        name=config.name,
        version=config.version,
        created=datetime(2026, 1, 1, tzinfo=UTC),
        labels=LABELS,
        threshold=0.5,
        temperature=temperature,
        base_encoder=None,
        corpus_sha256=corpus_sha256(notes),
        seed=config.seed,
        libraries=installed_versions(),
        metrics={"accuracy": Figure(value=0.7, low=0.6, high=0.8)},
        model_sha256="0" * 64,
        model_bytes=1,
    )
