"""Making a challenger from a team's own notes, beside the corpus that the champion was made from.

light      the encoder stays, its label head is refitted: seconds, no torch
champion   the champion's weights are trained further: minutes
base       trained again from the base encoder, with all of the corpus: as long as the first training
"""

from afterword_training.refit.modes import LEAST_TO_LEARN, MODES, Mode, refit
from afterword_training.refit.refitted import Refitted

__all__ = ["LEAST_TO_LEARN", "MODES", "Mode", "Refitted", "refit"]
