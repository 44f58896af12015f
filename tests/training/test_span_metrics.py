import pytest
from datasets import Dataset

from afterword_model.labels import MARKERS, Marker
from afterword_model.prediction import Evidence
from afterword_training.corpus import FEATURES
from afterword_training.span_metrics import marker_figures

TEXT = "I should have asked. Why did I not? I am a fraud."


def notes(*marked):
    markers = [{"span": words, "kind": kind} for words, kind in marked]
    row = {"id": "1", "text": TEXT, "label": "rumination", "slice": "plain", "role": "", "author": "A", "pair": None}
    return Dataset.from_list([{**row, "markers": markers}], FEATURES)


def found(*words, kind=Marker.SHOULD_STANDARD):
    return [[Evidence(kind, TEXT.index(each), TEXT.index(each) + len(each)) for each in words]]


def figure(marked, evidence):
    return marker_figures(notes(*marked), evidence)[Marker.SHOULD_STANDARD]


def test_the_same_words_are_exact_but_for_marks_at_the_edge():
    result = figure([("I should have asked", "should_standard")], found("I should have asked. "))
    assert (result.marked, result.found, result.exact_f1, result.overlap_f1) == (1, 1, 1, 1)


def test_some_of_the_words_overlap():
    result = figure([("I should have asked", "should_standard")], found("should have"))
    assert (result.exact_f1, result.overlap_f1) == (0, 1)


def test_words_that_only_touch_do_not_overlap():
    result = figure([("I should", "should_standard")], found("have asked"))
    assert result.overlap_f1 == 0


def test_f1_by_hand():
    # 1 of 2 found is marked, 1 of 3 marked is found: precision 1/2, recall 1/3
    marked = [("I should have asked", "should_standard"), ("Why", "should_standard"), ("fraud", "should_standard")]
    result = figure(marked, found("I should have asked", "not"))
    assert (result.marked, result.found) == (3, 2)
    assert result.exact_f1 == result.overlap_f1 == pytest.approx(2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3))


def test_one_long_span_over_two_marked_ones_is_one_precise_span():
    marked = [("I should", "should_standard"), ("asked", "should_standard")]
    assert figure(marked, found("I should have asked")).overlap_f1 == 1


def test_kinds_are_counted_apart():
    result = marker_figures(notes(("I am a fraud", "self_verdict")), found("I am a fraud"))
    assert set(result) == set(MARKERS)
    assert (result[Marker.SELF_VERDICT].marked, result[Marker.SELF_VERDICT].found) == (1, 0)
    assert result[Marker.SELF_VERDICT].exact_f1 == 0


def test_nothing_marked_and_nothing_found_is_naught():
    assert figure([], [[]]).exact_f1 == 0
