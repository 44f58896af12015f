import numpy as np
import pytest

from afterword_model.labels import MARKERS, Marker
from afterword_model.prediction import Evidence
from afterword_model.reading import Reading
from afterword_model.token_markers import TokenMarkers

TEXT = "It ran late again. Next week I'll start with the sheet, then talk. Home by six."
STEP = "Next week I'll start with the sheet"


def _reading(text: str, marked: dict[Marker, list[str]]) -> Reading:
    """Return a reading of one token a word or piece in which the given words score high."""
    tokens, at = [], 0
    for word in text.split(" "):
        half = at + len(word) // 2
        tokens += [(at, half), (half, at + len(word))] if len(word) > 4 else [(at, at + len(word))]
        at += len(word) + 1
    scores = np.full((len(tokens), len(MARKERS)), -4.0, dtype=np.float32)
    for kind, stretches in marked.items():
        for words in stretches:
            start = text.index(words)
            for row, (begin, end) in enumerate(tokens):
                if begin >= start and end <= start + len(words):
                    scores[row, MARKERS.index(kind)] = 4.0
    return Reading(
        passages=((0, len(text)),),
        logits=np.zeros((1, 3), np.float32),
        pooled=np.zeros((1, 2), np.float32),
        tokens=np.array(tokens),
        pieces=np.zeros(len(tokens), np.int64),
        markers=scores,
    )


@pytest.fixture
def finder() -> TokenMarkers:
    made = TokenMarkers()
    made.thresholds_ = dict.fromkeys(MARKERS, 0.5)
    return made


def _words(finder: TokenMarkers, text: str, marked: dict[Marker, list[str]]) -> list[tuple[Marker, str]]:
    (found,) = finder.find([text], [_reading(text, marked)])
    return [(span.kind, text[span.start : span.end]) for span in found]


def test_high_tokens_become_one_span(finder: TokenMarkers) -> None:
    assert _words(finder, TEXT, {Marker.NEXT_STEP: [STEP]}) == [(Marker.NEXT_STEP, STEP)]


def test_nothing_high_is_nothing_found(finder: TokenMarkers) -> None:
    assert _words(finder, TEXT, {}) == []


def test_neighbouring_clauses_are_one_span_and_sentences_are_not(finder: TokenMarkers) -> None:
    whole = f"{STEP}, then talk."
    assert _words(finder, TEXT, {Marker.NEXT_STEP: ["week", "talk"]}) == [(Marker.NEXT_STEP, whole)]
    across = _words(finder, TEXT, {Marker.NEXT_STEP: ["late", "Next"]})
    assert [words for _, words in across] == ["It ran late again.", STEP]


def test_a_bracket_that_opens_after_the_span_is_left_out(finder: TokenMarkers) -> None:
    text = "I start again (badly) on Monday."
    assert _words(finder, text, {Marker.NEXT_STEP: ["I start again"]}) == [(Marker.NEXT_STEP, "I start again")]


def test_a_few_words_stand_for_their_clause(finder: TokenMarkers) -> None:
    found = _words(finder, TEXT, {Marker.NEXT_STEP: ["art with the she"]})
    assert found == [(Marker.NEXT_STEP, STEP)]


def test_kinds_may_overlap_and_come_in_reading_order(finder: TokenMarkers) -> None:
    found = _words(
        finder,
        TEXT,
        {Marker.NEXT_STEP: [STEP], Marker.OVER_ANALYSIS: ["It ran late again"], Marker.SELF_VERDICT: ["then"]},
    )
    assert [kind for kind, _ in found] == [Marker.OVER_ANALYSIS, Marker.NEXT_STEP, Marker.SELF_VERDICT]


def test_a_mark_without_letters_is_left_out(finder: TokenMarkers) -> None:
    assert _words(finder, "Seen today: 4, 12", {Marker.SELF_VERDICT: ["4,", "12"]}) == []


def test_fitting_sets_the_threshold_that_finds_what_was_marked() -> None:
    readings = [_reading(TEXT, {Marker.NEXT_STEP: [STEP]}) for _ in range(3)]
    for reading in readings:
        reading.markers[:, MARKERS.index(Marker.NEXT_STEP)] /= 4  # 0.73 inside, 0.27 outside
    start = TEXT.index(STEP)
    marked = [[Evidence(Marker.NEXT_STEP, start, start + len(STEP))]] * 3
    finder = TokenMarkers().fit(readings, [TEXT] * 3, marked)
    assert 0.3 <= finder.thresholds_[Marker.NEXT_STEP] <= 0.73
    assert finder.find([TEXT], readings[:1])[0] == marked[0]


def test_a_kind_that_nobody_marked_gets_even_odds() -> None:
    made = TokenMarkers().fit([_reading(TEXT, {Marker.NEXT_STEP: [STEP]})], [TEXT], [[]])
    assert made.thresholds_ == dict.fromkeys(MARKERS, 0.5)
