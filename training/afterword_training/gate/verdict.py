"""The verdict: what was decided, on which figures, by which rules. It names slices and counts, never a note's text."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from afterword_training.config import GateRules


class Decision(StrEnum):
    """What becomes of the challenger."""

    PROMOTE = "promote"
    KEEP = "keep"
    NOT_ENOUGH_DATA = "not enough data"


class Outcome(StrEnum):
    """How one check came out."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=True)


class Check(_Record):
    """One thing the challenger had to show, and one sentence on how it came out."""

    name: str
    outcome: Outcome
    sentence: str


class Comparison(_Record):
    """Accuracy of both models on one set of notes."""

    name: str
    notes: int
    groups: int
    whole_groups: bool
    """Whether whole groups were resampled, so that the limits hold for other groups too."""
    known_groups: bool = False
    """Whether the models learned from other notes of some groups, so that the figures hold for these groups only."""
    champion: float
    challenger: float
    gained: int
    lost: int
    difference: float
    low: float
    high: float
    """Limits of the difference; either is missed with probability alpha."""
    p_value: float
    """Of McNemar's exact one-sided test for a gain."""
    visible_gain: float | None
    """Smallest gain that could have been seen with the power asked for; None where none could."""
    notes_needed: int | None
    """About how many notes would show the worthwhile gain; None where more than anyone labels."""


class SliceChange(_Record):
    """Right answers of both models on the notes of one kind or of one true label."""

    contest: str
    name: str
    notes: int
    champion: float
    challenger: float
    p_value: float | None
    """Of a fall, adjusted for the number of slices (Holm); None where the slice is too small to judge."""


class CalibrationChange(_Record):
    """One calibration figure of both models on one set of notes; less is better."""

    contest: str
    figure: str
    champion: float
    challenger: float
    p_value: float
    """Of a rise beyond what is tolerated, adjusted for the number of figures (Holm)."""


class CostChange(_Record):
    """What one cost is to both models: notes a second, or bytes."""

    figure: str
    champion: float
    challenger: float


class Verdict(_Record):
    """Promote, keep, or not enough data; with every check and every figure behind it."""

    decision: Decision
    checks: tuple[Check, ...]
    comparisons: tuple[Comparison, ...]
    slices: tuple[SliceChange, ...]
    calibration: tuple[CalibrationChange, ...]
    costs: tuple[CostChange, ...]
    rules: GateRules
    seed: int

    @property
    def reasons(self) -> tuple[str, ...]:
        """The sentences that decided it: what failed, else what is undecided, else what was shown."""
        for outcome in (Outcome.FAILED, Outcome.UNDECIDED):
            sentences = tuple(check.sentence for check in self.checks if check.outcome is outcome)
            if sentences:
                return sentences
        return tuple(check.sentence for check in self.checks)
