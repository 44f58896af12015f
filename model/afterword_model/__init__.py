"""Afterword's model: labels a clinician's note about their own work `reflection`, `rumination` or `neither`.

>>> from afterword_model import Classifier
>>> classifier = Classifier.load()
>>> classifier.predict(["Next Tuesday I will let her finish before I say anything."])[0].label
<Label.REFLECTION: 'reflection'>
"""

from afterword_model import offline  # noqa: F401  # first
from afterword_model.classifier import Classifier
from afterword_model.errors import AfterwordError
from afterword_model.labels import LABELS, MARKERS, Label, Marker
from afterword_model.prediction import Evidence, Prediction

__all__ = ["LABELS", "MARKERS", "AfterwordError", "Classifier", "Evidence", "Label", "Marker", "Prediction"]
