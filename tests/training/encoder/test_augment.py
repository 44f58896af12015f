from collections import Counter

import pytest

from afterword_model.labels import Label, Marker
from afterword_training.augment import Augmenter, Example, Span
from afterword_training.config import Augment

PLAIN = Example(
    "The rota is out. Parking is tight. I told nobody. Nina has the key.",
    Label.NEITHER,
    (Span(35, 49, Marker.CONCEALMENT),),
)
STEP = Example("It ran late. I will start with the sheet.", Label.REFLECTION, (Span(13, 41, Marker.NEXT_STEP),))


def _augmenter(*, surround: float = 0, cut: float = 0, crop: float = 0, noise: float = 0, seed: int = 1) -> Augmenter:
    return Augmenter(Augment(surround=surround, cut=cut, crop=crop, noise=noise), [STEP, PLAIN], seed=seed)


def test_nothing_asked_changes_nothing() -> None:
    assert _augmenter()(STEP) == STEP


def test_surrounding_prose_moves_the_spans_along() -> None:
    augment = _augmenter(surround=0.5)
    drawn = [augment(STEP) for _ in range(40)]
    assert any(changed.text != STEP.text for changed in drawn)
    for changed in drawn:
        assert STEP.text in changed.text
        assert changed.label is STEP.label
        words = Counter(changed.text[span.start : span.end] for span in changed.spans)
        assert words.pop("I will start with the sheet.") == 1
        told = changed.text.count("I told nobody.")
        assert words == Counter({"I told nobody.": told} if told else {})


def test_without_plain_notes_nothing_is_put_around() -> None:
    augment = Augmenter(Augment(surround=0.5, cut=0, crop=0, noise=0), [STEP], seed=1)
    assert {augment(STEP) for _ in range(10)} == {STEP}


def test_prose_put_around_leaves_room_for_the_note() -> None:
    endless = Example(" ".join(f"word{number}" for number in range(900)), Label.NEITHER)
    augment = Augmenter(Augment(surround=0.5, cut=0, crop=0, noise=0), [STEP, endless], seed=1)
    drawn = [augment(STEP) for _ in range(40)]
    assert max(len(changed.text.split()) for changed in drawn) == 200
    assert all(STEP.text in changed.text for changed in drawn)


def test_a_cut_keeps_what_is_left_of_the_spans() -> None:
    words = [f"word{number}" for number in range(60)]
    text = " ".join(words)
    note = Example(text, Label.NEITHER, (Span(0, text.index(" word50"), Marker.SHOULD_STANDARD),))
    augment = _augmenter(cut=1)
    for changed in (augment(note) for _ in range(20)):
        (span,) = changed.spans
        assert (span.start, changed.text[: span.end].split()[-1]) == (0, min("word49", changed.text.split()[-1]))


def test_only_neither_is_cut() -> None:
    long = " ".join(f"word{number}" for number in range(60))
    augment = _augmenter(cut=1)
    assert augment(Example(long, Label.REFLECTION)).text == long
    cuts = Counter(augment(Example(long, Label.NEITHER)).text in long for _ in range(20))
    assert cuts == {True: 20}
    assert any(len(augment(Example(long, Label.NEITHER)).text) < len(long) for _ in range(20))


def test_cropping_keeps_what_decides_and_moves_the_spans_along() -> None:
    plain = " ".join(f"Nothing much in line {number}." for number in range(6))
    text = f"{plain} {STEP.text} {plain}"
    start = text.index("I will")
    page = Example(
        text, Label.REFLECTION, (Span(start, start + 28, Marker.NEXT_STEP), Span(0, 7, Marker.SHOULD_STANDARD))
    )
    augment = _augmenter(crop=1)
    drawn = [augment(page) for _ in range(30)]
    assert all(len(changed.text) < len(text) // 2 and changed.text in text for changed in drawn)
    assert len({changed.text for changed in drawn}) > 3
    for changed in drawn:
        assert [changed.text[span.start : span.end] for span in changed.spans] == ["I will start with the sheet."]


@pytest.mark.parametrize("label", [Label.NEITHER, Label.RUMINATION])
def test_a_note_without_deciding_words_is_not_cropped(label: Label) -> None:
    page = Example("One is here. Two is there. I must do well.", label, (Span(27, 42, Marker.SHOULD_STANDARD),))
    assert _augmenter(crop=1)(page) == page


@pytest.mark.parametrize("seed", range(5))
def test_noise_gives_up_the_spans_and_keeps_the_label(seed: int) -> None:
    augment = _augmenter(noise=1, seed=seed)
    changed = augment(STEP)
    assert not changed.spans_known
    assert changed.label is STEP.label
    assert changed.text.strip()


def test_the_same_seed_draws_the_same_changes() -> None:
    first, second = (_augmenter(surround=0.5, noise=0.5) for _ in range(2))
    assert [first(STEP) for _ in range(10)] == [second(STEP) for _ in range(10)]


def test_a_note_that_fills_its_window_is_left_alone() -> None:
    long = Example("word " * 190, Label.NEITHER)
    assert {_augmenter(surround=0.5)(long).text for _ in range(10)} == {long.text}
