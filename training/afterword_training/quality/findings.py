"""What a quality report holds: rows by file and number, labels and counts, never a note's text."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from scipy.stats import norm

from afterword_model.labels import Label

_REACH = float(norm.ppf(0.95))


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(StrEnum):
    """What may be wrong with a row."""

    IN_EVALUATION = "in the evaluation notes"
    NO_WORDS = "no words"
    NOT_ENGLISH = "not English"
    CONFLICT = "same text, other label"
    NEAR_CONFLICT = "nearly the same text, other label"
    CORPUS_CONFLICT = "same text as a corpus note, other label"
    DUPLICATE = "duplicate"
    NEAR_DUPLICATE = "near-duplicate"
    IN_CORPUS = "in the corpus"
    LABEL_ERROR = "likely label error"
    IDENTIFIER = "personal identifiers"


class Identifier(StrEnum):
    """What tells who a note is about."""

    EMAIL = "e-mail address"
    PHONE = "phone number"
    NAME = "name"
    BIRTH_DATE = "date of birth"
    RECORD_NUMBER = "record number"


class Finding(_Record):
    """One thing found in one row."""

    kind: Kind
    where: str
    """`FILE:ROW`."""
    id: str
    label: Label
    """The label given."""
    other: str | None = None
    """The row, or the id of the corpus note, that it is like."""
    other_label: Label | None = None
    """The label of that one; of a likely label error, the label that fits better."""
    probability: float | None = None
    """Of a likely label error: how probable the given label is, by a model that did not learn from this row."""
    identifiers: dict[Identifier, int] = {}
    """How many of each sort stand in the row."""


class Share(_Record):
    """The notes of one label."""

    notes: int
    share: float
    words: tuple[int, int, int]
    """First quartile, median and third quartile of their lengths in words; zeros where there are no notes."""


class LabelAgreement(_Record):
    """How far the given labels go with what a model says: Cohen's kappa over `notes` notes.

    1: always; 0: as by chance; below: less than that.
    """

    among: tuple[Label, ...]
    """Only notes whose label, given and by the model, is one of these count."""
    notes: int
    kappa: float
    error: float
    """Its standard error."""

    @property
    def high(self) -> float:
        """Upper limit of kappa, missed with a probability of 5 %."""
        return self.kappa + _REACH * self.error


class Renaming(_Record):
    """Other names under which the given labels would agree with the champion far better."""

    names: dict[Label, Label]
    """For each given label, what it seems to mean."""
    agreement: float
    """Share of notes on which the champion agrees with the labels as given."""
    renamed: float
    """The same after the renaming."""


class Whole(_Record):
    """The labels as a whole: do they go with the texts at all?"""

    poisoned: bool
    """Whether nothing should be trained on them as they are."""
    message: str
    champion: tuple[LabelAgreement, ...]
    refitted: tuple[LabelAgreement, ...]
    """By the champion's vectors refitted to the given labels, each note judged by a fit that did not see it."""
    renaming: Renaming | None


class QualityReport(_Record):
    """Everything found in labelled notes before a model is made from them."""

    notes: int
    groups: int
    refused: frozenset[str]
    """Ids of notes that are not to be trained on, since they stand in the evaluation notes."""
    whole: Whole | None
    """None where too few notes are left to say anything."""
    labels: dict[Label, Share]
    warnings: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def poisoned(self) -> bool:
        """Whether the labels as a whole look flipped, renamed or shuffled."""
        return self.whole is not None and self.whole.poisoned

    def of(self, kind: Kind) -> tuple[Finding, ...]:
        """Return the findings of one kind, in the order of the report."""
        return tuple(finding for finding in self.findings if finding.kind is kind)

    def identifiers(self) -> dict[Identifier, int]:
        """Return how many personal identifiers of each sort there are."""
        return {sort: sum(finding.identifiers.get(sort, 0) for finding in self.findings) for sort in Identifier}


IDS: Mapping[str, bool | dict[str, set[str]]] = {"refused": True, "findings": {"__all__": {"id"}}}
"""What a report that is kept leaves out: an id may be a path, and name a note's title or a client."""
