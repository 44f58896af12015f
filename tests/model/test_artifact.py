import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import joblib
import numpy as np
import pytest
from joblib.numpy_pickle import NumpyUnpickler
from sklearn.pipeline import Pipeline
from tests.model.tokenizer import word_pieces

from afterword_model import Classifier, artifact
from afterword_model.decide import NoteDecider
from afterword_model.encoder import OnnxEncoder
from afterword_model.errors import (
    ArtifactAltered,
    ArtifactError,
    ArtifactForeign,
    ArtifactIncomplete,
    ArtifactMismatch,
    ArtifactNotFound,
    ArtifactUnreadable,
)
from afterword_model.manifest import FORMAT

NAMED = {
    "afterword_model.rules.RuleMarkers",
    "joblib.numpy_pickle.NumpyArrayWrapper",
    "numpy._core.multiarray.scalar",
    "numpy.dtype",
    "numpy.float64",
    "numpy.ndarray",
    "sklearn.calibration.CalibratedClassifierCV",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._TemperatureScaling",
    "sklearn.feature_extraction.text.TfidfTransformer",
    "sklearn.feature_extraction.text.TfidfVectorizer",
    "sklearn.frozen._frozen.FrozenEstimator",
    "sklearn.linear_model._logistic.LogisticRegression",
    "sklearn.pipeline.FeatureUnion",
    "sklearn.pipeline.Pipeline",
}
"""Everything that opening a baseline artifact may name; a new entry is a promise to keep its path."""

NOTES = ["I should have asked. Next week I will.", "I am a fraud.", "Rang the ward.", ""]


@pytest.fixture
def copy(artifact_folder, tmp_path):
    """A copy of the artifact that a test may break."""
    return shutil.copytree(artifact_folder, tmp_path / "copy")


@pytest.fixture
def sealed_joblib(monkeypatch):
    """Fails the test when joblib opens anything."""
    monkeypatch.setattr(joblib, "load", lambda *_, **__: pytest.fail("joblib was opened before verification"))


def change(folder, **fields):
    path = folder / artifact.MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **fields}), encoding="utf-8")


def libraries(**versions):
    return {**artifact.installed_versions(), **{name.replace("_", "-"): value for name, value in versions.items()}}


def cut(path, keep):
    path.write_bytes(path.read_bytes()[:keep])


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


BROKEN = {
    "gone": (shutil.rmtree, ArtifactNotFound, "no model at"),
    "empty folder": (lambda folder: [path.unlink() for path in folder.iterdir()], ArtifactForeign, "not a model"),
    "foreign manifest": (
        lambda folder: (folder / "manifest.json").write_text('{"name": "Web App", "icons": []}'),
        ArtifactForeign,
        "product, format",
    ),
    "foreign file": (
        lambda folder: (folder / "manifest.json").write_bytes(b"\xff\xfe\x00"),
        ArtifactForeign,
        "the file",
    ),
    "list": (lambda folder: (folder / "manifest.json").write_text("[1]"), ArtifactForeign, "manifest"),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), ArtifactIncomplete, "no manifest.json"),
    "manifest cut": (lambda folder: cut(folder / "manifest.json", 200), ArtifactIncomplete, "cut short"),
    "manifest without a field": (
        lambda folder: change(folder, seed=None),
        ArtifactUnreadable,
        "damaged or of a newer Afterword.*wrong: seed",
    ),
    "manifest with one more field": (
        lambda folder: change(folder, moons=2),
        ArtifactUnreadable,
        "damaged or of a newer Afterword.*wrong: moons",
    ),
    "no model": (lambda folder: (folder / "model.joblib").unlink(), ArtifactIncomplete, "model.joblib is missing"),
    "model cut": (lambda folder: cut(folder / "model.joblib", 1000), ArtifactIncomplete, "has 1000 of"),
    "model empty": (lambda folder: cut(folder / "model.joblib", 0), ArtifactIncomplete, "has 0 of"),
    "first byte": (lambda folder: flip(folder / "model.joblib", 0), ArtifactAltered, "checksum"),
    "middle byte": (lambda folder: flip(folder / "model.joblib", 5000), ArtifactAltered, "checksum"),
    "last byte": (lambda folder: flip(folder / "model.joblib", -1), ArtifactAltered, "checksum"),
    "longer": (
        lambda folder: (folder / "model.joblib").write_bytes((folder / "model.joblib").read_bytes() + b"."),
        ArtifactAltered,
        "not the file",
    ),
    "other layout": (lambda folder: change(folder, format=FORMAT + 1), ArtifactMismatch, "layout"),
    "later layout, other fields": (
        lambda folder: change(folder, format=FORMAT + 1, planets=9),
        ArtifactMismatch,
        f"layout {FORMAT + 1}",
    ),
    "other scikit-learn": (
        lambda folder: change(folder, libraries=libraries(scikit_learn="1.2.3")),
        ArtifactMismatch,
        r"scikit-learn 1\.2\.3; installed",
    ),
    "other numpy": (
        lambda folder: change(folder, libraries=libraries(numpy="1.26.4")),
        ArtifactMismatch,
        "numpy 1.26.4",
    ),
    "no libraries": (lambda folder: change(folder, libraries={}), ArtifactMismatch, "scikit-learn none"),
}


