import logging
import os
import subprocess
import sys
from dataclasses import replace

import joblib
import numpy as np
import pytest
from joblib.numpy_pickle import NumpyUnpickler
from scipy.special import softmax
from tests.behaviour.test_shipped_artifact import NAMED
from tests.training.refit.conftest import KITCHEN, team_of

import afterword_training.refit.light as light_mode
from afterword_model import LABELS, Classifier
from afterword_model.errors import ConfigError, InputError
from afterword_training.config import Retrain
from afterword_training.labelled import LabelledNote
from afterword_training.refit import refit
from afterword_training.refit.frozen import frozen
from afterword_training.refit.team import normalized

pytestmark = pytest.mark.slow


def light(notes, parts, champion, settings, tmp_path, seed=3):
    return refit(notes, parts, champion, settings, mode="light", seed=seed, base=None, work=tmp_path)


def right(classifier, notes):
    found = classifier.predict_proba([note.text for note in notes]).argmax(axis=1)
    return np.mean([LABELS[label] == note.label for label, note in zip(found, notes, strict=True)])


@pytest.fixture(scope="module")
def challenger(trained, parts, retrain, tmp_path_factory):
    """The champion refitted to the clinic; share it, never change it."""
    fitted = light(team_of(8), parts, trained, retrain, tmp_path_factory.mktemp("challenger"))
    return Classifier(fitted.pipeline, fitted.evidence, threshold=0.5, manifest=trained.manifest)


def test_it_learns_what_the_clinic_means(trained, challenger, parts):
    unseen = [note for note in team_of(40) if note.text not in {known.text for known in team_of(8)}]
    kitchen = [note for note in unseen if note.text.split(" . ")[0] in KITCHEN]
    assert right(trained, kitchen) < 0.3
    assert right(challenger, kitchen) > 0.9
    assert right(challenger, unseen) > right(trained, unseen)


def test_the_champion_and_its_network_stay_as_they_are(trained, challenger):
    assert trained.pipeline[0].head is None
    assert challenger.pipeline[0].network is trained.pipeline[0].network
    assert challenger.evidence is trained.evidence


def test_a_second_refit_builds_on_the_first(challenger, parts, retrain, tmp_path):
    texts = [note.text for note in team_of(8)]
    again = light(team_of(8), parts, challenger, retrain, tmp_path)
    bare = challenger.pipeline[0].transform(texts)
    raised = again.pipeline[0].transform(texts)
    added = again.pipeline[0].head
    before = challenger.pipeline[0].head
    for one, other in zip(bare, raised, strict=True):
        step = one.pooled @ (added.coef - before.coef).T + added.intercept - before.intercept
        np.testing.assert_allclose(other.logits, one.logits + step, atol=1e-4)


def test_it_is_saved_and_names_only_what_is_promised(challenger, tmp_path, monkeypatch):
    named = set()
    find_class = NumpyUnpickler.find_class

    def record(self, module, name):
        named.add(f"{module}.{name}")
        return find_class(self, module, name)

    challenger.save(tmp_path, challenger.manifest, card="# tiny\n")
    monkeypatch.setattr(NumpyUnpickler, "find_class", record, raising=False)
    loaded = joblib.load(tmp_path / "model.joblib")["pipeline"]
    assert named <= NAMED | {"afterword_model.label_head.LabelHead"}
    assert "afterword_model.label_head.LabelHead" in named
    texts = [note.text for note in team_of(3)]
    assert np.array_equal(loaded.predict_proba(texts), challenger.pipeline.predict_proba(texts))


def test_same_seed_same_challenger(trained, parts, retrain, tmp_path):
    one, other = (light(team_of(6), parts, trained, retrain, tmp_path).pipeline[0].head for _ in range(2))
    assert np.array_equal(one.coef, other.coef)


def test_it_is_calibrated_on_answers_to_notes_it_did_not_learn(trained, parts, retrain, tmp_path):
    notes = team_of(6)
    fitted = light(notes, parts, trained, retrain, tmp_path)
    known = len(parts.validation)
    assert len(fitted.calibration.truth) - known == len(notes)
    assert fitted.calibration.groups[known:].tolist() == [note.group for note in notes]
    assert [LABELS[at] for at in fitted.calibration.truth[known:]] == [note.label for note in notes]
    learned = fitted.pipeline.predict_proba([note.text for note in notes])
    assert not np.allclose(learned, fitted.calibration.probabilities[known:], atol=1e-3)
    validation = fitted.pipeline.predict_proba(list(parts.validation["text"]))
    np.testing.assert_allclose(validation, fitted.calibration.probabilities[:known], atol=1e-5)


