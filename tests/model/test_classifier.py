import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from afterword_model import LABELS, Classifier, Evidence, Label, Marker
from afterword_model.errors import InputError
from afterword_model.familiarity import Familiarity
from afterword_model.reading import Reading

NOTES = [
    "I should have asked her. Next week I will ask her first.",
    "Why did I say that? I am a fraud.",
    "Rang the ward about the beds.",
]


class Fixed(BaseEstimator):
    """A last step that always answers the same."""

    def __init__(self, row):
        self.row = row

    def fit(self, X, y=None):
        return self

    def predict_proba(self, X):
        return np.tile(self.row, (len(X), 1))


class NoEvidence:
    def find(self, texts, features):
        return [[] for _ in texts]


class WordReader(TransformerMixin, BaseEstimator):
    """Makes of each word a piece: 1, or 2 where it is in capitals. Keeps count of the texts it has read."""

    read = 0

    def fit(self, X, y=None):
        return self

    def __sklearn_is_fitted__(self):
        return True

    def pieces(self, texts):
        return [np.array([1 + word.isupper() for word in text.split()], dtype=np.int64) for text in texts]

    def transform(self, X):
        self.read += len(X)
        nothing = np.zeros((0, 7), np.float32)
        return [
            Reading(((0, 0),), np.zeros((1, 3)), np.zeros((1, 2)), np.zeros((0, 2), np.int64), pieces, nothing)
            for pieces in self.pieces(X)
        ]


@pytest.fixture
def lower_case_only():
    """A classifier that is certain, and knows notes in lower case only."""
    reader, usual = WordReader(), ["all of these words are in lower case"] * 20
    familiarity = Familiarity(vocabulary=3).fit(reader.pieces(usual)).set_limit(reader.transform(usual))
    pipeline = Pipeline([("read", WordReader()), ("fixed", Fixed((0.05, 0.9, 0.05)))])
    return Classifier(pipeline, NoEvidence(), threshold=0.6, familiarity=familiarity)


def answering(*row, threshold=0.6):
    return Classifier(
        Pipeline([("same", FunctionTransformer()), ("fixed", Fixed(row))]), NoEvidence(), threshold=threshold
    )


def test_probabilities_are_named_in_order_and_sum_to_one(classifier):
    for prediction in classifier.predict(NOTES):
        assert tuple(prediction.probabilities) == LABELS
        assert sum(prediction.probabilities.values()) == pytest.approx(1)
        assert prediction.label is max(prediction.probabilities, key=prediction.probabilities.get)


def test_both_ways_to_ask_agree(classifier):
    texts = [*NOTES, "..."]
    table = classifier.predict_proba(texts)
    assert table.shape == (4, 3)
    for row, prediction in zip(table, classifier.predict(texts), strict=True):
        assert list(row) == [prediction.probabilities[label] for label in LABELS]


def test_a_note_gets_the_same_answer_alone_and_among_others(classifier):
    together = classifier.predict(NOTES)
    for text, wanted in zip(NOTES, together, strict=True):
        (alone,) = classifier.predict([text])
        assert alone.label is wanted.label
        assert list(alone.probabilities.values()) == pytest.approx(list(wanted.probabilities.values()))
        assert alone.evidence == wanted.evidence


@pytest.mark.parametrize(
    ("row", "label", "sure", "lean"),
    [
        ((0.7, 0.2, 0.1), Label.REFLECTION, True, 7 / 9),
        ((0.1, 0.6, 0.3), Label.RUMINATION, True, 1 / 7),
        ((0.2, 0.3, 0.5), Label.NEITHER, False, 0.4),
        ((0.0, 0.0, 1.0), Label.NEITHER, True, 0.5),
    ],
)
def test_label_sure_and_lean_follow_from_the_probabilities(row, label, sure, lean):
    (prediction,) = answering(*row).predict(["A note of my own."])
    assert prediction.label is label
    assert prediction.sure is sure
    assert prediction.lean == pytest.approx(lean)


def test_the_threshold_itself_is_sure():
    assert answering(0.5, 0.3, 0.2, threshold=0.5).predict(["A note of my own."])[0].sure
    assert not answering(0.5, 0.3, 0.2, threshold=0.51).predict(["A note of my own."])[0].sure


def test_evidence_lies_in_the_text_as_given(classifier):
    raw = "\ufeff# Monday\r\n\r\n**Why** did I\u00a0 say \u201cso\u201d?  I should have\u200b waited."
    (prediction,) = classifier.predict([raw])
    assert [(item.kind, raw[item.start : item.end]) for item in prediction.evidence] == [
        (Marker.OVER_ANALYSIS, "Why** did I\u00a0 say \u201cso\u201d"),
        (Marker.SHOULD_STANDARD, "I should have\u200b waited"),
    ]


