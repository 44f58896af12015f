import numpy as np
import pytest
from datasets import Dataset

from afterword_model import Classifier
from afterword_model.labels import LABELS, Label
from afterword_training.corpus import FEATURES
from afterword_training.long_pages import LENGTHS, long_page_figures

pytestmark = pytest.mark.slow


class Reader:
    """Finds the one word that decides, wherever it stands; as a classifier would, it keeps what it was asked."""

    def __init__(self, blind_from: int = 10**9) -> None:
        self.asked: list[str] = []
        self.blind_from = blind_from

    def predict(self, texts: list[str]) -> list[object]:
        self.asked += texts
        return [type("Answer", (), {"label": self._label(text.split())}) for text in texts]

    def _label(self, words: list[str]) -> Label:
        seen = words[: self.blind_from]
        return next((Label(word) for word in seen if word in set(LABELS)), Label.NEITHER)


def notes(*kinds: tuple[str, Label, str]) -> Dataset:
    rows = [
        {
            "id": str(at),
            "text": text,
            "label": str(label),
            "slice": kind,
            "role": "",
            "author": "H",
            "pair": None,
            "markers": [],
        }
        for at, (text, label, kind) in enumerate(kinds)
    ]
    return Dataset.from_list(rows, FEATURES)


PLAIN = ("the bus was late and the soup was thin " * 4, Label.NEITHER, "plain")
IRONY = ("ironic", Label.NEITHER, "negation_sarcasm")
STEP, BLAME = ("a reflection here", Label.REFLECTION, "plain"), ("a rumination here", Label.RUMINATION, "plain")


def test_a_page_holds_plain_notes_and_one_that_decides_at_any_place() -> None:
    reader = Reader()
    found = long_page_figures(reader, notes(PLAIN, IRONY, STEP, BLAME), seed=1)  # type: ignore[arg-type]
    assert [figure.words for figure in found] == list(LENGTHS)
    assert all(figure.recall == dict.fromkeys(LABELS, 1.0) for figure in found)
    plain = [text for text in reader.asked if "soup" in text]
    assert len(plain) == sum(figure.pages for figure in found) * len(LABELS)
    assert not any("ironic" in text for text in reader.asked)
    assert all(min(LENGTHS) <= len(text.split()) < max(LENGTHS) + 50 for text in reader.asked)
    places = [text.split().index("reflection") / len(text.split()) for text in plain if "reflection" in text]
    assert np.ptp(places) > 0.8


def test_a_page_of_one_label_may_end_at_the_other() -> None:
    reader = Reader()
    found = long_page_figures(reader, notes(PLAIN, STEP, BLAME), seed=1)  # type: ignore[arg-type]
    assert all(figure.turned == {Label.REFLECTION: 0.0, Label.RUMINATION: 0.0} for figure in found)
    turned = [text.split() for text in reader.asked if "soup" not in text]
    assert len(turned) == sum(figure.pages for figure in found) * 2
    for words in turned:
        assert set(words[:-3]) & {"reflection", "rumination"} != set(words[-3:]) & {"reflection", "rumination"}


def test_a_reader_of_the_first_words_alone_is_found_out() -> None:
    found = long_page_figures(Reader(blind_from=60), notes(PLAIN, STEP, BLAME), seed=1)  # type: ignore[arg-type]
    assert found[-1].recall[Label.REFLECTION] < 0.3
    assert found[-1].recall[Label.NEITHER] == 1


def test_without_plain_notes_there_are_no_figures(classifier: Classifier) -> None:
    assert long_page_figures(classifier, notes(IRONY, STEP, BLAME), seed=1) == []
    assert long_page_figures(classifier, notes(PLAIN, STEP), seed=1) == []
