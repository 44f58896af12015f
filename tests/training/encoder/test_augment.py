from collections import Counter

import pytest

from afterword_model.labels import Label, Marker
from afterword_training.augment import Augmenter, Example, Span
from afterword_training.config import Augment

PLAIN = Example(
    "The rota is out. Parking is tight. I told nobody. Nina has the key.",
    Label.NEITHER,
    (Span(35, 49, Marker.CONCEALMENT),),
    plain=True,
)
STEP = Example("It ran late. I will start with the sheet.", Label.REFLECTION, (Span(13, 41, Marker.NEXT_STEP),))
BLAME = Example("It was my fault. I cannot do this.", Label.RUMINATION, (Span(17, 34, Marker.SELF_VERDICT),))


def _augmenter(*, surround: float = 0, crop: float = 0, noise: float = 0, seed: int = 1) -> Augmenter:
    return Augmenter(Augment(surround=surround, crop=crop, noise=noise), [STEP, BLAME, PLAIN], seed=seed)


def test_nothing_asked_changes_nothing() -> None:
    assert _augmenter()(STEP) == STEP


def test_surrounding_prose_moves_the_spans_along() -> None:
    augment = _augmenter(surround=1)
    drawn = [augment(STEP) for _ in range(40)]
    for changed in drawn:
        assert STEP.text in changed.text
        assert len(changed.text) > len(STEP.text)
        assert changed.label is STEP.label
        words = Counter(changed.text[span.start : span.end] for span in changed.spans)
        assert words.pop("I will start with the sheet.") == 1
        assert set(words) <= {"I told nobody.", "told nobody.", "nobody.", "I told", "I"}


def test_the_note_comes_first_last_and_in_between() -> None:
    augment = _augmenter(surround=1)
    places = {tuple(bool(side.strip()) for side in augment(STEP).text.split(STEP.text)) for _ in range(60)}
    assert places == {(False, True), (True, False), (True, True)}


def test_prose_around_a_note_may_be_cut_off_in_mid_sentence() -> None:
    augment = _augmenter(surround=1)
    ends = {augment(STEP).text.split()[-1] for _ in range(80)}
    assert {"sheet.", "key."} < ends
    assert ends - {"sheet.", "out.", "tight.", "nobody.", "key."}


@pytest.mark.parametrize("note", [STEP, BLAME, PLAIN], ids=lambda note: note.label)
def test_notes_of_every_label_are_surrounded_as_often(note: Example) -> None:
    augment = _augmenter(surround=0.5)
    assert sum(augment(note).text != note.text for _ in range(400)) == pytest.approx(200, abs=40)


def test_what_is_put_around_is_plain_throughout() -> None:
    irony = Example("Wonderful day. I should have trained as a baker.", Label.NEITHER)
    augment = Augmenter(Augment(surround=1, crop=0, noise=0), [STEP, irony], seed=1)
    assert {augment(STEP) for _ in range(10)} == {STEP}


def test_prose_put_around_leaves_room_for_the_note() -> None:
    endless = Example(" ".join(f"word{number}" for number in range(900)), Label.NEITHER, plain=True)
    augment = Augmenter(Augment(surround=1, crop=0, noise=0), [STEP, endless], seed=1)
    drawn = [augment(STEP) for _ in range(40)]
    assert max(len(changed.text.split()) for changed in drawn) == 200
    assert all(STEP.text in changed.text for changed in drawn)


def test_of_a_surrounded_reflection_the_sentences_of_its_step_stay() -> None:
    lines = [f"Nothing much in line {number}." for number in range(6)]
    text = " ".join([*lines, "I will start with the sheet.", *lines])
    start = text.index("I will")
    note = Example(
        text, Label.REFLECTION, (Span(start, start + 28, Marker.NEXT_STEP), Span(0, 7, Marker.SHOULD_STANDARD))
    )
    augment = _augmenter(surround=1, crop=1)
    drawn = [augment(note) for _ in range(40)]
    assert {changed.text.count("Nothing much") for changed in drawn} == {0, 1, 2}
    for changed in drawn:
        steps = [span for span in changed.spans if span.kind is Marker.NEXT_STEP]
        assert [changed.text[span.start : span.end] for span in steps] == ["I will start with the sheet."]


def test_of_a_surrounded_plain_note_a_sentence_or_two_stay() -> None:
    page = Example(" ".join(f"Nothing much in line {number}." for number in range(9)), Label.NEITHER, plain=True)
    augment = Augmenter(Augment(surround=1, crop=1, noise=0), [page, PLAIN], seed=1)
    assert min(len(augment(page).text) for _ in range(60)) < len(page.text) // 2


def test_a_rumination_is_never_cropped() -> None:
    augment = _augmenter(surround=1, crop=1)
    assert all(BLAME.text in augment(BLAME).text for _ in range(40))


@pytest.mark.parametrize("seed", range(5))
def test_noise_gives_up_the_spans_and_keeps_the_label(seed: int) -> None:
    augment = _augmenter(noise=1, seed=seed)
    changed = augment(STEP)
    assert not changed.spans_known
    assert changed.label is STEP.label
    assert changed.text.strip()
    assert changed.text != STEP.text


def test_the_same_seed_draws_the_same_changes() -> None:
    first, second = (_augmenter(surround=0.5, noise=0.5) for _ in range(2))
    assert [first(STEP) for _ in range(10)] == [second(STEP) for _ in range(10)]


def test_a_note_that_fills_its_window_is_left_alone() -> None:
    long = Example("word " * 190, Label.NEITHER)
    assert {_augmenter(surround=1)(long).text for _ in range(10)} == {long.text}
