"""One model of several trainings, of an interrupted one, and of one with a teacher."""

from pathlib import Path

import numpy as np
import pytest
import torch
from datasets import Dataset

from afterword_model.encoder import OnnxEncoder
from afterword_model.errors import ConfigError, InputError
from afterword_model.labels import LABELS, Label
from afterword_training import members as module
from afterword_training import teacher as teaching
from afterword_training.augment import Example
from afterword_training.base_encoder import find_base_encoder
from afterword_training.checkpoint import Checkpoints
from afterword_training.config import Encoder, Teacher
from afterword_training.corpus import FEATURES
from afterword_training.fit_encoder import fit_encoder
from afterword_training.members import average, tokenizer_of, train_members
from afterword_training.network import NoteNetwork
from afterword_training.places import Places
from afterword_training.teacher import label_logits, teach

pytestmark = pytest.mark.slow


STEP = "next time i will ask first"
TEXTS = {
    "reflection": [f"she waited {STEP}", f"again nothing was said {STEP}"],
    "rumination": ["why did i say that again and again", "i failed her why did i say nothing"],
    "neither": ["bread milk and the rota", "the session was at the rota"],
}


@pytest.fixture(scope="module")
def settings(settings: Encoder) -> Encoder:
    """Few epochs, enough where only the bytes of what was learned are compared."""
    return settings.model_copy(update={"epochs": 3})


@pytest.fixture(scope="module")
def notes() -> Dataset:
    rows = [
        {
            "id": f"{label}-{number}",
            "text": text,
            "label": label,
            "slice": "plain",
            "role": "nurse",
            "author": "T",
            "pair": None,
            "markers": [{"span": STEP, "kind": "next_step"}] if STEP in text else [],
        }
        for label, texts in TEXTS.items()
        for number, text in enumerate(texts)
    ]
    return Dataset.from_list(rows, FEATURES)


def _network(folder: Path, notes: Dataset, settings: Encoder, **more: Path) -> bytes:
    fitted = fit_encoder(notes, notes, settings, seed=3, places=Places(base=folder, **more))
    encoder = fitted.pipeline[0]
    assert isinstance(encoder, OnnxEncoder)
    return encoder.network


@pytest.fixture(scope="module")
def plain(tiny_base: Path, notes: Dataset, settings: Encoder) -> bytes:
    """The network that `settings` alone make of the notes."""
    return _network(tiny_base, notes, settings)


@pytest.fixture(scope="module")
def of_two(tiny_base: Path, notes: Dataset, settings: Encoder) -> bytes:
    """The network that two members make."""
    return _network(tiny_base, notes, settings.model_copy(update={"members": 2}))


def test_the_average_of_two_lies_between_them(tiny_base: Path) -> None:
    one, other = (NoteNetwork.from_base(str(tiny_base), dropout=0.0) for _ in range(2))
    expected = (one.label_head.weight + other.label_head.weight) / 2
    assert torch.allclose(average([one, other]).label_head.weight, expected)


