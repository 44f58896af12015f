"""The words of the task: the three labels and the seven marker kinds of `data/labelling-guide.md`."""

from enum import StrEnum


class Label(StrEnum):
    """Whether a note produces a learnable next step."""

    REFLECTION = "reflection"
    RUMINATION = "rumination"
    NEITHER = "neither"


class Marker(StrEnum):
    """What a stretch of words does in a note; markers explain a label and never decide it."""

    NEXT_STEP = "next_step"
    OVER_ANALYSIS = "over_analysis"
    SHOULD_STANDARD = "should_standard"
    SELF_VERDICT = "self_verdict"
    CONCEALMENT = "concealment"
    PERMISSION_REFUSAL = "permission_refusal"
    SELF_COMPASSION = "self_compassion"


LABELS: tuple[Label, ...] = tuple(Label)
"""The labels in the order of every probability column."""

MARKERS: tuple[Marker, ...] = tuple(Marker)
"""The markers in the order of every marker-score column."""
