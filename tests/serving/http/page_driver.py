"""The page in a browser, with a model that answers as told: what several tests of it share."""

import json

import pytest
from tests.serving.http.browser import CHROMIUM, Tab

from afterword_model import Evidence, Label, Marker, Prediction
from afterword_model.prediction import Caution

SHOWN = "!document.querySelector('#result').hidden"
REFUSED = "!document.querySelector('#problem').hidden"

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

STEP = "Too quick again 😀🙂 today. On Thursday I will wait <b>10</b> breaths, and say so."
LOOP = "👩‍🏫 Why did I say that? A good teacher would have known, always."


def predict(texts: list[str]) -> list[Prediction]:
    return [_answer(text) for text in texts]


def _answer(text: str) -> Prediction:
    if not text.strip("– "):
        return _prediction(Label.NEITHER, [], warnings=("empty",), sure=False)
    if "Liebes" in text:
        return _prediction(Label.RUMINATION, [], warnings=("not_english",), sure=False)
    if "break me" in text:
        raise ValueError(text)
    if "perhaps" in text:
        return _prediction(Label.RUMINATION, [_span(text, Marker.NEXT_STEP, "perhaps I ask")], sure=False)
    if "Thursday" in text:
        return _prediction(
            Label.REFLECTION, [_span(text, Marker.NEXT_STEP, "On Thursday I will wait <b>10</b> breaths")]
        )
    if "that? A good teacher" in text:
        overlapping = ("Why did I say that? A good teacher", "A good teacher would have known")
        kinds = (Marker.OVER_ANALYSIS, Marker.SHOULD_STANDARD)
        spans = [_span(text, kind, part) for kind, part in zip(kinds, overlapping, strict=True)]
        return _prediction(Label.RUMINATION, spans)
    return _prediction(Label.NEITHER, [])


def _span(text: str, kind: Marker, part: str) -> Evidence:
    start = text.index(part)
    return Evidence(kind, start, start + len(part))


def _prediction(
    label: Label, evidence: list[Evidence], *, warnings: tuple[Caution, ...] = (), sure: bool = True
) -> Prediction:
    probabilities = {each: 0.9 if each == label else 0.05 for each in Label}
    lean = probabilities[Label.REFLECTION] / (probabilities[Label.REFLECTION] + probabilities[Label.RUMINATION])
    return Prediction(label, probabilities, sure, lean, tuple(evidence), warnings)


def read(tab: Tab, text: str) -> None:
    tab.click("#note")
    tab.type(text)
    tab.click("#read")
    tab.wait_for(SHOWN)


def seen(tab: Tab, selector: str) -> list[str]:
    """Return the texts of the elements that are shown."""
    found = f"Array.from(document.querySelectorAll({json.dumps(selector)}))"
    return tab.run(f"{found}.filter((e) => e.checkVisibility()).map((e) => e.textContent.trim())")  # type: ignore[no-any-return]
