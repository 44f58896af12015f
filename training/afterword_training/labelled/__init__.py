"""Labelled files as labelling tools export them, as notes that annotators agreed on."""

from afterword_training.labelled.agreement import Agreement
from afterword_training.labelled.answer import LabelledNote, SetAside, Vote
from afterword_training.labelled.label_map import label_map
from afterword_training.labelled.options import FORMATS, Format, LabelOptions
from afterword_training.labelled.read import Labelled, read_labelled

__all__ = [
    "FORMATS",
    "Agreement",
    "Format",
    "LabelOptions",
    "Labelled",
    "LabelledNote",
    "SetAside",
    "Vote",
    "label_map",
    "read_labelled",
]
