from pathlib import Path

import pytest

import afterword_model
from afterword_model import LABELS, MARKERS, Label

GUIDE = Path(__file__).parents[2] / "data" / "labelling-guide.md"


def test_the_order_of_labels_is_a_promise():
    assert LABELS == ("reflection", "rumination", "neither")


@pytest.mark.parametrize("name", [*LABELS, *MARKERS])
def test_every_name_stands_in_the_labelling_guide(name):
    assert f"| `{name}` |" in GUIDE.read_text(encoding="utf-8")


def test_a_name_that_is_no_label_fails_early():
    with pytest.raises(ValueError, match="reflexion"):
        Label("reflexion")


def test_public_names_are_complete():
    assert {"Classifier", "Prediction", "Evidence", "Label", "Marker", "LABELS", "MARKERS"} <= set(
        afterword_model.__all__
    )
