import pytest

from afterword_model import LABELS, Label, Prediction


def test_of_equal_probabilities_the_first_is_the_label():
    prediction = Prediction.of([0.4, 0.4, 0.2], threshold=0.5, warnings=())
    assert prediction == Prediction(
        Label.REFLECTION, dict(zip(LABELS, (0.4, 0.4, 0.2), strict=True)), sure=False, lean=0.5
    )


@pytest.mark.parametrize(
    ("threshold", "warnings", "sure"), [(0.7, (), True), (0.71, (), False), (0.7, ("few_words",), False)]
)
def test_it_is_sure_from_the_threshold_on_and_without_warnings(threshold, warnings, sure):
    assert Prediction.of([0.1, 0.7, 0.2], threshold=threshold, warnings=warnings).sure == sure


def test_where_neither_leads_anywhere_it_leans_to_none():
    assert Prediction.of([0, 0, 1], threshold=0.5, warnings=()).lean == 0.5
