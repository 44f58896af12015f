"""Retraining: from a team's labelled files to a challenger in the registry, with a verdict on it."""

from afterword_training.retrain.request import Request
from afterword_training.retrain.run import Outcome, retrain

__all__ = ["Outcome", "Request", "retrain"]
