"""Held-out answers on the team's notes: each note is answered by a challenger that did not learn from its group.

The challenger that is kept learns from all notes. It is judged by others of its making, each made without one fold of
the groups (cross-fitting), so that a few hundred notes serve both to learn from and to judge on. Notes that the
champion has learned from are known to all of them, and nobody is judged on those.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from afterword_model import Classifier
from afterword_model.durable import whole_file
from afterword_model.errors import InputError
from afterword_training.labelled import LabelledNote
from afterword_training.metrics import Probabilities
from afterword_training.refit import LEAST_TO_LEARN, Refitted, refit
from afterword_training.refit.team import held_rows, team_folds
from afterword_training.retrain.request import Request
from afterword_training.train import Parts

log = logging.getLogger(__name__)

_LEARNED = 0.2
"""Share of the notes that is left to learn from, at least, when a group is held out."""


def make(notes: Sequence[LabelledNote], corpus: Parts, champion: Classifier, request: Request, work: Path) -> Refitted:
    """Return a challenger that learned from `notes`, its checkpoints in `work`; see `refit` for the errors."""
    return refit(
        notes,
        corpus,
        champion,
        request.config.retrain,
        mode=request.mode,
        seed=request.config.seed,
        base=request.base,
        work=work,
        encoder=request.config.encoder,
    )


def classifier_of(challenger: Refitted, champion: Classifier, *, threshold: float = 1.0) -> Classifier:
    """Return the challenger as a classifier; what is strange to it stays what is strange to the champion."""
    return Classifier(challenger.pipeline, challenger.evidence, threshold=threshold, familiarity=champion.familiarity)


def held_out(
    notes: Sequence[LabelledNote], corpus: Parts, champion: Classifier, request: Request, work: Path
) -> Probabilities:
    """Return the challengers' probabilities of the notes new to the champion, `(n, 3)`, each for groups it did not see.

    Notes that the champion knows are learned from by each of them, of whichever group they are.
    Folds that an interrupted retraining left in `work` are not made again.

    Raises:
        InputError: all notes are copies of each other, or most are of one group; nothing is trained then.
    """
    settings = request.config.retrain
    folds = team_folds(notes, settings.gate_folds, seed=request.config.seed)
    if not folds:
        raise InputError(
            "All labelled notes are copies of each other, so that none is left to judge a new model on. Nothing was "
            "trained. Label further notes."
        )
    fewest = min(len(learned) for learned, _ in folds)
    if fewest < max(LEAST_TO_LEARN, _LEARNED * len(notes)):
        raise InputError(
            f"One group has most of the notes: without it {fewest} of {len(notes)} are left to learn from, too "
            "few to judge by. Nothing was trained. Label notes of other groups; or do without --group-field, and the "
            "figures will hold for further notes of that group only."
        )
    answers = np.zeros((len(notes), 3))
    for number, (learned, held) in enumerate(folds, start=1):
        kept = work / f"fold-{number}.npy"
        found = _kept(kept, len(held))
        if found is None:
            log.info("fold %d of %d: learning from %d notes, answering %d", number, len(folds), len(learned), len(held))
            challenger = make([notes[row] for row in learned], corpus, champion, request, work)
            found = classifier_of(challenger, champion).predict_proba([notes[row].text for row in held])
            with whole_file(kept) as file:
                np.save(file, found, allow_pickle=False)
        answers[held] = found
    return answers[held_rows(folds)]


def _kept(path: Path, rows: int) -> Probabilities | None:
    try:
        found = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return found if found.shape == (rows, 3) and np.isfinite(found).all() else None