@pytest.mark.usefixtures("sealed_joblib")
@pytest.mark.parametrize(("damage", "error", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_artifact_is_refused_before_joblib_opens_it(copy, damage, error, words):
    damage(copy)
    with pytest.raises(ArtifactError, match=words) as caught:
        Classifier.load(copy)
    assert caught.type is error
    assert str(copy) in str(caught.value)


def test_a_minor_version_of_numpy_may_differ(copy):
    major = artifact.installed_versions()["numpy"].split(".")[0]
    change(copy, libraries=libraries(numpy=f"{major}.999"))
    assert Classifier.load(copy).threshold == 0.5


def test_a_manifest_of_another_threshold_does_not_belong(copy):
    change(copy, threshold=0.1)
    with pytest.raises(ArtifactAltered, match="does not belong"):
        Classifier.load(copy)


def test_a_manifest_of_other_labels_does_not_belong(copy):
    change(copy, labels=["rumination", "reflection", "neither"])
    with pytest.raises(ArtifactAltered, match="does not belong"):
        Classifier.load(copy)


def reseal(folder, data):
    """Put other bytes in place of the model and make the manifest fit them."""
    (folder / artifact.MODEL).write_bytes(data)
    change(folder, model_bytes=len(data), model_sha256=artifact.sha256(folder / artifact.MODEL))


@pytest.mark.parametrize("data", [b"not a pickle", b"\x80\x04cno_such_module\nThing\n.", b"\x80\x04K\x05"])
def test_whole_but_unreadable(copy, data):
    reseal(copy, data)
    with pytest.raises(ArtifactUnreadable, match="cannot be opened"):
        Classifier.load(copy)


@pytest.mark.parametrize("refused", ["is_dir", "is_file", "read_bytes", "stat", "open"])
@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_what_the_system_does_not_let_be_read_is_told(copy, monkeypatch, refused, error):
    def refuse(*_, **__):
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(Path, refused, refuse)
        with pytest.raises(ArtifactUnreadable) as caught:
            Classifier.load(copy)
    assert str(copy) in str(caught.value)
    assert error.strerror in str(caught.value)


def test_a_file_beside_the_card_that_may_not_be_read_is_told(classifier, tmp_path, monkeypatch):
    manifest = classifier.save(tmp_path, classifier.manifest, card="#", files={"reference.json": "{}"})
    assert artifact.read_file(tmp_path, manifest, "reference.json") == b"{}"

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ArtifactUnreadable, match=r"reference\.json cannot be read \(Permission denied\)"):
        artifact.read_file(tmp_path, manifest, "reference.json")


@pytest.mark.parametrize("tokenizer", [word_pieces("a"), "no tokenizer"], ids=["network", "tokenizer"])
def test_a_network_or_tokenizer_that_cannot_be_opened_is_told_at_load(classifier, tmp_path, tokenizer):
    encoder = OnnxEncoder(b"no network", tokenizer, max_tokens=16, passage_tokens=16)
    pipeline = Pipeline([("encode", encoder), ("decide", NoteDecider())])
    broken = Classifier(pipeline, classifier.evidence, threshold=classifier.threshold)
    broken.save(tmp_path, classifier.manifest, card="#")
    with pytest.raises(ArtifactUnreadable, match="network or a tokenizer that cannot be used .*Train it again"):
        Classifier.load(tmp_path)


@pytest.mark.parametrize(
    "held",
    [
        5,
        ["pipeline"],
        {"pipeline": None},
        {"pipeline": 1, "evidence": 2, "threshold": 0.5},
        {"pipeline": 1, "evidence": 2, "threshold": 3, "more": 4},
    ],
)
def test_readable_but_no_classifier(copy, tmp_path, held):
    joblib.dump(held, tmp_path / "held")
    reseal(copy, (tmp_path / "held").read_bytes())
    with pytest.raises(ArtifactUnreadable, match="parts of a classifier"):
        Classifier.load(copy)


def test_a_pickle_of_another_scikit_learn_is_an_error_not_a_warning(classifier, copy, monkeypatch):
    monkeypatch.setattr("sklearn.base.__version__", "1.0")
    classifier.save(copy, classifier.manifest, card="")
    monkeypatch.undo()
    with pytest.raises(ArtifactUnreadable, match="InconsistentVersionWarning"):
        Classifier.load(copy)


def test_saved_and_loaded_gives_identical_probabilities(classifier, artifact_folder):
    loaded = Classifier.load(artifact_folder)
    assert np.array_equal(loaded.predict_proba(NOTES), classifier.predict_proba(NOTES))
    assert loaded.predict(NOTES) == classifier.predict(NOTES)
    assert loaded.threshold == classifier.threshold


def test_the_manifest_tells_size_and_checksum(artifact_folder):
    manifest = artifact.verify(artifact_folder)
    model = artifact_folder / artifact.MODEL
    assert manifest.model_bytes == model.stat().st_size
    assert manifest.model_sha256 == artifact.sha256(model)
    assert manifest == Classifier.load(str(artifact_folder)).manifest


def test_saving_leaves_three_files_and_the_card(artifact_folder):
    assert {path.name for path in artifact_folder.iterdir()} == {"model.joblib", "manifest.json", "README.md"}
    assert (artifact_folder / "README.md").read_text("utf-8") == "# afterword-tiny\n"


def test_a_save_cut_short_leaves_no_artifact(classifier, copy, monkeypatch):
    def fail(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(joblib, "dump", fail)
    manifest = classifier.manifest
    with pytest.raises(OSError, match="disk full"):
        artifact.save(copy, {}, manifest, card="")
    with pytest.raises(ArtifactIncomplete):
        artifact.verify(copy)


def test_saving_again_replaces_the_artifact(classifier, copy):
    later = classifier.manifest.model_copy(update={"created": datetime(2027, 1, 1, tzinfo=UTC), "name": "later"})
    artifact.save(copy, {"pipeline": 1}, later, card="")
    assert artifact.verify(copy).name == "later"


def test_opening_names_only_what_is_on_the_list(artifact_folder, monkeypatch):
    named = set()
    find_class = NumpyUnpickler.find_class

    def record(self, module, name):
        named.add(f"{module}.{name}")
        return find_class(self, module, name)

    monkeypatch.setattr(NumpyUnpickler, "find_class", record, raising=False)
    joblib.load(artifact_folder / artifact.MODEL)
    assert named == NAMED


def test_the_artifact_holds_no_note(artifact_folder, tiny_notes):
    data = (artifact_folder / artifact.MODEL).read_bytes() + (artifact_folder / artifact.MANIFEST).read_bytes()
    for file in tiny_notes.glob("*.jsonl"):
        for line in file.read_text("utf-8").splitlines():
            assert json.loads(line)["text"][:40].encode() not in data
