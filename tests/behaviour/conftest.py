"""The shipped model, held to what the labelling guide asks of any model."""

import pytest

from afterword_model import Classifier


@pytest.fixture(scope="session")
def shipped() -> Classifier:
    return Classifier.load()
