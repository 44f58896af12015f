"""Where the shipped model points: at the words that carry a marker, in the note as it was given."""

import unicodedata

import pytest

from afterword_model import Classifier, Marker

STEPS = [
    ("I talked over her twice when she got to her father.", "On Thursday I will wait until she has finished."),
    ("The meeting ran late because I let the uncle open.", "Next time I will ask the mother to start."),
    ("We ran out of time before the worksheet.", "From next week I will start with the worksheet."),
]


def _steps(shipped: Classifier, text: str) -> list[str]:
    """Return what the model holds for next steps, as it stands in `text`."""
    (prediction,) = shipped.predict([text])
    return [text[span.start : span.end] for span in prediction.evidence if span.kind is Marker.NEXT_STEP]


@pytest.mark.parametrize(("before", "step"), STEPS)
def test_a_held_step_is_pointed_at(shipped: Classifier, before: str, step: str) -> None:
    found = " ".join(_steps(shipped, f"{before} {step}"))
    words = step.rstrip(".").split()
    assert sum(word in found for word in words) >= len(words) * 2 / 3
    assert before not in found


def test_facts_hold_no_step(shipped: Classifier) -> None:
    assert not _steps(shipped, "Clinic moved to room 4 because of the heating. Six patients, two did not attend.")


@pytest.mark.parametrize(("before", "step"), STEPS)
def test_markdown_before_and_within_a_step_does_not_shift_it(shipped: Classifier, before: str, step: str) -> None:
    (plain,) = _steps(shipped, f"{before} {step}")
    bold = step.replace(" will ", " **will** ")
    (marked,) = _steps(shipped, f"# Note\n\n**{before}** {bold}")
    assert marked.replace("**", "") == plain


@pytest.mark.parametrize(("before", "step"), STEPS)
def test_decomposed_accents_do_not_shift_a_step(shipped: Classifier, before: str, step: str) -> None:
    composed = f"Café, crème brûlée with Zoë. {before} {step}"
    (plain,) = _steps(shipped, composed)
    assert _steps(shipped, unicodedata.normalize("NFD", composed)) == [plain]