def test_no_notes_give_no_predictions(classifier):
    assert classifier.predict([]) == []
    assert classifier.predict_proba([]).shape == (0, 3)


@pytest.mark.parametrize("text", ["", "   ", "\n", "\u200b", "...", "😀", "<br>", "---"])
def test_a_text_without_words_is_neither_and_never_sure(text):
    prediction = answering(0.9, 0.05, 0.05).predict([text])[0]
    assert (prediction.label, prediction.sure, prediction.warnings) == (Label.NEITHER, False, ("empty",))
    assert prediction.probabilities == {Label.REFLECTION: 0, Label.RUMINATION: 0, Label.NEITHER: 1}
    assert prediction.lean == 0.5


def test_another_language_is_answered_but_never_sure():
    text = "Ich hätte ihr das nie sagen dürfen, und jetzt kann ich nicht schlafen."
    prediction = answering(0.9, 0.05, 0.05).predict([text])[0]
    assert (prediction.label, prediction.sure, prediction.warnings) == (Label.REFLECTION, False, ("not_english",))


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        ("I saw her today.", ("few_words",)),
        ("I saw her again today.", ()),
        ("1. 2. 3. 4. Cried.", ("few_words",)),
        ("I saw - her - today ...", ("few_words",)),
        ("B12, 5mg: I'm okay again.", ()),
    ],
)
def test_a_few_words_are_answered_but_never_sure(text, warnings):
    prediction = answering(0.05, 0.9, 0.05).predict([text])[0]
    assert (prediction.label, prediction.sure, prediction.warnings) == (Label.RUMINATION, not warnings, warnings)


def test_words_unlike_those_it_learned_from_are_answered_but_never_sure(lower_case_only):
    lower_case_only.familiarity.strangest_ = np.inf
    usual, strange = lower_case_only.predict(["i saw her again today", "I SAW HER AGAIN TODAY"])
    assert (usual.sure, usual.warnings) == (True, ())
    assert (strange.label, strange.sure, strange.warnings) == (Label.RUMINATION, False, ("unfamiliar",))


def test_a_text_stranger_than_every_validation_note_is_neither(lower_case_only):
    usual, strange = lower_case_only.predict(["i saw her again today", "I SAW HER AGAIN TODAY"])
    assert usual.label is Label.RUMINATION
    assert (strange.label, strange.sure, strange.warnings) == (Label.NEITHER, False, ("unfamiliar",))
    assert list(strange.probabilities.values()) == pytest.approx([0.025, 0.45, 0.525])


def test_strangeness_needs_no_reading(lower_case_only):
    usual, strange = lower_case_only.strangeness(["i saw her again today", "I SAW HER AGAIN TODAY"])
    assert usual < strange
    assert lower_case_only.pipeline[0].read == 0


def test_a_very_long_note_is_read_to_its_end(classifier):
    body = "She spoke and I listened. " * 8_000
    (short, long) = classifier.predict(["I am a fraud.", body + "I am a fraud."])
    assert sum(long.probabilities.values()) == pytest.approx(1)
    assert long.evidence[-1] == Evidence(Marker.SELF_VERDICT, len(body), len(body) + len("I am a fraud"))
    assert short.evidence[-1].kind is Marker.SELF_VERDICT


@pytest.mark.parametrize("wrong", [None, 5, b"bytes", float("nan")])
def test_what_is_no_text_is_named_by_its_row(classifier, wrong):
    with pytest.raises(InputError, match="Note 2 .*type " + type(wrong).__name__):
        classifier.predict(["fine", wrong])


def test_one_text_in_place_of_a_list_is_refused_without_repeating_it(classifier, canary):
    for ask in (classifier.predict, classifier.predict_proba):
        with pytest.raises(InputError, match="list") as caught:
            ask(canary)
        assert "Zorvexian" not in str(caught.value)


def test_texts_that_can_be_gone_through_once_are_answered(classifier):
    assert classifier.predict(note for note in NOTES) == classifier.predict(NOTES)
    assert np.array_equal(classifier.predict_proba(note for note in NOTES), classifier.predict_proba(NOTES))


def test_saving_leaves_the_classifier_as_it_is(classifier, tmp_path):
    before = classifier.manifest
    sealed = classifier.save(tmp_path, before.model_copy(update={"name": "other"}), card="#")
    assert classifier.manifest is before
    assert (sealed.name, sealed.model_bytes) == ("other", (tmp_path / "model.joblib").stat().st_size)


def test_arrays_of_texts_will_do(classifier):
    assert classifier.predict_proba(np.array(NOTES)).shape == (3, 3)
    assert len(classifier.predict(tuple(NOTES))) == 3
