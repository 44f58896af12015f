from pathlib import Path

import pytest

import afterword_model
from afterword_model import LABELS, MARKERS, Evidence, Label, Marker, Prediction

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
    assert all(hasattr(afterword_model, name) for name in afterword_model.__all__)
    assert {"Classifier", "Prediction", "Evidence", "Label", "Marker", "LABELS", "MARKERS"} <= set(
        afterword_model.__all__
    )


def test_a_prediction_cannot_be_changed():
    prediction = Prediction(Label.NEITHER, dict.fromkeys(LABELS, 1 / 3), sure=False, lean=0.5)
    assert prediction.evidence == () == prediction.warnings
    with pytest.raises(AttributeError):
        prediction.label = Label.REFLECTION
    with pytest.raises(AttributeError):
        Evidence(Marker.NEXT_STEP, 0, 1).start = 5
