"""The light mode: what the champion sees in a note stays, what it makes of it is refitted. No torch."""

import logging
from collections.abc import Sequence

import numpy as np
from scipy.sparse import issparse
from scipy.sparse import vstack as sparse_vstack
from sklearn.metrics import log_loss

from afterword_model import Classifier
from afterword_model.decide import NoteDecider
from afterword_model.label_head import LabelHead
from afterword_model.labels import LABELS
from afterword_training.config import Retrain
from afterword_training.labelled import LabelledNote
from afterword_training.refit.adapt import Labels, adapt_head
from afterword_training.refit.frozen import frozen
from afterword_training.refit.refitted import Refitted, calibration_of
from afterword_training.refit.seen import Lessons, Seen, lessons
from afterword_training.refit.team import Folds, held_rows, labels_of_team, normalized, progress, some_of, team_folds
from afterword_training.train import Parts

log = logging.getLogger(__name__)


def refit_light(
    notes: Sequence[LabelledNote], corpus: Parts, champion: Classifier, settings: Retrain, *, seed: int
) -> Refitted:
    """Return the champion with its label head refitted and its temperature set anew.

    How strongly the head is held to the champion's, and the temperature, come from answers to notes that the head at
    hand did not learn from: the team's by folds, and those of the corpus's validation authors.
    """
    model = frozen(champion)
    labels = labels_of_team(notes)
    seen = model.see(normalized([note.text for note in notes]), "the team's notes")
    validation = model.see(normalized(corpus.validation["text"]), "validation notes")
    drawn = some_of(corpus.train, settings.corpus_share, seed=seed)
    shipped = lessons(model.see(normalized(drawn["text"]), "the corpus"), np.array(drawn["label"], dtype=int), weight=1)

    folds = team_folds(notes, settings.folds, seed=seed)
    held = held_rows(folds)
    smoothing: float = getattr(champion.pipeline[-1], "smoothing", 0.0)
    head, unseen = _search(seen, labels, shipped, folds, settings, smoothing=smoothing)
    readings = [*validation.raised(head).by_note(), *unseen.by_note()]
    truth = np.concatenate([np.array(corpus.validation["label"], dtype=int), labels[held]])
    weights = [1.0] * len(corpus.validation) + [settings.team_weight] * len(held)
    decider = NoteDecider(smoothing).fit(readings, truth, sample_weight=weights)
    return Refitted(
        model.with_head(head, decider),
        champion.evidence,
        temperature=decider.temperature_,
        base_encoder=champion.manifest.base_encoder if champion.manifest else None,
        familiarity=champion.familiarity,
        calibration=calibration_of(
            corpus.validation, [notes[row] for row in held], truth, decider.predict_proba(readings)
        ),
    )


def _search(
    seen: Seen, labels: Labels, shipped: Lessons, folds: Folds, settings: Retrain, *, smoothing: float
) -> tuple[LabelHead, Seen]:
    """Return the head of the best strength, fitted on all notes, and what heads of that strength say of unseen ones.

    Where there are no folds, so that none is unseen, the head is held to the champion's as strongly as may be.
    """
    held_out = held_rows(folds)
    tried: dict[float, Seen] = {}
    with progress(len(settings.strengths) * len(folds) + 1, "fits", "refitting") as bar:
        for strength in settings.strengths:
            logits = seen.logits.copy()
            for learned, held in folds:
                head = _head(seen.take(learned), labels[learned], shipped, settings.team_weight, strength)
                rows = np.isin(seen.note, held)
                logits[rows] += head(seen.vectors[rows])
                bar.update()
            tried[strength] = Seen(seen.vectors, logits, seen.note)
        best = max(tried)
        if folds:
            best = min(tried, key=lambda strength: _loss(tried[strength].take(held_out), labels[held_out], smoothing))
        head = _head(seen, labels, shipped, settings.team_weight, best)
        bar.update()
    log.info("label head refitted; held to the champion's with strength %g", best)
    return head, tried[best].take(held_out)


def _head(team: Seen, labels: Labels, shipped: Lessons, weight: float, strength: float) -> LabelHead:
    own = lessons(team, labels, weight=weight)
    stack = sparse_vstack if issparse(own.vectors) else np.concatenate
    return adapt_head(
        stack([own.vectors, shipped.vectors]),
        np.concatenate([own.logits, shipped.logits]),
        np.concatenate([own.labels, shipped.labels]),
        np.concatenate([own.weights, shipped.weights]),
        strength=strength,
    )


def _loss(seen: Seen, labels: Labels, smoothing: float) -> float:
    """Return the log loss of the notes at the temperature that suits them best."""
    readings = seen.by_note()
    decider = NoteDecider(smoothing).fit(readings, labels)
    return float(log_loss(labels, decider.predict_proba(readings), labels=range(len(LABELS))))
