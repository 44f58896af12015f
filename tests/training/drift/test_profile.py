import json

import numpy as np
import pytest

from afterword_model.labels import LABELS, Label
from afterword_training.drift.profile import LENGTHS, Seen, profile, words_of
from afterword_training.drift.reference import LISTED_FROM, Reference, _listed, make_reference

REFLECTION, RUMINATION, NEITHER = LABELS


def seen(label=NEITHER, p=(0.05, 0.15, 0.8), *, sure=True, words=None, text=None):
    return Seen(label, p, sure, words, text)


def test_it_counts_labels_unsure_notes_and_scores_by_tenth():
    found = profile([seen(), seen(REFLECTION, (1.0, 0.0, 0.0), sure=False), seen(p=(0.1, 0.1, 0.8))], [])
    assert (found.notes, found.unsure) == (3, 1)
    assert found.labels == {REFLECTION: 1, RUMINATION: 0, NEITHER: 2}
    assert found.scores[REFLECTION] == (1, 1, 0, 0, 0, 0, 0, 0, 0, 1)
    assert found.scores[RUMINATION] == (1, 2, 0, 0, 0, 0, 0, 0, 0, 0)
    assert found.scores[NEITHER] == (1, 0, 0, 0, 0, 0, 0, 0, 2, 0)


@pytest.mark.parametrize(("words", "place"), [(0, 0), (9, 0), (10, 1), (24, 1), (499, 7), (500, 8), (90_000, 8)])
def test_a_bin_of_length_begins_at_its_number_of_words(words, place):
    lengths = profile([seen(words=words)], []).lengths
    assert (sum(lengths), len(lengths), lengths[place]) == (1, len(LENGTHS) + 1, 1)


def test_notes_of_unknown_length_and_text_are_in_neither_count():
    found = profile([seen(), seen(words=3, text="One two three")], ["two"])
    assert sum(found.lengths) == found.texts == 1


def test_words_are_counted_once_a_note_and_only_those_listed():
    found = profile([seen(text="She waited. She WAITED, Zorvex"), seen(text="waited")], ["she", "waited", "never"])
    assert found.words == {"never": 0, "she": 1, "waited": 2}
    assert found.familiar == (0, 0, 0, 0, 0, 0, 1, 0, 0, 1)


def test_a_note_without_words_has_no_share_of_them():
    assert profile([seen(text="?! 12")], ["a"]).texts == 0


def test_words_follow_the_normalised_text():
    assert words_of("Don’t **you** see?\n&amp; 42 x_y") == {"don't", "you", "see", "x", "y"}


def test_a_word_is_listed_when_enough_notes_of_two_writers_use_it():
    texts = ["often"] * LISTED_FROM + ["seldom"] * (LISTED_FROM - 1) + ["deb"] * 50 + ["visitor"] * 50
    writers = ["A", "B"] * 20 + ["A"] * (len(texts) - 44) + ["B"] * 4
    assert _listed(texts, writers) == {"often"}


@pytest.fixture(scope="module")
def texts():
    names = [f"{one}{other}zorvexian" for one in "abcdef" for other in "abcdefghij"]
    return [f"Rang the ward about bed {row}, and {name} waited." for row, name in enumerate(names)]


def test_the_reference_holds_counts_and_shared_words_only(classifier, texts):
    reference = make_reference(classifier, texts, ["A", "B"] * 30, notes_of="A and B")
    assert reference.profile.notes == reference.profile.texts == 60
    assert reference.profile.lengths[0] == 60
    assert set(reference.profile.words) == {"rang", "the", "ward", "about", "bed", "and", "waited"}
    assert "zorvexian" not in reference.model_dump_json().casefold()


def test_of_secret_notes_only_words_known_already_are_listed(classifier, texts):
    reference = make_reference(classifier, texts, ["A", "B"] * 30, notes_of="A and B", among=["ward", "moon"])
    assert reference.profile.words == {"ward": 60}


def test_the_answers_counted_are_those_that_every_user_gets(classifier, texts):
    reference = make_reference(classifier, texts, ["A"] * 60, notes_of="A")
    predictions = classifier.predict(texts)
    assert reference.profile.unsure == sum(not prediction.sure for prediction in predictions)
    for label in Label:
        assert reference.profile.labels[label] == sum(prediction.label == label for prediction in predictions)


def test_it_is_read_as_it_was_written(classifier, texts):
    reference = make_reference(classifier, texts, ["A", "B"] * 30, notes_of="A and B")
    assert Reference.model_validate_json(reference.model_dump_json()) == reference
    assert json.loads(reference.model_dump_json())["format"] == 1


def test_held_out_answers_take_the_place_of_the_models_own(classifier, texts):
    answers = np.tile([0.1, 0.2, 0.7], (60, 1))
    answers[:5] = [0.4, 0.35, 0.25]
    texts = [*texts[:-1], "Ich habe heute lange mit der Patientin gesprochen und weiß nicht weiter."]
    found = make_reference(classifier, texts, ["A"] * 60, notes_of="A", answers=answers).profile
    assert found.labels == {REFLECTION: 5, RUMINATION: 0, NEITHER: 55}
    assert found.unsure == 6  # five below the threshold of 0.5, and the one that is not English
    assert found.scores[NEITHER][7] == 55
