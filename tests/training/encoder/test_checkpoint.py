from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from afterword_model.errors import InputError
from afterword_model.labels import Label
from afterword_training import checkpoint
from afterword_training.augment import Example
from afterword_training.checkpoint import Checkpoints, Stateful, training_identity
from afterword_training.config import Augment, Encoder
from afterword_training.finetune import finetune
from afterword_training.identity import identity_of
from afterword_training.network import NoteNetwork

CANARY = "zorvexian"
EXAMPLES = [
    Example("she waited next time i will ask first", Label.REFLECTION),
    Example("i will ask her first next session", Label.REFLECTION),
    Example("why did i say that again and again", Label.RUMINATION),
    Example(f"i failed her why did i say nothing {CANARY}", Label.RUMINATION),
    Example("bread milk and the rota", Label.NEITHER),
    Example("the session was at the rota", Label.NEITHER),
]
STEPS = 8


class Killed(Exception):
    """What ends a training in the middle."""


class Dying(Checkpoints):
    """Checkpoints of a training that dies after a step."""

    def __init__(self, folder: Path, *, after: int) -> None:
        super().__init__(folder, "a" * 64, every=3)
        self._last = after

    def note(self, step: int, parts: Mapping[str, Stateful], *, last: bool = False) -> None:
        super().note(step, parts, last=last)
        if step == self._last:
            raise Killed


@pytest.fixture
def train(tiny_base: Path, settings: Encoder) -> Callable[..., NoteNetwork]:
    changed = settings.model_copy(
        update={
            "epochs": 4,
            "dropout": 0.2,
            "average_last": 0.5,
            "augment": Augment(surround=0.4, crop=0.2, noise=0.3),
        }
    )
    tokenizer = tokenizer_in(tiny_base)

    def run(
        checkpoints: Checkpoints | None = None, weights: list[float] | None = None, examples: list[Example] = EXAMPLES
    ) -> NoteNetwork:
        torch.manual_seed(3)
        network = NoteNetwork.from_base(str(tiny_base), dropout=changed.dropout)
        return finetune(network, tokenizer, examples, changed, seed=3, weights=weights, checkpoints=checkpoints)

    return run


def tokenizer_in(base: Path) -> Tokenizer:
    return Tokenizer.from_file(str(base / "tokenizer.json"))


def same(one: NoteNetwork, other: NoteNetwork) -> bool:
    left, right = one.state_dict(), other.state_dict()
    return all(torch.equal(left[name], right[name]) for name in left)


@pytest.mark.parametrize("after", [3, 5, STEPS - 1])
def test_an_interrupted_training_ends_as_an_undisturbed_one(
    train: Callable[..., NoteNetwork], tmp_path: Path, after: int
) -> None:
    with pytest.raises(Killed):
        train(Dying(tmp_path, after=after))
    checkpoints = Checkpoints(tmp_path, "a" * 64, every=3)
    assert checkpoints.path.is_file()
    taken: list[int] = []
    checkpoints.note = lambda step, parts, *, last=False: taken.append(step)  # type: ignore[method-assign]
    assert same(train(checkpoints), train())
    assert taken == list(range(after // 3 * 3 + 1, STEPS + 1))


def test_another_training_begins_at_its_start(train: Callable[..., NoteNetwork], tmp_path: Path) -> None:
    with pytest.raises(Killed):
        train(Dying(tmp_path, after=3))
    other = Checkpoints(tmp_path, "b" * 64, every=100)
    assert same(train(other), train())
    assert Checkpoints(tmp_path, "a" * 64, every=3).path.is_file()


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut short", b"not a checkpoint at all"])
def test_a_damaged_checkpoint_is_named(train: Callable[..., NoteNetwork], tmp_path: Path, damage: bytes) -> None:
    checkpoints = Checkpoints(tmp_path, "a" * 64, every=3)
    checkpoints.path.write_bytes(damage)
    with pytest.raises(InputError, match=r"a{16}\.checkpoint is damaged .* Delete that file"):
        train(checkpoints)


def test_a_finished_training_is_not_done_again(train: Callable[..., NoteNetwork], tmp_path: Path) -> None:
    first = train(Checkpoints(tmp_path, "a" * 64, every=100))
    again = Checkpoints(tmp_path, "a" * 64, every=100)
    again.note = lambda *_, **__: pytest.fail("a step was taken")  # type: ignore[method-assign]
    assert same(train(again), first)


def test_it_holds_no_text(train: Callable[..., NoteNetwork], tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path / "work", identity_of([e.text for e in EXAMPLES]), every=3)
    train(checkpoints)
    assert CANARY.encode() not in checkpoints.path.read_bytes()
    assert list((tmp_path / "work").iterdir()) == [checkpoints.path]


def test_weights_count_beside_each_other(train: Callable[..., NoteNetwork]) -> None:
    assert same(train(weights=[1.0] * 6), train(weights=[5.0] * 6))


def test_the_label_of_a_note_without_weight_is_not_learned(train: Callable[..., NoteNetwork]) -> None:
    other = [Example(EXAMPLES[0].text, Label.RUMINATION), *EXAMPLES[1:]]
    weights = [0.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    assert same(train(weights=weights), train(weights=weights, examples=other))
    assert not same(train(), train(examples=other))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("computes_bf16", lambda: "no"),
        ("TRAINING_CODE", (("afterword_training", "augment.py"),)),
        ("_LIBRARIES", ("torch",)),
    ],
)
def test_a_training_computed_in_another_way_is_another_training(
    tiny_base: Path, settings: Encoder, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    network, tokenizer = NoteNetwork.from_base(str(tiny_base), dropout=0.1), tokenizer_in(tiny_base)
    here = training_identity(network, tokenizer, settings, EXAMPLES, [], 3)
    assert here == training_identity(network, tokenizer, settings, EXAMPLES, [], 3)
    monkeypatch.setattr(checkpoint, name, value)
    assert here != training_identity(network, tokenizer, settings, EXAMPLES, [], 3)


def test_a_training_that_cuts_words_in_another_way_is_another_training(tiny_base: Path, settings: Encoder) -> None:
    network, other = NoteNetwork.from_base(str(tiny_base), dropout=0.1), tokenizer_in(tiny_base)
    here = training_identity(network, other, settings, EXAMPLES, [], 3)
    other.add_tokens([CANARY])
    assert here != training_identity(network, other, settings, EXAMPLES, [], 3)


def test_the_length_of_passages_is_no_matter_of_training(tiny_base: Path, settings: Encoder) -> None:
    network, tokenizer = NoteNetwork.from_base(str(tiny_base), dropout=0.1), tokenizer_in(tiny_base)
    read, learned = (settings.model_copy(update={name: 24}) for name in ("passage_tokens", "max_tokens"))
    here = training_identity(network, tokenizer, settings, EXAMPLES, [], 3)
    assert here == training_identity(network, tokenizer, read, EXAMPLES, [], 3)
    assert here != training_identity(network, tokenizer, learned, EXAMPLES, [], 3)


def test_identities_differ_with_what_they_are_of() -> None:
    one = identity_of("seed", 3, ["a", "b"])
    assert one == identity_of("seed", 3, ["a", "b"])
    assert one not in {identity_of("seed", 4, ["a", "b"]), identity_of("seed", 3, ["b", "a"])}
    assert len(one) == 64
