"""What users may say about their labelled files; None means: find out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from afterword_model.labels import Label
from afterword_training.labelled.fields import ANNOTATOR_FIELDS, ID_FIELDS, Fields, first_name
from afterword_training.labelled.label_map import OWN, LabelMap, fold

Format = Literal["label-studio", "argilla", "prodigy", "spacy", "doccano", "fasttext", "table"]
FORMATS: tuple[Format, ...] = get_args(Format)
"""The formats of labelled files: what `--from` may name."""


@dataclass(frozen=True)
class LabelOptions:
    """How to read labelled files."""

    labels: LabelMap = field(default_factory=lambda: OWN)
    """As `label_map` returns it."""
    text_field: str | None = None
    label_field: str | None = None
    """Column, control (Label Studio) or question (Argilla) that holds the label."""
    id_field: str | None = None
    annotator_field: str | None = None
    group_field: str | None = None
    """Author, client or series of entries: notes of one group are never parted by a split."""
    format: Format | None = None
    exhaustive: tuple[Label, Label] | None = None
    """Two labels between which the annotators chose, so that "not the one" means the other (Prodigy's rejects)."""
    adjudicator: str | None = None
    """The annotator whose answer settles a note."""

    def knows(self, name: str) -> bool:
        """Return whether a label's name can be understood."""
        return fold(name) in self.labels

    def label_of(self, name: str) -> Label | None:
        """Return the label that a known name stands for, None for one to be set aside."""
        return self.labels[fold(name)]

    def id_in(self, *places: Fields, usual: Sequence[str] = ID_FIELDS) -> str | None:
        """Return a note's id, looked for in each place in turn."""
        return first_name(places, [self.id_field] if self.id_field else usual)

    def annotator_in(self, *places: Fields, usual: Sequence[str] = ANNOTATOR_FIELDS) -> str | None:
        """Return who answered."""
        return first_name(places, [self.annotator_field] if self.annotator_field else usual)

    def group_in(self, *places: Fields) -> str | None:
        """Return a note's group, where the user said which field holds it."""
        return first_name(places, [self.group_field]) if self.group_field else None
