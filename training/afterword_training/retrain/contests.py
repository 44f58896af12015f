"""What the gate is shown: both models on the team's notes and on the shipped test notes, and what each costs."""

from collections.abc import Sequence
from time import perf_counter

import numpy as np
from datasets import Dataset

from afterword_model import Classifier
from afterword_training.gate import TEAM, Contest, Cost
from afterword_training.labelled import LabelledNote
from afterword_training.metrics import Probabilities
from afterword_training.notes import SLICES
from afterword_training.refit.team import labels_of_team

SHIPPED_TEST = "shipped test"
_TIMED = 200
_ROUNDS = 3


def team_contest(notes: Sequence[LabelledNote], champion: Classifier, challenger: Probabilities) -> Contest:
    """Return both models' answers to the team's new notes; `challenger` are held-out answers, shape `(n, 3)`."""
    judged = [note for note in notes if not note.known]
    groups = [note.group for note in judged]
    return Contest(
        name=TEAM,
        ids=[note.id for note in judged],
        truth=labels_of_team(judged),
        champion=champion.predict_proba([note.text for note in judged]),
        challenger=challenger,
        groups=np.array(groups),
        known_groups=not {note.group for note in notes if note.known}.isdisjoint(groups),
    )


def shipped_contest(test: Dataset, champion: Classifier, challenger: Classifier) -> Contest:
    """Return both models' answers to the shipped test notes, by author and kind."""
    texts = list(test["text"])
    return Contest(
        name=SHIPPED_TEST,
        ids=list(test["id"]),
        truth=np.array(test["label"], dtype=np.int64),
        champion=champion.predict_proba(texts),
        challenger=challenger.predict_proba(texts),
        groups=np.array(test["author"]),
        slices=np.array([SLICES[index] for index in test["slice"]]),
    )


def speeds(texts: Sequence[str], *models: Classifier) -> list[float]:
    """Return notes a second of each model, the best of a few rounds taken in turn so that a busy machine is fair."""
    some = list(texts[:_TIMED])
    best = [0.0] * len(models)
    for _ in range(_ROUNDS):
        for number, model in enumerate(models):
            begun = perf_counter()
            model.predict(some)
            best[number] = max(best[number], len(some) / (perf_counter() - begun))
    return best


def cost(classifier: Classifier, speed: float) -> Cost:
    """Return what a saved classifier costs."""
    assert classifier.manifest is not None
    return Cost(notes_per_second=speed, bytes=classifier.manifest.model_bytes)
