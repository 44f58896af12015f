import numpy as np
import pytest
from tests.training.refit.conftest import ENCODER, KITCHEN, NEITHER, team_of

from afterword_model import LABELS, Classifier
from afterword_model.encoder import OnnxEncoder
from afterword_model.errors import ConfigError
from afterword_model.labels import Label
from afterword_training.checkpoint import Checkpoints
from afterword_training.labelled import LabelledNote
from afterword_training.refit import refit

pytestmark = pytest.mark.slow


def make(mode, parts, champion, retrain, work, *, notes=None, base=None, encoder=ENCODER):
    notes = notes or team_of(8)
    return refit(notes, parts, champion, retrain, mode=mode, seed=5, base=base, work=work, encoder=encoder)


def network(fitted):
    return fitted.pipeline[0].network


@pytest.mark.parametrize("mode", ["champion", "base"])
def test_it_learns_what_the_clinic_means(mode, trained, parts, retrain, tmp_path, tiny_base):
    fitted = make(mode, parts, trained, retrain, tmp_path, base=tiny_base)
    new = Classifier(fitted.pipeline.set_params(encode__threads=1), fitted.evidence, threshold=0.5)
    kitchen = [note for note in team_of(30) if note.text.split(" . ")[0] in KITCHEN]
    wanted = LABELS.index(Label.RUMINATION)
    before = (trained.predict_proba([note.text for note in kitchen]).argmax(axis=1) == wanted).mean()
    after = (new.predict_proba([note.text for note in kitchen]).argmax(axis=1) == wanted).mean()
    assert before < 0.3
    assert after > before + (0.5 if mode == "champion" else 0)
    assert 0 < len(fitted.calibration.truth) - len(parts.validation) < 24


class Killed(Exception):
    """What ends a training in the middle."""


def test_an_interrupted_training_goes_on_and_ends_the_same(
    trained, parts, retrain, tmp_path, tiny_base, monkeypatch, canary
):
    notes = [*team_of(8), LabelledNote("x", "f:9", canary, Label.RUMINATION, "gx", 1)]
    whole = make("champion", parts, trained, retrain, tmp_path / "whole", notes=notes)
    noted = Checkpoints.note

    def dying(self, step, states, *, last=False):
        noted(self, step, states, last=last)
        if step == 6:
            raise Killed

    work = tmp_path / "work"
    with monkeypatch.context() as patch:
        patch.setattr(Checkpoints, "note", dying)
        with pytest.raises(Killed):
            make("champion", parts, trained, retrain, work, notes=notes)
    (left,) = work.iterdir()
    assert b"Zorvexian" not in left.read_bytes()
    taken = []
    monkeypatch.setattr(Checkpoints, "note", lambda self, step, states, *, last=False: taken.append(step))
    assert network(make("champion", parts, trained, retrain, work, notes=notes)) == network(whole)
    assert taken[0] == 5


def test_other_notes_are_another_training(trained, parts, retrain, tmp_path):
    make("champion", parts, trained, retrain, tmp_path)
    make("champion", parts, trained, retrain, tmp_path, notes=team_of(7))
    assert len(list(tmp_path.iterdir())) == 2


def test_a_long_note_is_learned_by_the_passages_that_bear_witness(trained, parts, retrain, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "afterword_training.refit.network.finetune",
        lambda network, tokenizer, examples, *_, weights, **__: (
            seen.extend(zip(examples, weights, strict=True)) or network
        ),
    )
    long = ". ".join([*NEITHER * 4, "next time i will ask", *NEITHER * 4])
    settings = retrain.model_copy(update={"calibration_share": 0.0})
    notes = [*team_of(8), LabelledNote("l", "f:9", long, Label.REFLECTION, "gl", 1)]
    make("champion", parts, trained, settings, tmp_path, notes=notes)
    ((part, weight),) = [
        (example, weight) for example, weight in seen if "i will ask" in example.text and "waited" in example.text
    ] or [(None, None)]
    assert part is not None
    assert len(part.text) < len(long)
    assert weight == settings.team_weight
    assert [weight for _, weight in seen[-5:]] == [1.0] * 5


def test_the_baseline_cannot_be_trained_further(classifier, parts, retrain, tmp_path):
    with pytest.raises(ConfigError, match="no fine-tuned encoder"):
        make("champion", parts, classifier, retrain, tmp_path)


@pytest.mark.parametrize("mode", ["champion", "base"])
def test_a_configuration_without_encoder_is_told(mode, trained, parts, retrain, tmp_path):
    with pytest.raises(ConfigError, match=f"the mode {mode} cannot train one. Use light"):
        make(mode, parts, trained, retrain, tmp_path, encoder=None)


def test_windows_stay_as_the_champion_has_them(trained, parts, retrain, tmp_path):
    other = ENCODER.model_copy(update={"max_tokens": 64, "passage_tokens": 32})
    fitted = make("champion", parts, trained, retrain, tmp_path, encoder=other)
    assert isinstance(fitted.pipeline[0], OnnxEncoder)
    assert (fitted.pipeline[0].max_tokens, fitted.pipeline[0].passage_tokens) == (32, 16)
    assert np.isfinite(fitted.temperature)
