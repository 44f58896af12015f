import re
from collections.abc import Callable

import pytest
from tests.behaviour.cases import CLEAR, TO_CHANGE

from afterword_model import Classifier, Label

DULL = (
    "The lift is out of order again until Tuesday. Lunch was soup, and the two students from the college came along "
    "and told us about their timetable. The new forms lie in the second drawer."
)
NOTES = [note for notes in CLEAR.values() for note in notes]
NAMES = {"Mr. Hale": "Mrs. Banerjee", "Mrs. Osei": "Mr. Lindqvist", "Nadia": "Ingrid", "Dr. Okafor": "Dr. Smith"}
SPELLING = {
    "practise": "practice",
    "apologise": "apologize",
    "realise": "realize",
    "recognising": "recognizing",
    "behaviour": "behavior",
    "programme": "program",
    "centre": "center",
    "colour": "color",
}


def _renamed(text: str) -> str:
    return _replaced(text, NAMES)


def _american(text: str) -> str:
    return _replaced(text, SPELLING)


def _replaced(text: str, words: dict[str, str]) -> str:
    for old, new in words.items():
        text = text.replace(old, new)
    return text


def _other_day(text: str) -> str:
    return re.sub(r"\b(Monday|Thursday|Friday)\b", "Wednesday", text)


def _typos(text: str) -> str:
    return text.replace("because", "becuase").replace("would", "woud").replace("their", "thier").replace("and", "adn")


def _markdown(text: str) -> str:
    return "## Note\n\n> " + text.replace(". ", ".\n> ")


CHANGES: dict[str, Callable[[str], str]] = {
    "names": _renamed,
    "days": _other_day,
    "typos": _typos,
    "lower case": str.lower,
    "curly quotes": lambda text: text.replace("'", "\u2019"),
    "markdown": _markdown,
    "white space": lambda text: "\n\n  " + text.replace(" ", "  ") + "\u200b \n",
    "no full stop at the end": lambda text: text.rstrip(".!?"),
    "plain prose before it": lambda text: f"{DULL} {text}",
    "plain prose after it": lambda text: f"{text}\n\n{DULL}",
    "american spelling": _american,
}


CASES = [
    pytest.param(note, changed, id=f"{change} {at}")
    for change, make in CHANGES.items()
    for at, note in enumerate([*NOTES, *TO_CHANGE.get(change, [])])
    if (changed := make(note)) != note
]


@pytest.fixture(scope="module")
def labels(shipped: Classifier) -> dict[str, Label]:
    """The label of each text of `CASES`."""
    texts = sorted({text for case in CASES for text in case.values})
    return {text: answer.label for text, answer in zip(texts, shipped.predict(texts), strict=True)}


@pytest.mark.parametrize(("note", "changed"), CASES)
def test_an_unimportant_change_keeps_the_label(labels: dict[str, Label], note: str, changed: str) -> None:
    assert labels[changed] == labels[note]
