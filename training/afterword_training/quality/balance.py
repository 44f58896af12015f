"""Whether there are enough notes of each label, and whether one can be told by its length alone."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from afterword_model.labels import LABELS, Label
from afterword_training.labelled import LabelledNote
from afterword_training.quality.findings import Share

FEW, RARE = 20, 0.1
"""Notes, and share of all notes, below which a label counts as rare."""
UNLIKE = 2.0
"""How many times as long as another's a label's median note is, where lengths count as out of balance."""


def label_shares(notes: Sequence[LabelledNote]) -> dict[Label, Share]:
    """Return how many notes each label has, and how long they are."""
    return {label: _share([note for note in notes if note.label is label], len(notes)) for label in LABELS}


def balance_warnings(shares: Mapping[Label, Share]) -> Iterator[str]:
    """Yield what is out of balance, in sentences."""
    for label, share in shares.items():
        if share.notes == 0:
            yield f"No note is labelled {label}; a model cannot learn the label from these notes."
        elif share.notes < FEW or share.share < RARE:
            yield f"Only {share.notes} notes ({share.share:.0%}) are labelled {label}; more of them would help most."
    medians = {label: share.words[1] for label, share in shares.items() if share.notes >= FEW}
    if not medians:
        return
    longest, shortest = max(medians, key=lambda label: medians[label]), min(medians, key=lambda label: medians[label])
    if medians[longest] >= UNLIKE * max(medians[shortest], 1):
        yield (
            f"Notes labelled {longest} are much longer than those labelled {shortest} (medians {medians[longest]} and "
            f"{medians[shortest]} words); a model may learn the length in place of the meaning."
        )


def _share(notes: Sequence[LabelledNote], total: int) -> Share:
    if not notes:
        return Share(notes=0, share=0.0, words=(0, 0, 0))
    low, middle, high = np.percentile([len(note.text.split()) for note in notes], [25, 50, 75])
    return Share(notes=len(notes), share=len(notes) / total, words=(round(low), round(middle), round(high)))
