"""Whether labels as a whole go with their texts, or look renamed, flipped or shuffled.

Two judges are asked: the champion, which knows nothing of the labels, and its vectors refitted to them, which go along
with any custom of the team that can be learned. Agreement is Cohen's kappa (Cohen 1960, Educational and Psychological
Measurement 20, 37-46), of all labels and of each two.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.stats import norm

from afterword_model.labels import LABELS, Label
from afterword_training.gate.paired import mcnemar
from afterword_training.metrics import Indices, Probabilities
from afterword_training.quality.findings import LabelAgreement, Renaming, Whole

SLIGHT = 0.2
"""Kappa up to which agreement is at most slight (Landis and Koch 1977, Biometrics 33, 159-174)."""
LEAST = 20
"""Notes below which agreement is not judged."""
_SURE = 0.001
"""p-value from which a renaming is believed."""
_FAR = float(norm.ppf(0.99))
"""Standard errors by which kappa has to lie under 0 for two labels to look flipped; chance does that once in 100."""

_AMONG: tuple[tuple[int, ...], ...] = (tuple(range(len(LABELS))), *combinations(range(len(LABELS)), 2))


def judge_whole(labels: Indices, champion: Probabilities, refitted: Probabilities) -> Whole:
    """Return the verdict on `labels`, shape `(n,)`, by the probabilities of both judges, shape `(n, 3)`."""
    by_champion, by_refit = champion.argmax(axis=1), refitted.argmax(axis=1)
    one = [_agreement(labels, by_champion, among) for among in _AMONG]
    two = [_agreement(labels, by_refit, among) for among in _AMONG]
    renaming = _renaming(labels, by_champion)
    reason = _reason(renaming, one, two)
    return Whole(
        poisoned=reason is not None,
        message=reason or _well(one[0], two[0]),
        champion=tuple(one),
        refitted=tuple(two),
        renaming=renaming,
    )


def _agreement(labels: Indices, answers: Indices, among: Sequence[int]) -> LabelAgreement:
    """Return kappa and its upper limit; the standard error is the simple one of Cohen (1960)."""
    rows = np.isin(labels, among) & np.isin(answers, among)
    labels, answers = labels[rows], answers[rows]
    notes = len(labels)
    by_chance = sum(float((labels == at).mean() * (answers == at).mean()) for at in among) if notes else 1.0
    names = tuple(LABELS[at] for at in among)
    if by_chance >= 1:
        return LabelAgreement(among=names, notes=notes, kappa=0.0, error=1.0)
    agreed = float((labels == answers).mean())
    share = (agreed * notes + 1) / (notes + 2)  # so that an agreement of all or none has an error too
    error = float(np.sqrt(share * (1 - share) / notes)) / (1 - by_chance)
    return LabelAgreement(among=names, notes=notes, kappa=(agreed - by_chance) / (1 - by_chance), error=error)


def _renaming(labels: Indices, answers: Indices) -> Renaming | None:
    """Return the renaming of labels among each other that agrees best with the answers, where it surely beats none."""
    used = np.unique(labels)
    counts = np.array([[int(((labels == given) & (answers == name)).sum()) for name in used] for given in used])
    meant = np.arange(len(LABELS))
    meant[used] = used[linear_sum_assignment(counts, maximize=True)[1]]
    as_given, renamed = labels == answers, meant[labels] == answers
    gained, lost = int((renamed & ~as_given).sum()), int((as_given & ~renamed).sum())
    if float(mcnemar(gained, lost)) > _SURE:
        return None
    names = {LABELS[at]: LABELS[to] for at, to in enumerate(meant) if at != to}
    return Renaming(names=names, agreement=float(as_given.mean()), renamed=float(renamed.mean()))


def _reason(
    renaming: Renaming | None, champion: Sequence[LabelAgreement], refitted: Sequence[LabelAgreement]
) -> str | None:
    """Return why the labels are not to be trained on, the plainest reason first; None where they are."""
    if renaming is not None:
        meant = ", ".join(f"{given} means {name}" for given, name in renaming.names.items())
        return (
            f"The labels look renamed: the model in use agrees with {renaming.agreement:.0%} of them as they are, and "
            f"with {renaming.renamed:.0%} if {meant}. Look at the label map and at how the file was exported."
        )
    for one in champion[1:]:
        if one.notes >= LEAST and one.kappa + _FAR * one.error < 0:
            return (
                f"{_names(one.among)} look flipped: the model in use agrees with their labels less often than by "
                "chance. Look at the label map and at how the file was exported."
            )
    for one, two in zip(champion, refitted, strict=True):
        if min(one.notes, two.notes) >= LEAST and max(one.high, two.high) < SLIGHT:
            return (
                f"{_names(one.among)} do not go with the texts: neither the model in use nor one fitted to these "
                "labels agrees with them much more often than by chance. Look whether labels and texts were shuffled "
                "against each other, or many labels flipped; if not, they ask for what the models cannot see."
            )
    return None


def _well(champion: LabelAgreement, refitted: LabelAgreement) -> str:
    return (
        f"The labels as a whole go with the texts (kappa {champion.kappa:.2f} with the model in use, "
        f"{refitted.kappa:.2f} with one fitted to other notes of yours)."
    )


def _names(among: Sequence[Label]) -> str:
    return "The labels" if len(among) == len(LABELS) else f"The labels {' and '.join(among)}"
