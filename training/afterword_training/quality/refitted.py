"""The champion's vectors refitted to given labels, each note judged by a fit that did not see it."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from afterword_model.labels import LABELS
from afterword_training.metrics import Indices, Probabilities

FOLDS = 5


def out_of_fold(vectors: Any, labels: Indices, groups: Sequence[str], *, seed: int) -> Probabilities:  # noqa: ANN401  # an array or a sparse matrix
    """Return probabilities by logistic regression, shape `(n, 3)`, for `vectors` of shape `(n, h)`.

    Notes of one group are never parted; there have to be `FOLDS` groups. A label that a fit was not shown gets 0.
    """
    found = np.zeros((len(labels), len(LABELS)))
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        for learned, judged in folds.split(np.zeros(len(labels)), labels, groups):
            known = np.unique(labels[learned])
            found[np.ix_(judged, known)] = _answers(vectors, labels, learned, judged)
    return found


def _answers(vectors: Any, labels: Indices, learned: Indices, judged: Indices) -> Probabilities:  # noqa: ANN401
    if len(np.unique(labels[learned])) == 1:
        return np.ones((len(judged), 1))
    model = _regression(vectors).fit(vectors[learned], labels[learned])
    return np.asarray(model.predict_proba(vectors[judged]))


def _regression(vectors: Any) -> Pipeline:  # noqa: ANN401
    """Return unfitted logistic regression: over standardised columns, or over sparse TF-IDF as it is."""
    if issparse(vectors):
        return make_pipeline(LogisticRegression(C=6.0, max_iter=1000))
    return make_pipeline(StandardScaler(), LogisticRegression(C=1 / vectors.shape[1], max_iter=1000))
