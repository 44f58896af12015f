import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from afterword_model import Classifier, artifact
from afterword_model.errors import ArtifactAltered, ArtifactIncomplete
from afterword_training.card import Measured
from afterword_training.corpus import load_corpus
from afterword_training.drift.reference import REFERENCE, load_reference, make_reference
from afterword_training.evaluate import Evaluation, GroupFigure, evaluate
from afterword_training.plots import reliability_plot, risk_coverage_plot
from afterword_training.provenance import Provenance
from afterword_training.release import METRICS, Release, release

pytestmark = pytest.mark.slow


PICTURES = {"reliability-test.svg", "risk-coverage-test.svg"}


@pytest.fixture(scope="module")
def card(trained):
    return (trained[0] / artifact.CARD).read_text(encoding="utf-8")


@pytest.fixture
def copy(trained, tmp_path):
    return shutil.copytree(trained[0], tmp_path / "copy")


def words_in(picture: Path) -> str:
    root = ElementTree.fromstring(picture.read_text(encoding="utf-8"))
    return " ".join("".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text"))


def test_the_manifest_lists_what_goes_with_the_model(trained):
    folder, _ = trained
    manifest = artifact.verify(folder)
    assert set(manifest.files) == {METRICS, REFERENCE, *PICTURES}
    assert {path.name for path in folder.iterdir()} == {artifact.MODEL, artifact.MANIFEST, artifact.CARD} | set(
        manifest.files
    )
    assert all(artifact.sha256(folder / name) == digest for name, digest in manifest.files.items())


def test_the_card_shows_its_pictures_and_says_in_words_what_they_show(trained, card):
    for name in PICTURES:
        assert f", on the test authors' notes]({name})" in card
        assert (trained[0] / name).is_file()


def test_the_pictures_can_be_read(trained):
    folder, evaluation = trained
    reliability = words_in(folder / "reliability-test.svg")
    assert "probability of the label that the model gives" in reliability
    assert "100%" in reliability
    risk = words_in(folder / "risk-coverage-test.svg")
    assert "10% wrong, the aim of “sure”" in risk
    assert f"probability from {evaluation.threshold:.2f}" in risk


def test_the_same_figures_give_the_same_pictures(trained):
    folder, evaluation = trained
    assert reliability_plot(evaluation) == (folder / "reliability-test.svg").read_text(encoding="utf-8")
    again = risk_coverage_plot(evaluation, wanted=0.9)
    assert again == (folder / "risk-coverage-test.svg").read_text(encoding="utf-8")


def test_the_curve_drawn_is_the_curve_measured(trained):
    _, evaluation = trained
    worse = evaluation.model_copy(
        update={"risk_coverage": [(t, c, a / 2) for t, c, a in evaluation.risk_coverage], "sure_accuracy": None}
    )
    drawn = risk_coverage_plot(worse, wanted=0.9)
    assert drawn != risk_coverage_plot(evaluation, wanted=0.9)
    assert "probability from" not in drawn


def test_the_reliability_adds_up_to_the_calibration_error(trained):
    _, evaluation = trained
    assert sum(notes for _, _, notes in evaluation.reliability) == evaluation.notes
    gaps = sum(abs(right - said) * notes for said, right, notes in evaluation.reliability)
    assert gaps / evaluation.notes == pytest.approx(evaluation.figures["ece"].value)


def test_the_front_matter_has_the_measured_figures(trained, card):
    (model,) = yaml.safe_load(card.split("---\n")[1])["model-index"]
    metrics = {metric["type"]: metric["value"] for metric in model["results"][0]["metrics"]}
    figures = trained[1].figures
    assert metrics == {"accuracy": round(figures["accuracy"].value, 4), "f1": round(figures["macro_f1"].value, 4)}


def test_the_card_tells_limits_and_what_it_must_not_be_used_for(card):
    assert "## What it must not be used for" in card
    assert "Assessing danger" in card
    assert "the validation authors L\nlook like" in card


def test_the_reference_is_of_the_validation_authors(trained):
    reference = load_reference(trained[0], artifact.verify(trained[0]))
    assert reference.notes_of == "the validation authors L"
    assert reference.profile.notes == reference.profile.texts == 24


def test_nothing_that_goes_with_a_model_holds_a_note(trained, tiny_notes):
    folder, _ = trained
    words = "".join((folder / name).read_text(encoding="utf-8") for name in artifact.verify(folder).files)
    assert not any(text[:25] in words for text in load_corpus(tiny_notes)["text"])


def test_a_model_of_a_team_has_a_card_with_both_measurements(classifier, tiny_parts, tmp_path):
    parts = (tiny_parts.test, tiny_parts.validation)
    shipped, team = (evaluate(classifier, part, resamples=5, seed=1) for part in parts)
    kinds = {"insight": (20, 0.5), "admin": (20, 0.9), "rare": (19, 0.1)}
    slices = {name: GroupFigure(notes=n, accuracy=right, macro_f1=right) for name, (n, right) in kinds.items()}
    team = team.model_copy(update={"by_slice": slices, "by_length": {}})
    texts = list(tiny_parts.validation["text"])
    given = Release(
        measured=(
            Measured("test", "On the test authors", "the test authors' notes", "As before.", shipped),
            Measured("team", "On the team's notes", "the team's own notes", "Held out by writer.", team),
        ),
        sure_accuracy=0.95,
        provenance=Provenance("24 notes of the team.", (("team notes", "24"),)),
        reference=make_reference(classifier, texts, ["a"] * 24, notes_of="the team", among=[]),
    )
    manifest = release(classifier, classifier.manifest, given, tmp_path / "team")
    assert manifest.metrics == shipped.figures
    assert {"metrics-team.json", "reliability-team.svg", "risk-coverage-team.svg", METRICS} <= set(manifest.files)
    assert Evaluation.model_validate_json((tmp_path / "team/metrics-team.json").read_bytes()) == team
    card = (tmp_path / "team" / artifact.CARD).read_text(encoding="utf-8")
    assert "Of the team's own notes it is least often right on: insight (0.500), admin (0.900)." in card
    assert "24 notes of the team." in card
    assert not any(text[:25] in card for text in texts)


def test_an_artifact_saved_before_there_was_a_reference_still_loads(copy):
    path = copy / artifact.MANIFEST
    older = json.loads(path.read_text(encoding="utf-8"))
    del older["files"]
    path.write_text(json.dumps(older), encoding="utf-8")
    for name in (*PICTURES, REFERENCE):
        (copy / name).unlink()
    assert Classifier.load(copy).predict(["Rang the ward."])
    assert load_reference(copy, artifact.verify(copy)) is None


def test_a_lost_picture_keeps_no_one_from_using_the_model(copy):
    (copy / "reliability-test.svg").unlink()
    assert Classifier.load(copy).predict(["Rang the ward."])


def test_a_reference_that_is_missing_or_altered_is_told(copy):
    manifest = artifact.verify(copy)
    (copy / REFERENCE).write_text("{}", encoding="utf-8")
    with pytest.raises(ArtifactAltered, match=r"reference\.json is not the file that was saved"):
        load_reference(copy, manifest)
    (copy / REFERENCE).unlink()
    with pytest.raises(ArtifactIncomplete, match=r"reference\.json is missing"):
        load_reference(copy, manifest)


def test_a_reference_of_a_later_layout_is_told(copy):
    (copy / REFERENCE).write_text('{"product": "afterword", "format": 2}', encoding="utf-8")
    manifest = artifact.verify(copy)
    changed = {**manifest.files, REFERENCE: artifact.sha256(copy / REFERENCE)}
    with pytest.raises(ArtifactAltered, match="no reference that this version of Afterword reads"):
        load_reference(copy, manifest.model_copy(update={"files": changed}))
