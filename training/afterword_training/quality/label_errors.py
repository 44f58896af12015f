"""Likely label errors: confident learning (Northcutt, Jiang and Chuang 2021, JAIR 70, 1373-1411), by cleanlab."""

import warnings
from collections.abc import Sequence

import numpy as np

from afterword_model.labels import LABELS
from afterword_training.labelled import LabelledNote
from afterword_training.metrics import Indices, Probabilities
from afterword_training.quality.findings import Finding, Kind


def find_label_errors(
    notes: Sequence[LabelledNote], labels: Indices, refitted: Probabilities, champion: Probabilities
) -> list[Finding]:
    """Return the notes whose label is likely wrong, the likeliest first.

    `refitted` are out-of-fold probabilities, shape `(n, 3)`. Confident learning picks the notes by them; of those, the
    ones stay whose label the champion would not give either.
    """
    from cleanlab.filter import find_label_issues  # it takes seconds to import, and is needed only here

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "May not flag all label issues", UserWarning)  # a label may have no notes
        rows = find_label_issues(
            labels, refitted, filter_by="both", return_indices_ranked_by="self_confidence", n_jobs=1
        )
    return [_finding(notes[row], refitted[row], champion[row]) for row in rows if champion[row].argmax() != labels[row]]


def _finding(note: LabelledNote, refitted: Probabilities, champion: Probabilities) -> Finding:
    given = LABELS.index(note.label)
    others = (refitted + champion) * (np.arange(len(LABELS)) != given)
    return Finding(
        kind=Kind.LABEL_ERROR,
        where=note.where,
        id=note.id,
        label=note.label,
        other_label=LABELS[int(others.argmax())],
        probability=round(float(refitted[given]), 4),
    )
