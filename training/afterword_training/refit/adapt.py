"""Adapting a label head: logistic regression that is pulled towards what the champion says.

This is maximum a posteriori adaptation (Chelba and Acero 2004, "Adaptation of maximum entropy capitalizer: little data
can help a lot"): the weights get a Gaussian prior around those of the model that is adapted.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax

from afterword_model.label_head import LabelHead

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def adapt_head(vectors: Any, logits: Floats, labels: Labels, weights: Floats, *, strength: float) -> LabelHead:  # noqa: ANN401  # an array or a sparse matrix
    """Return the head that, added to the champion's `logits` `(n, 3)`, gives `labels` the least weighted log loss.

    `vectors` has shape `(n, h)`, dense or sparse. `strength` is the weight of the squared distance from the champion
    (half the sum of squares, for vectors of mean squared length 1) beside the mean log loss of a note.
    """
    count, width = vectors.shape
    classes = logits.shape[1]
    scale = _root_mean_square(vectors) or 1.0
    shares = (weights / weights.sum())[:, None]
    truth = np.eye(classes)[labels]

    def loss(flat: Floats) -> tuple[float, Floats]:
        coef, intercept = flat[:-classes].reshape(classes, width), flat[-classes:]
        log_shares = log_softmax(logits + np.asarray(vectors @ coef.T) / scale + intercept, axis=1)
        slope = shares * (np.exp(log_shares) - truth)
        by_coef = np.asarray(vectors.T @ slope).T / scale + strength * coef
        value = -(shares * truth * log_shares).sum() + strength / 2 * (flat**2).sum()
        return float(value), np.concatenate([by_coef.ravel(), slope.sum(axis=0) + strength * intercept])

    found = minimize(loss, np.zeros(classes * (width + 1)), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    coef = found.x[:-classes].reshape(classes, width) / scale
    return LabelHead(coef.astype(np.float32), found.x[-classes:].astype(np.float32))


def _root_mean_square(vectors: Any) -> float:  # noqa: ANN401  # an array or a sparse matrix
    return float(np.sqrt(np.square(vectors.data if hasattr(vectors, "tocsr") else vectors).sum() / vectors.shape[0]))
