from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from afterword_model.decide import NoteDecider
from afterword_model.encoder import OnnxEncoder
from afterword_model.errors import ConfigError
from afterword_model.labels import LABELS, MARKERS, Label, Marker
from afterword_training.augment import Example, Span
from afterword_training.config import Encoder
from afterword_training.export import export_network
from afterword_training.finetune import _supervised_contrast, finetune
from afterword_training.network import NoteNetwork

STEP = "she waited next time i will ask first"
EXAMPLES = [
    Example(STEP, Label.REFLECTION, (Span(11, len(STEP), Marker.NEXT_STEP),)),
    Example("i will ask her first next session", Label.REFLECTION, (Span(0, 33, Marker.NEXT_STEP),)),
    Example("why did i say that again and again", Label.RUMINATION, (Span(0, 34, Marker.OVER_ANALYSIS),)),
    Example("i failed her why did i say nothing", Label.RUMINATION, (Span(13, 34, Marker.OVER_ANALYSIS),)),
    Example("bread milk and the rota", Label.NEITHER),
    Example("the session was at the rota", Label.NEITHER),
]


@pytest.fixture
def tokenizer(tiny_base: Path) -> Tokenizer:
    return Tokenizer.from_file(str(tiny_base / "tokenizer.json"))


def _fit(folder: Path, tokenizer: Tokenizer, settings: Encoder, *, seed: int = 3, **more: object) -> NoteNetwork:
    torch.manual_seed(seed)
    network = NoteNetwork.from_base(str(folder), dropout=settings.dropout)
    return finetune(network, tokenizer, EXAMPLES, settings, seed=seed, **more)  # type: ignore[arg-type]


def _encoder(network: NoteNetwork, tokenizer: Tokenizer, *, int8: bool, max_tokens: int = 32) -> OnnxEncoder:
    return OnnxEncoder(export_network(network, int8=int8), tokenizer.to_str(), max_tokens=max_tokens, passage_tokens=16)


def test_it_learns_labels_and_markers(tiny_base: Path, tokenizer: Tokenizer, settings: Encoder) -> None:
    readings = _encoder(_fit(tiny_base, tokenizer, settings), tokenizer, int8=False).transform(
        [e.text for e in EXAMPLES]
    )
    assert [LABELS[int(reading.logits[0].argmax())] for reading in readings] == [example.label for example in EXAMPLES]
    step = readings[0].markers[:, MARKERS.index(Marker.NEXT_STEP)]
    assert step[-1] > step[0]


def test_the_same_seed_gives_the_same_weights(tiny_base: Path, tokenizer: Tokenizer, settings: Encoder) -> None:
    first, second = (_fit(tiny_base, tokenizer, settings).state_dict() for _ in range(2))
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize(
    "change",
    [
        {"contrast_weight": 0.1},
        {"average_last": 0.5},
        {"label_smoothing": 0.1},
        {"marker_weight": 0.0},
        {"marker_weight": 0.3},
    ],
    ids=str,
)
def test_every_option_changes_what_is_learned_and_keeps_it_finite(
    tiny_base: Path, tokenizer: Tokenizer, settings: Encoder, change: dict[str, float]
) -> None:
    short = settings.model_copy(update={"epochs": 2})
    without, network = (_fit(tiny_base, tokenizer, each) for each in (short, short.model_copy(update=change)))
    before = without.encoder.state_dict()
    assert any(not torch.equal(values, before[name]) for name, values in network.encoder.state_dict().items())
    assert all(torch.isfinite(weights).all() for weights in network.state_dict().values())


def _contrast_by_hand(vectors: list[list[float]], labels: list[int], heat: float) -> float:
    """Equation 2 of Khosla et al. (2020), a mean over the vectors; one without a like one adds nothing."""
    unit = [np.array(vector) / np.sqrt(sum(value**2 for value in vector)) for vector in vectors]
    losses = []
    for at, vector in enumerate(unit):
        others = [other for other in range(len(unit)) if other != at]
        alike = [other for other in others if labels[other] == labels[at]]
        whole = sum(np.exp(vector @ unit[other] / heat) for other in others)
        shares = [np.log(np.exp(vector @ unit[other] / heat) / whole) for other in alike]
        losses.append(-sum(shares) / len(alike) if alike else 0.0)
    return float(np.mean(losses))


@pytest.mark.parametrize("heat", [0.1, 0.5])
@pytest.mark.parametrize("labels", [[0, 0, 1, 1, 1], [0, 2, 1, 0, 1], [0, 0, 0, 0, 0], [2, 1, 1, 1, 0]])
def test_the_supervised_contrast_is_that_of_the_paper(labels: list[int], heat: float) -> None:
    vectors = [[1.0, 0.2, 0.0], [2.0, -0.5, 1.0], [-0.3, 1.5, 0.4], [0.1, 0.9, -2.0], [-1.0, 0.3, 0.3]]
    found = _supervised_contrast(torch.tensor(vectors), torch.tensor(labels), heat)
    assert found.item() == pytest.approx(_contrast_by_hand(vectors, labels, heat), rel=1e-5)


