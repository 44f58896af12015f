"""Notes made to measure, and a classifier that answers what a text tells it to."""

import re
from collections.abc import Sequence

import pytest

from afterword_model import LABELS, Evidence, Label, Marker, Prediction
from afterword_serving.entry import Entry, Origin
from afterword_serving.review.note import Note


def note(position=0, text=None, p=(0.9, 0.05, 0.05), markers=(), **known):
    probabilities = dict(zip(LABELS, p, strict=True))
    values = {
        "position": position,
        "id": f"e{position}",
        "text": text or f"Note number {position}.",
        "label": max(LABELS, key=lambda label: probabilities[label]),
        "probabilities": probabilities,
        "sure": max(p) >= 0.8,
        "markers": frozenset(map(Marker, markers)),
        "file": "a.jsonl",
        "locator": f"line {position + 1}",
        "date": None,
    }
    return Note(**(values | known))


def entry(number, text, file="a.jsonl"):
    return Entry(f"e{number}", text, Origin("jsonl", file, f"line {number}"))


class Scripted:
    """Takes percentages from `<60 30 10>` and markers from `{next_step}` in the text; else it is sure of `neither`."""

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return [self._answer(text) for text in texts]

    def _answer(self, text: str) -> Prediction:
        found = re.search(r"<(\d+) (\d+) (\d+)>", text)
        values = [int(value) / 100 for value in found.groups()] if found else [0.02, 0.03, 0.95]
        probabilities = dict(zip(LABELS, values, strict=True))
        foreign = "bonjour" in text
        return Prediction(
            label=max(LABELS, key=lambda label: probabilities[label]),
            probabilities=probabilities,
            sure=max(values) >= 0.8 and not foreign,
            lean=probabilities[Label.REFLECTION],
            evidence=tuple(Evidence(Marker(kind), 0, 1) for kind in re.findall(r"\{(\w+)\}", text)),
            warnings=("not_english",) if foreign else ("empty",) if text == "…" else (),
        )


@pytest.fixture
def scripted() -> Scripted:
    return Scripted()


@pytest.fixture
def make_note():
    return note


@pytest.fixture
def make_entry():
    return entry