def test_what_calibrates_is_answered_by_heads_that_did_not_get_its_group(
    trained, parts, retrain, tmp_path, monkeypatch
):
    notes, fit, fits = team_of(6), light_mode._head, []

    def recorded(team, *rest):
        fits.append(({vector.tobytes() for vector in team.vectors}, fit(team, *rest)))
        return fits[-1][1]

    monkeypatch.setattr(light_mode, "_head", recorded)
    fitted = light(notes, parts, trained, retrain.model_copy(update={"strengths": (0.03,)}), tmp_path)
    seen = frozen(trained).see(normalized([note.text for note in notes]), "notes")
    given = [seen.take(np.array([row])) for row in range(len(notes))]
    *folds, (all_learned, _) = fits
    assert all_learned == {vector.tobytes() for vector in seen.vectors}
    for row, note in enumerate(notes):
        group = [given[at] for at, other in enumerate(notes) if other.group == note.group]
        own = {vector.tobytes() for one in group for vector in one.vectors}
        (unseen,) = [head for learned, head in folds if not learned & own]
        answer = fitted.pipeline[-1].predict_proba(given[row].raised(unseen).by_note())
        np.testing.assert_allclose(fitted.calibration.probabilities[len(parts.validation) + row], answer[0], atol=1e-5)


def test_of_one_text_alone_only_the_corpus_calibrates(trained, parts, retrain, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    one = replace(team_of(1)[0], group="all")
    fitted = light([replace(one, id=f"n{at}") for at in range(12)], parts, trained, retrain, tmp_path)
    assert len(fitted.calibration.truth) == len(parts.validation)
    assert f"strength {max(retrain.strengths):g}" in caplog.text


@pytest.mark.parametrize("new", [0, 1, 5])
def test_notes_that_are_known_neither_calibrate_nor_choose_the_strength(new, trained, parts, retrain, tmp_path):
    notes = [replace(note, known=row >= new) for row, note in enumerate(team_of(6))]
    fitted = light(notes, parts, trained, retrain, tmp_path)
    assert fitted.calibration.groups[len(parts.validation) :].tolist() == [note.group for note in notes[:new]]


def test_the_baseline_is_refitted_too(classifier, tiny_parts, tmp_path):
    notes = team_of(8)
    texts = [note.text for note in notes]
    before = classifier.predict_proba(texts)
    fitted = light(notes, tiny_parts, classifier, Retrain(), tmp_path)
    new = Classifier(fitted.pipeline, fitted.evidence, threshold=0.5)
    assert right(new, notes) > right(classifier, notes)
    assert np.array_equal(classifier.predict_proba(texts), before)
    (inner,) = fitted.pipeline[-1].calibrated_classifiers_
    scores = inner.estimator.decision_function(fitted.pipeline[:-1].transform(texts))
    np.testing.assert_allclose(new.predict_proba(texts), softmax(scores / fitted.temperature, axis=1), atol=1e-6)


SCRIPT = """
import sys
class Absent:
    def find_spec(self, name, *_):
        if name.split(".")[0] in {"torch", "onnx", "transformers"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
from pathlib import Path
from afterword_model import Classifier
from afterword_model.labels import LABELS
from afterword_training.config import load_config
from afterword_training.corpus import load_corpus
from afterword_training.labelled import LabelledNote
from afterword_training.refit import refit
from afterword_training.train import split_corpus
model, notes, config = sys.argv[1:]
config = load_config(Path(config))
parts = split_corpus(load_corpus(Path(notes)), config.split)
team = [LabelledNote(f"n{at}", "f:1", f"bread and milk {at}", LABELS[at % 3], f"g{at}", 1) for at in range(12)]
champion = Classifier.load(model)
print(refit(team, parts, champion, config.retrain, mode="light", seed=1, base=None, work=Path("none")).temperature)
"""


def test_it_needs_no_torch(artifact_folder, tiny_notes, tiny_config):
    command = [sys.executable, "-c", SCRIPT, str(artifact_folder), str(tiny_notes), str(tiny_config)]
    without = {**os.environ, "USE_TORCH": "0"}  # datasets would look for torch by itself
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=without)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) > 0


def test_few_notes_are_refused(trained, parts, retrain, tmp_path):
    with pytest.raises(InputError, match="6 labelled notes are too few"):
        light(team_of(2), parts, trained, retrain, tmp_path)


def test_a_champion_of_another_kind_is_refused(trained, parts, retrain, tmp_path):
    odd = Classifier(trained.pipeline[1:], trained.evidence, threshold=0.5)
    with pytest.raises(ConfigError, match="neither an encoder nor the baseline"):
        light(team_of(8), parts, odd, retrain, tmp_path)


def test_no_text_reaches_a_log_or_the_model(trained, parts, retrain, tmp_path, canary, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    notes = [LabelledNote(f"n{at}", "f:1", f"{canary} {at}", LABELS[at % 3], f"g{at}", 1) for at in range(12)]
    fitted = light(notes, parts, trained, retrain, tmp_path / "work")
    joblib.dump((fitted.pipeline, fitted.evidence), tmp_path / "model")
    said = caplog.text + "".join(capfd.readouterr())
    assert "Zorvexian" not in said
    assert b"Zorvexian" not in (tmp_path / "model").read_bytes()
    assert not (tmp_path / "work").exists()