def test_the_supervised_contrast_of_two_pairs_by_hand() -> None:
    # each vector is its like one, at right angles to the two others: -log(e / (e + 1 + 1)), at temperature 1
    vectors = torch.tensor([[3.0, 0.0], [1.0, 0.0], [0.0, 2.0], [0.0, 5.0]])
    found = _supervised_contrast(vectors, torch.tensor([0, 0, 1, 1]), heat=1.0)
    assert found.item() == pytest.approx(np.log(1 + 2 / np.e))


def test_a_batch_without_like_notes_has_no_contrast() -> None:
    assert _supervised_contrast(torch.eye(3), torch.tensor([0, 1, 2])).item() == 0


def test_frozen_layers_stay_as_they_were(tiny_base: Path, tokenizer: Tokenizer, settings: Encoder) -> None:
    torch.manual_seed(3)
    network = NoteNetwork.from_base(str(tiny_base), dropout=0.0)
    network.freeze(1)
    before = {name: values.clone() for name, values in network.state_dict().items()}
    finetune(network, tokenizer, EXAMPLES, settings.model_copy(update={"epochs": 2}), seed=3)
    moved = {name for name, values in network.state_dict().items() if not torch.equal(values, before[name])}
    assert not any(name.startswith(("encoder.embeddings.", "encoder.encoder.layer.0.")) for name in moved)
    assert any(name.startswith("encoder.encoder.layer.1.") for name in moved)
    assert "label_head.weight" in moved


def test_a_teacher_is_followed(tiny_base: Path, tokenizer: Tokenizer, settings: Encoder) -> None:
    teacher = np.tile(np.array([[0.0, 0.0, 8.0]], dtype=np.float32), (len(EXAMPLES), 1))
    network = _fit(tiny_base, tokenizer, settings.model_copy(update={"distill_weight": 1.0}), teacher_logits=teacher)
    readings = _encoder(network, tokenizer, int8=False).transform([e.text for e in EXAMPLES])
    assert {int(reading.logits[0].argmax()) for reading in readings} == {LABELS.index(Label.NEITHER)}


def test_int8_stays_close_and_is_smaller(tiny_base: Path, tokenizer: Tokenizer, settings: Encoder) -> None:
    network = _fit(tiny_base, tokenizer, settings)
    texts = [example.text for example in EXAMPLES]
    exact, small = (_encoder(network, tokenizer, int8=int8) for int8 in (False, True))
    assert len(small.network) < len(exact.network)
    assert [r.logits.argmax() for r in small.transform(texts)] == [r.logits.argmax() for r in exact.transform(texts)]


def test_the_export_says_what_torch_says(tiny_base: Path, tokenizer: Tokenizer, settings: Encoder) -> None:
    network = _fit(tiny_base, tokenizer, settings.model_copy(update={"epochs": 1}))
    reading = _encoder(network, tokenizer, int8=False).transform([STEP])[0]
    ids = torch.tensor([tokenizer.encode(STEP).ids])
    with torch.no_grad():
        scores = network(ids, torch.ones_like(ids))
    np.testing.assert_allclose(reading.logits[0], scores.labels[0].numpy(), atol=1e-4)
    np.testing.assert_allclose(reading.markers, scores.markers[0, 1:-1].numpy(), atol=1e-4)


@pytest.mark.parametrize("int8", [False, True])
@pytest.mark.parametrize("threads", [1, 3])
def test_neighbours_and_threads_change_nothing(
    tiny_base: Path, tokenizer: Tokenizer, settings: Encoder, int8: bool, threads: int
) -> None:
    encoder = _encoder(_fit(tiny_base, tokenizer, settings.model_copy(update={"epochs": 1})), tokenizer, int8=int8)
    texts = [STEP, "bread", " ".join([STEP] * 3)]
    alone = [encoder.set_params(threads=1).transform([text])[0] for text in texts]
    together = encoder.set_params(threads=threads).transform(texts)
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_array_equal(one.logits, other.logits)
        np.testing.assert_array_equal(one.markers, other.markers)


def test_a_long_note_is_read_whole(tiny_base: Path, tokenizer: Tokenizer, settings: Encoder) -> None:
    encoder = _encoder(
        _fit(tiny_base, tokenizer, settings.model_copy(update={"epochs": 1})), tokenizer, int8=False, max_tokens=16
    )
    text = ". ".join(["She waited and he asked", "Bread milk and the rota"] * 12)
    reading = encoder.transform([text])[0]
    assert len(reading.passages) > 2
    assert len(reading.tokens) == len(reading.markers)
    assert reading.passages[0][0] == 0
    assert reading.passages[-1][1] == len(text)
    assert all(left[1] <= right[0] for left, right in zip(reading.passages, reading.passages[1:], strict=False))
    assert NoteDecider().fit([reading] * 3, [0, 1, 2]).predict_proba([reading]).shape == (1, 3)


def test_distilling_without_a_teacher_is_refused(tiny_base: Path, tokenizer: Tokenizer, settings: Encoder) -> None:
    with pytest.raises(ConfigError, match="no teacher"):
        _fit(tiny_base, tokenizer, settings.model_copy(update={"distill_weight": 0.5}))