def test_one_alone_is_its_own_average(tiny_base: Path) -> None:
    network = NoteNetwork.from_base(str(tiny_base), dropout=0.0)
    before = {name: values.clone() for name, values in network.state_dict().items()}
    after = average([network]).state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_members_are_trained_in_other_orders_and_put_together(
    tiny_base: Path, notes: Dataset, settings: Encoder, plain: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds: list[int] = []
    train = module.finetune

    def noted(*args: object, seed: int, **more: object) -> NoteNetwork:
        seeds.append(seed)
        return train(*args, seed=seed, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "finetune", noted)
    two = _network(tiny_base, notes, settings.model_copy(update={"members": 2}))
    assert seeds == [3, 4]
    assert two != plain


def test_what_was_trained_is_not_trained_again(
    tiny_base: Path, notes: Dataset, settings: Encoder, of_two: bytes, tmp_path: Path
) -> None:
    one = _network(tiny_base, notes, settings, work=tmp_path)
    [checkpoint] = tmp_path.glob("*.checkpoint")
    written = checkpoint.stat().st_mtime_ns

    both = _network(tiny_base, notes, settings.model_copy(update={"members": 2}), work=tmp_path)

    assert len(list(tmp_path.glob("*.checkpoint"))) == 2
    assert checkpoint.stat().st_mtime_ns == written
    assert _network(tiny_base, notes, settings, work=tmp_path) == one
    assert both == of_two


def test_the_same_training_twice_at_once_is_refused_and_another_is_not(
    tiny_base: Path, notes: Dataset, settings: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train, told = module.finetune, []

    def meanwhile(*args: object, **more: object) -> NoteNetwork:
        with monkeypatch.context() as second:
            second.setattr(module, "finetune", train)
            with pytest.raises(ConfigError, match="The same training is running already") as refused:
                _network(tiny_base, notes, settings, work=tmp_path)
            told.append(str(refused.value))
            _network(tiny_base, notes, settings.model_copy(update={"dropout": 0.3}), work=tmp_path)
        return train(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "finetune", meanwhile)
    _network(tiny_base, notes, settings, work=tmp_path)
    assert len(told) == 1
    assert str(tmp_path) in told[0]


def test_an_interrupted_member_goes_on_and_the_one_before_is_not_trained_again(
    tiny_base: Path, notes: Dataset, settings: Encoder, of_two: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_STEPS", 1)
    two = settings.model_copy(update={"members": 2})
    note, steps = Checkpoints.note, []

    def dying(self: Checkpoints, step: int, *args: object, **more: object) -> None:
        note(self, step, *args, **more)  # type: ignore[arg-type]
        steps.append(step)
        if steps.count(3) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Checkpoints, "note", dying)
    with pytest.raises(KeyboardInterrupt):
        _network(tiny_base, notes, two, work=tmp_path)
    steps.clear()
    resumed = _network(tiny_base, notes, two, work=tmp_path)
    assert steps[0] == 4
    assert steps.count(1) == 0
    assert resumed == of_two


def test_a_teacher_is_trained_first_and_learned_from(
    tiny_base: Path, notes: Dataset, settings: Encoder, plain: bytes, tmp_path: Path
) -> None:
    teacher = Teacher(base="tiny", epochs=settings.epochs, batch_size=2, learning_rate=1e-3)
    taught = settings.model_copy(update={"distill_weight": 0.5, "teacher": teacher})

    network = _network(tiny_base, notes, taught, teacher=tiny_base, work=tmp_path)

    assert len(list(tmp_path.glob("*.checkpoint"))) == 2  # one each
    assert network != plain
    assert network == _network(tiny_base, notes, taught, teacher=tiny_base, work=tmp_path)


def test_what_the_teacher_answered_is_kept_and_not_asked_again(
    tiny_base: Path, settings: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = [Example(text, Label(label)) for label, texts in TEXTS.items() for text in texts]
    teacher = Teacher(base="tiny", epochs=2, batch_size=2, learning_rate=1e-3)
    taught = settings.model_copy(update={"distill_weight": 0.5, "teacher": teacher})
    first = teach(examples, taught, seed=3, folder=tiny_base, work=tmp_path)

    with monkeypatch.context() as patched:
        patched.delattr(teaching, "label_logits")
        again = teach(examples, taught, seed=3, folder=tiny_base, work=tmp_path)
    assert np.array_equal(first, again)

    [kept] = tmp_path.glob("*.npy")
    kept.write_bytes(kept.read_bytes()[:-8])
    with pytest.raises(InputError, match=f"{kept.name} is damaged"):
        teach(examples, taught, seed=3, folder=tiny_base, work=tmp_path)


def test_a_teacher_thinks_of_each_text_by_itself(tiny_base: Path, settings: Encoder) -> None:
    examples = [Example(text, Label(label)) for label, texts in TEXTS.items() for text in texts]
    found = find_base_encoder("tiny", tiny_base)
    network = train_members(found, examples, settings.model_copy(update={"epochs": 12}), seed=3)
    texts = [example.text for example in examples]
    logits = label_logits(network, tokenizer_of(found), texts, settings.max_tokens)
    assert [LABELS[row] for row in logits.argmax(axis=1)] == [example.label for example in examples]
    alone = [label_logits(network, tokenizer_of(found), [text], settings.max_tokens)[0] for text in texts]
    assert np.allclose(logits, alone, atol=0.1)


def test_without_a_teacher_nothing_is_distilled(tiny_base: Path, notes: Dataset, settings: Encoder) -> None:
    with pytest.raises(ConfigError, match="names no teacher"):
        _network(tiny_base, notes, settings.model_copy(update={"distill_weight": 0.5}))
