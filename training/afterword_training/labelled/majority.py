"""One label of several annotators': the one that most gave, a settled one before that; ties are set aside."""

from collections import Counter
from collections.abc import Sequence

from afterword_model.labels import LABELS, Label
from afterword_training.labelled.answer import LabelledNote, SetAside, Vote


def decide(votes: Sequence[Vote]) -> LabelledNote | SetAside:
    """Return the note with its label, or word of a tie; `votes` are one note's, one at least."""
    final = [vote for vote in votes if vote.final]
    counts = Counter(vote.label for vote in final or votes)
    most = max(counts.values())
    first, *others = [label for label in LABELS if counts[label] == most]
    if others:
        return SetAside(votes[0].where, f"the annotators are divided: {_listed(counts)}")
    vote = votes[0]
    groups = [each.group for each in votes if each.group]
    return LabelledNote(vote.key, vote.where, vote.text, first, groups[0] if groups else vote.key, len(votes))


def _listed(counts: Counter[Label]) -> str:
    return ", ".join(f"{counts[label]} {label}" for label in LABELS if counts[label])
