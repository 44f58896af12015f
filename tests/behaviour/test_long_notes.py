"""A long note is what it ends up at, and one decisive passage among many plain ones decides."""

import json
from pathlib import Path

import pytest
from tests.behaviour.cases import CLEAR

from afterword_model import Classifier, Label

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def filler() -> list[str]:
    """Plain notes by a test author."""
    lines = (ROOT / "data/notes/Q.jsonl").read_text(encoding="utf-8").splitlines()
    notes = [json.loads(line) for line in lines]
    return [
        note["text"]
        for note in notes
        if note["label"] == "neither" and note["slice"] in {"admin", "plain"} and not note["pair"]
    ]


def _page(filler: list[str], words: int, *decisive: str) -> str:
    """Return about `words` words of plain notes, the decisive ones in even distances among them."""
    parts: list[str] = []
    for note in filler:
        if sum(len(part.split()) for part in parts) >= words:
            break
        parts.append(note)
    step = max(1, len(parts) // (len(decisive) + 1))
    for number, note in enumerate(decisive):
        parts.insert((number + 1) * step + number, note)
    return "\n\n".join(parts)


@pytest.mark.parametrize("words", [300, 1000, 3000])
def test_a_long_plain_note_is_neither(shipped: Classifier, filler: list[str], words: int) -> None:
    assert shipped.predict([_page(filler, words)])[0].label is Label.NEITHER


@pytest.mark.parametrize("label", ["reflection", "rumination"])
def test_one_decisive_passage_decides(shipped: Classifier, filler: list[str], label: str) -> None:
    pages = [_page(filler, 300, note) for note in CLEAR[label]]
    right = [prediction.label == label for prediction in shipped.predict(pages)]
    assert sum(right) >= len(right) - 1


def test_a_note_is_what_it_ends_up_at(shipped: Classifier, filler: list[str]) -> None:
    upward = _page(filler, 1000, CLEAR["rumination"][0], CLEAR["reflection"][0])
    downward = _page(filler, 1000, CLEAR["reflection"][0], CLEAR["rumination"][0])
    assert [prediction.label for prediction in shipped.predict([upward, downward])] == ["reflection", "rumination"]
