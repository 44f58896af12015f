import pytest
from tests.behaviour.cases import (
    CLEAR,
    GIBBERISH,
    INSIGHT,
    OTHER_LANGUAGES,
    PAIRS,
    PLAIN,
    PLAIN_STEPS,
    SHORT_PLAIN,
)

from afterword_model import Classifier, Label


@pytest.mark.parametrize("label", CLEAR)
def test_clear_notes_get_their_label(shipped: Classifier, label: str) -> None:
    assert [prediction.label for prediction in shipped.predict(CLEAR[label])] == [label] * len(CLEAR[label])


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0][0]}-{pair[1][0]}")
def test_the_decisive_words_flip_the_label(shipped: Classifier, pair: tuple[tuple[str, str], ...]) -> None:
    assert [prediction.label for prediction in shipped.predict([text for _, text in pair])] == [
        label for label, _ in pair
    ]


@pytest.mark.parametrize("kind", PLAIN)
def test_plain_prose_is_neither(shipped: Classifier, kind: str) -> None:
    assert shipped.predict([PLAIN[kind]])[0].label is Label.NEITHER


@pytest.mark.parametrize("note", [*INSIGHT, *PLAIN_STEPS])
def test_insight_and_a_dry_step_are_reflection(shipped: Classifier, note: str) -> None:
    assert shipped.predict([note])[0].label is Label.REFLECTION


@pytest.mark.parametrize("note", SHORT_PLAIN)
def test_a_few_plain_words_are_never_surely_rumination(shipped: Classifier, note: str) -> None:
    prediction = shipped.predict([note])[0]
    assert not (prediction.sure and prediction.label is Label.RUMINATION)


@pytest.mark.parametrize("kind", GIBBERISH)
def test_gibberish_is_never_surely_rumination(shipped: Classifier, kind: str) -> None:
    prediction = shipped.predict([GIBBERISH[kind]])[0]
    assert not (prediction.sure and prediction.label is Label.RUMINATION)


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_other_languages_are_answered_as_unsure(shipped: Classifier, language: str) -> None:
    prediction = shipped.predict([OTHER_LANGUAGES[language]])[0]
    assert prediction.warnings == ("not_english",)
    assert not prediction.sure


def test_next_time_pasted_into_self_punishment_is_no_step(shipped: Classifier) -> None:
    pasted = [f"{note} Next time I must not fail like this." for note in CLEAR["rumination"]]
    assert {prediction.label for prediction in shipped.predict(pasted)} == {Label.RUMINATION}


def test_self_critical_words_around_a_held_step_do_not_undo_it(shipped: Classifier) -> None:
    harsh = [f"I was hopeless in there and I am ashamed. {note}" for note in CLEAR["reflection"]]
    assert {prediction.label for prediction in shipped.predict(harsh)} == {Label.REFLECTION}


@pytest.mark.parametrize(
    "thought",
    [
        "She says she should have known and goes over the evening again and again. I wrote it down for the letter.",
        "He calls himself a fraud and cannot stop replaying the interview. We looked at the thought record together.",
        "My patient is sure that it was all her fault and lies awake. She is going to ring her sister on Sunday.",
    ],
)
def test_a_clients_thought_is_neither(shipped: Classifier, thought: str) -> None:
    assert shipped.predict([thought])[0].label is Label.NEITHER
