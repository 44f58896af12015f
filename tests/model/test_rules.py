import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from afterword_model.labels import MARKERS, Marker
from afterword_model.rules import PHRASES, RuleMarkers, _build_ruler
from afterword_model.segment import forgetting

CASES = {
    "Next time I will wait.": (Marker.NEXT_STEP, "Next time I will wait"),
    "I'll ask her on Monday; then home.": (Marker.NEXT_STEP, "I'll ask her on Monday"),
    "Why did I say that?": (Marker.OVER_ANALYSIS, "Why did I say that"),
    "I can't stop replaying it.": (Marker.OVER_ANALYSIS, "can't stop replaying it"),
    "I should have known (of course).": (Marker.SHOULD_STANDARD, "I should have known"),
    "A good therapist would know.": (Marker.SHOULD_STANDARD, "A good therapist would know"),
    "I am a fraud.": (Marker.SELF_VERDICT, "I am a fraud"),
    "Nobody knows.": (Marker.CONCEALMENT, "Nobody knows"),
    "No-one knew.": (Marker.CONCEALMENT, "No-one knew"),
    "No one noticed.": (Marker.CONCEALMENT, "No one noticed"),
    "I don't deserve a break.": (Marker.PERMISSION_REFUSAL, "I don't deserve a break"),
    "It is human to tire.": (Marker.SELF_COMPASSION, "It is human to tire"),
}


def find(text):
    (spans,) = RuleMarkers().find([text], None)
    return spans


@pytest.mark.parametrize(("text", "wanted"), CASES.items(), ids=CASES)
def test_a_marker_runs_to_the_end_of_its_clause(text, wanted):
    assert [(span.kind, text[span.start : span.end]) for span in find(text)] == [wanted]


def test_every_marker_has_phrases():
    assert set(PHRASES) == set(MARKERS)


@pytest.mark.parametrize("text", ["", "Rang the ward about the beds.", "The client should have known."])
def test_plain_words_carry_no_marker(text):
    assert find(text) == []


def test_spans_come_in_reading_order_and_do_not_overlap():
    text = "I am a fraud. I should have known. Why did I go? Next time I will wait."
    spans = find(text)
    assert len(spans) == 4
    assert all(before.end <= after.start for before, after in zip(spans, spans[1:], strict=False))


def test_a_clause_that_never_ends_is_cut():
    text = "I should " + "word " * 100
    (span,) = find(text)
    assert len(text[span.start : span.end].split()) == 20


@pytest.mark.parametrize("unit", ["I should have said that ", "i keep why did ", "(", "why did i "])
def test_a_long_hostile_text_is_searched_quickly(unit):
    began = time.process_time()
    find(unit * (100_000 // len(unit)))
    assert time.process_time() - began < 5


def test_several_texts_keep_their_order():
    assert [len(spans) for spans in RuleMarkers().find(["", "I am a fraud.", ""], None)] == [0, 1, 0]


def _kept_strings():
    with forgetting(_build_ruler) as nlp:
        return set(nlp.vocab.strings)


def test_no_word_of_a_note_is_kept():
    before = _kept_strings()
    assert len(find("I am a fraud, said Qwxyzzy. Next time I will grblfx.")) == 2
    assert _kept_strings() == before


def test_several_threads_search_at_once():
    texts = [f"I am a fraud, word{at}. Nobody knows name{at}." for at in range(200)]
    with ThreadPoolExecutor(4) as pool:
        assert [len(spans) for spans in pool.map(find, texts)] == [2] * len(texts)
