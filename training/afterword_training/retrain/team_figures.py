"""Figures of held-out answers on the team's notes, in the form that every evaluation has."""

from collections.abc import Sequence

from datasets import Dataset

from afterword_model.prediction import Caution, Prediction
from afterword_training.corpus import FEATURES
from afterword_training.evaluate import Evaluation, evaluate_predictions
from afterword_training.labelled import LabelledNote
from afterword_training.metrics import Probabilities, Scored, risk_coverage

Warnings = tuple[Caution, ...]


def team_evaluation(
    notes: Sequence[LabelledNote],
    answers: Probabilities,
    warnings: Sequence[Warnings],
    *,
    model: str,
    threshold: float,
    resamples: int,
    seed: int,
) -> Evaluation:
    """Return the figures of held-out `answers`, shape `(n, 3)`; the notes' groups stand where authors do.

    `warnings` are those that each note is answered with, whatever it was learned from.
    """
    evaluation = evaluate_predictions(
        [Prediction.of(row, threshold=threshold, warnings=given) for row, given in zip(answers, warnings, strict=True)],
        _dataset(notes),
        model=model,
        threshold=threshold,
        resamples=resamples,
        seed=seed,
    )
    # A group may be called by a client's or an author's name, which is nobody's business.
    return evaluation.model_copy(update={"authors": ["the team"], "by_author": {}, "by_slice": {}})


def least_sure(team: Scored, wanted: float, *, level: float) -> float:
    """Return the lowest probability from which the share `wanted` of the team's notes is right; 1 where none is.

    It is 0 where the notes are fewer than would show that share at `level` if all of them were right.
    """
    if wanted ** len(team.truth) > 1 - level:
        return 0.0
    thresholds, _, right = risk_coverage(team)
    reached = thresholds[right >= wanted]
    return float(reached[-1]) if len(reached) else 1.0


def _dataset(notes: Sequence[LabelledNote]) -> Dataset:
    rows: list[dict[str, object]] = [
        {
            "id": note.id,
            "text": note.text,
            "label": note.label,
            "slice": "plain",
            "role": "",
            "author": note.group,
            "pair": None,
            "markers": [],
        }
        for note in notes
    ]
    return Dataset.from_list(rows, features=FEATURES)
