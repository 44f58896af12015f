"""What a classifier says about one note."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self

from afterword_model.labels import LABELS, Label, Marker

Caution = Literal["empty", "not_english", "few_words", "unfamiliar"]


@dataclass(frozen=True)
class Evidence:
    """Characters `start` to `end` (exclusive) of the note as it was given, and what they do."""

    kind: Marker
    start: int
    end: int


@dataclass(frozen=True)
class Prediction:
    """The answer for one note.

    Says what words do, never what a person is.
    """

    label: Label
    probabilities: dict[Label, float]
    """Calibrated; they sum to 1, and the label is the most probable. A note without words is `neither` with 1."""
    sure: bool
    """Whether the label's probability reaches the artifact's threshold and there are no `warnings`."""
    lean: float
    """P(reflection) / (P(reflection) + P(rumination)): 1 leans to reflection, 0 to rumination, and 0.5 where both are
    0."""
    evidence: tuple[Evidence, ...] = ()
    """Spans in reading order; they may overlap."""
    warnings: tuple[Caution, ...] = ()
    """`empty`: no words to read. `not_english`; `few_words`: fewer than five; `unfamiliar`: in words unlike those of
    the training notes. The last three are read all the same; none of the four is ever sure."""

    @classmethod
    def of(
        cls,
        probabilities: Iterable[float],
        *,
        threshold: float,
        warnings: tuple[Caution, ...],
        evidence: tuple[Evidence, ...] = (),
    ) -> Self:
        """Return the answer that calibrated probabilities, in the order of `LABELS`, come to."""
        by_label = dict(zip(LABELS, map(float, probabilities), strict=True))
        label = max(LABELS, key=by_label.__getitem__)
        reflection, rumination = by_label[Label.REFLECTION], by_label[Label.RUMINATION]
        return cls(
            label=label,
            probabilities=by_label,
            sure=not warnings and by_label[label] >= threshold,
            lean=reflection / (reflection + rumination) if reflection + rumination > 0 else 0.5,
            evidence=evidence,
            warnings=warnings,
        )
