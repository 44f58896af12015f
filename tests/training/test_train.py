import shutil

import numpy as np
import pytest
import yaml

from afterword_model import Classifier, artifact
from afterword_model.errors import InputError
from afterword_training.config import load_config
from afterword_training.corpus import corpus_sha256, load_corpus
from afterword_training.drift.reference import load_reference, open_words
from afterword_training.evaluate import Evaluation
from afterword_training.fit_baseline import fit_baseline
from afterword_training.release import METRICS
from afterword_training.train import build, train

pytestmark = pytest.mark.slow


NOTES = ["I should have asked her. Next week I will.", "I am a fraud.", "Rang the ward."]


@pytest.fixture(scope="module")
def config(tiny_config):
    return load_config(tiny_config)


def test_parts_are_whole_authors(tiny_parts):
    assert [set(part["author"]) for part in vars(tiny_parts).values()] == [{"G", "O"}, {"L"}, {"H"}]


def test_it_writes_an_artifact_its_card_and_its_figures(trained):
    folder, evaluation = trained
    assert {path.name for path in folder.iterdir()} >= {"model.joblib", "manifest.json", "README.md", METRICS}
    assert Evaluation.model_validate_json((folder / METRICS).read_bytes()) == evaluation
    assert len(Classifier.load(folder).predict(NOTES)) == 3


def test_the_manifest_tells_how_it_was_made(trained, config, tiny_notes):
    folder, evaluation = trained
    manifest = artifact.verify(folder)
    assert (manifest.name, manifest.version, manifest.seed) == ("afterword-tiny", "0.0.1", 7)
    assert manifest.corpus_sha256 == corpus_sha256(tiny_notes)
    assert manifest.metrics == evaluation.figures
    assert manifest.libraries == artifact.installed_versions()
    assert manifest.base_encoder is None
    assert 0 < manifest.threshold <= 1
    assert manifest.threshold == evaluation.threshold


def test_it_is_judged_on_the_test_authors_alone(trained):
    _, evaluation = trained
    assert (evaluation.authors, evaluation.notes) == (["H"], 24)


def test_same_seed_same_figures_and_same_probabilities(trained, config, tiny_notes, tmp_path):
    folder, evaluation = trained
    again = train(config, tiny_notes, tmp_path / "again")
    assert again == evaluation
    first, second = Classifier.load(folder), Classifier.load(tmp_path / "again")
    assert np.array_equal(first.predict_proba(NOTES), second.predict_proba(NOTES))
    assert artifact.sha256(folder / "model.joblib") == artifact.sha256(tmp_path / "again" / "model.joblib")


def test_test_authors_leave_no_trace_in_the_model(config, tiny_notes, trained, tmp_path):
    notes = shutil.copytree(tiny_notes, tmp_path / "notes")
    lines = (notes / "H.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (notes / "H.jsonl").write_text("".join(lines[:20]), encoding="utf-8")
    train(config, notes, tmp_path / "other")
    assert artifact.sha256(tmp_path / "other" / "model.joblib") == artifact.sha256(trained[0] / "model.joblib")


def test_the_temperature_is_the_one_of_the_pipeline(config, tiny_parts):
    fitted = fit_baseline(tiny_parts.train, tiny_parts.validation, config.baseline, seed=7)
    features = fitted.pipeline[:-1].transform(NOTES)
    calibrated = fitted.pipeline[-1]
    scores = calibrated.calibrated_classifiers_[0].estimator.decision_function(features) / fitted.temperature
    by_hand = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert calibrated.predict_proba(features) == pytest.approx(by_hand, abs=1e-6)


def test_a_corpus_with_problems_is_refused_and_nothing_is_written(config, tiny_notes, tmp_path, canary):
    notes = shutil.copytree(tiny_notes, tmp_path / "notes")
    with (notes / "G.jsonl").open("a", encoding="utf-8") as file:
        file.write(f'{{"text": "{canary}"}}\n')
    with pytest.raises(InputError, match=r"1 problems?, among them:\n  G\.jsonl:31: ") as caught:
        train(config, notes, tmp_path / "out")
    assert "Zorvexian" not in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def card(trained):
    return (trained[0] / "README.md").read_text(encoding="utf-8")


def test_the_card_begins_with_front_matter(card):
    head = yaml.safe_load(card.split("---\n")[1])
    assert head["language"] == "en"
    assert head["pipeline_tag"] == "text-classification"
    assert "base_model" not in head


def test_the_card_has_the_runs_figures_and_how_it_was_made(card, trained, tiny_notes):
    _, evaluation = trained
    assert f"| accuracy | {evaluation.figures['accuracy'].value:.3f} |" in card
    assert "| training authors | G, O |" in card
    assert "| test authors | H |" in card
    assert "14 reflection" in card
    assert corpus_sha256(tiny_notes) in card
    assert "**Diagnosis.**" in card
    assert "$" not in card


def test_the_card_holds_no_note(card, tiny_notes):
    assert not any(text[:25] in card for text in load_corpus(tiny_notes)["text"])


def test_the_card_takes_over_what_the_corpus_says_of_itself(config, tiny_notes, tmp_path):
    notes = shutil.copytree(tiny_notes, tmp_path / "notes")
    (notes / "about.toml").write_text('told = "Forty invented notes."\nlicense = "cc0-1.0"\n', encoding="utf-8")
    train(config, notes, tmp_path / "open")
    card = (tmp_path / "open" / artifact.CARD).read_text(encoding="utf-8")
    assert "Forty invented notes. Splits are by author" in card
    assert "\nlicense: cc0-1.0\n" in card


def test_a_corpus_that_says_nothing_of_itself_is_taken_for_private(config, tiny_notes, trained):
    folder, _ = trained
    card = (folder / artifact.CARD).read_text(encoding="utf-8")
    assert "taken for private" in card
    assert "license:" not in card
    assert "language-model" not in card
    shipped = set(open_words(artifact.SHIPPED))
    assert set(load_reference(folder, artifact.verify(folder)).profile.words) <= shipped


def test_a_card_of_counted_words_says_that_it_holds_words(trained):
    card = (trained[0] / artifact.CARD).read_text(encoding="utf-8")
    assert "words, pairs of words and bits of words" in card


@pytest.mark.parametrize("words", ['told = ""', "license = 'x'", "told = 3", "told", 'told = "a"\nmore = 1'])
def test_what_a_corpus_says_of_itself_is_read_before_training(config, tiny_notes, tmp_path, words):
    notes = shutil.copytree(tiny_notes, tmp_path / "notes")
    (notes / "about.toml").write_text(words, encoding="utf-8")
    with pytest.raises(InputError, match=r"about\.toml needs told"):
        build(config, notes)
