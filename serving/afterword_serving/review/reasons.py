"""Why a note is worth a label: each reason has a strength from 0 to 1 and says itself in words, never in the note's."""

from dataclasses import dataclass
from typing import Literal

from afterword_model.labels import Label, Marker
from afterword_serving.review.note import Note

Kind = Literal["unsure", "disagreement", "unlike", "random"]

WEIGHTS: dict[Kind, float] = {"unsure": 1.0, "disagreement": 0.6, "unlike": 0.4, "random": 0.0}
"""How much a reason of full strength adds to a note's worth."""

_SAID = {"unsure": 0.4, "disagreement": 0.0, "unlike": 0.66, "random": 0.0}
"""Strength above which a reason is told to people; below it, it only helps to rank."""
_OF_RUMINATION = frozenset(
    {
        Marker.OVER_ANALYSIS,
        Marker.SHOULD_STANDARD,
        Marker.SELF_VERDICT,
        Marker.CONCEALMENT,
        Marker.PERMISSION_REFUSAL,
    }
)


@dataclass(frozen=True)
class Reason:
    """One reason."""

    kind: Kind
    strength: float
    words: str

    @property
    def said(self) -> bool:
        """Whether it is strong enough to be told."""
        return self.strength > _SAID[self.kind]


RANDOM = Reason("random", 1.0, "drawn at random, so that not only hard notes are labelled")


def worth(reasons: list[Reason]) -> float:
    """Return how much a label would teach, from 0 to about 2, as far as these reasons show."""
    return sum(WEIGHTS[reason.kind] * reason.strength for reason in reasons)


def unsure(note: Note) -> Reason:
    """Return how near the label's probability and the runner-up's are: 1 where they tie."""
    first, second = sorted(note.probabilities, key=lambda label: -note.probabilities[label])[:2]
    p_first, p_second = note.probabilities[first], note.probabilities[second]
    return Reason("unsure", 1 - (p_first - p_second), f"unsure: {first} {p_first:.0%}, {second} {p_second:.0%}")


def disagreement(note: Note) -> Reason | None:
    """Return how the label and the evidence contradict each other, if they do.

    Evidence of another label counts in full; that there is none of the label's own counts half.
    """
    step, rumination = Marker.NEXT_STEP in note.markers, sorted(note.markers & _OF_RUMINATION)
    if note.label is Label.REFLECTION:
        if step:
            return None
        found = f" but {_listed(rumination)}" if rumination else ""
        return _contradiction(f"called reflection, yet it shows no next step{found}", full=bool(rumination))
    if step:
        return _contradiction(f"called {note.label}, yet it shows a next step", full=True)
    if note.label is Label.RUMINATION and not rumination:
        return _contradiction("called rumination, yet no words of it were found", full=False)
    if note.label is Label.NEITHER and rumination:
        return _contradiction(f"called neither, yet it shows {_listed(rumination)}", full=True)
    return None


def _contradiction(words: str, *, full: bool) -> Reason:
    return Reason("disagreement", 1.0 if full else 0.5, words)


def _listed(markers: list[Marker]) -> str:
    return " and ".join(marker.value.replace("_", " ") for marker in markers)
