"""The quality report: everything that is wrong, or may be, with labelled notes before a model is made from them."""

from collections.abc import Iterator, Sequence

import numpy as np
from datasets import Dataset

from afterword_model import Classifier
from afterword_model.errors import InputError
from afterword_model.labels import LABELS
from afterword_model.language import is_english
from afterword_training.labelled import LabelledNote
from afterword_training.quality.balance import balance_warnings, label_shares
from afterword_training.quality.copies import find_copies, joined_groups
from afterword_training.quality.features import Features, note_features
from afterword_training.quality.findings import Finding, Identifier, Kind, QualityReport, Whole
from afterword_training.quality.identifiers import find_identifiers
from afterword_training.quality.label_errors import find_label_errors
from afterword_training.quality.refitted import FOLDS, out_of_fold
from afterword_training.quality.whole import LEAST, judge_whole


def check_quality(
    notes: Sequence[LabelledNote], *, classifier: Classifier, evaluation: Dataset, training: Dataset, seed: int
) -> QualityReport:
    """Return what is found in `notes`; it names rows and ids, and holds no text.

    `evaluation` are the notes that models are judged on, `training` those of the corpus that they learn from.

    Raises:
        InputError: there are no notes.
    """
    if not notes:
        raise InputError("There are no labelled notes to check. Look at what was set aside, and why.")
    copies = find_copies(notes, evaluation, training)
    refused = frozenset(finding.id for finding in copies if finding.kind is Kind.IN_EVALUATION)
    unread = list(_unreadable(notes))
    kept = _without(notes, refused | {finding.id for finding in unread if finding.kind is Kind.NO_WORDS})
    texts = [note.text for note in kept]
    whole, errors = judge_labels(kept, note_features(classifier, texts), seed=seed) if kept else (None, [])
    findings = [*copies, *unread, *errors, *find_identifiers(notes)]
    shares = label_shares(kept)
    return QualityReport(
        notes=len(notes),
        groups=len({note.group for note in notes}),
        refused=refused,
        whole=whole,
        labels=shares,
        warnings=(*balance_warnings(shares), *_privacy_warnings(findings), *_size_warnings(whole, kept)),
        findings=tuple(sorted(findings, key=lambda finding: list(Kind).index(finding.kind))),
    )


def judge_labels(
    notes: Sequence[LabelledNote], features: Features, *, seed: int, groups: Sequence[str] | None = None
) -> tuple[Whole | None, list[Finding]]:
    """Return the verdict on the labels as a whole, and the likely label errors, the likeliest first.

    Folds keep `groups` whole; without them they are found. There is no verdict where there are too few notes, and no
    errors where the labels as a whole are poisoned, since then a list of single rows would mislead.
    """
    groups = _groups(notes) if groups is None else groups
    if len(notes) < LEAST or len(set(groups)) < FOLDS:
        return None, []
    labels = np.array([LABELS.index(note.label) for note in notes])
    refitted = out_of_fold(features.vectors, labels, groups, seed=seed)
    whole = judge_whole(labels, features.champion, refitted)
    return whole, [] if whole.poisoned else find_label_errors(notes, labels, refitted, features.champion)


def _groups(notes: Sequence[LabelledNote]) -> list[str]:
    """Return groups that folds keep whole: the team's own where there are enough, else copies alone."""
    groups = joined_groups(notes)
    return groups if len(set(groups)) >= FOLDS else joined_groups(notes, by_group=False)


def _without(notes: Sequence[LabelledNote], ids: frozenset[str]) -> list[LabelledNote]:
    return [note for note in notes if note.id not in ids]


def _unreadable(notes: Sequence[LabelledNote]) -> Iterator[Finding]:
    for note in notes:
        if not any(char.isalnum() for char in note.text):
            yield Finding(kind=Kind.NO_WORDS, where=note.where, id=note.id, label=note.label)
        elif not is_english(note.text):
            yield Finding(kind=Kind.NOT_ENGLISH, where=note.where, id=note.id, label=note.label)


def _privacy_warnings(findings: Sequence[Finding]) -> Iterator[str]:
    rows = [finding.identifiers for finding in findings if finding.kind is Kind.IDENTIFIER]
    if rows:
        sums = {sort: sum(counts.get(sort, 0) for counts in rows) for sort in Identifier}
        listed = ", ".join(f"{sort} {count}" for sort, count in sums.items() if count)
        yield (
            f"Personal identifiers stand in {len(rows)} notes ({listed}). Put other words in their place before "
            "training: a model may keep words it has seen often, and labelled files get copied."
        )


def _size_warnings(whole: Whole | None, notes: Sequence[LabelledNote]) -> Iterator[str]:
    if whole is None:
        yield (
            f"{len(notes)} notes are too few to say whether the labels go with the texts, or which of them may be "
            f"wrong; that takes {LEAST} notes that are not copies of each other."
        )
