"""What the champion makes of notes: one vector a note, and its probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array, hstack

from afterword_model import Classifier
from afterword_model.reading import Reading
from afterword_model.text import normalize
from afterword_training.metrics import Probabilities


@dataclass(frozen=True)
class Features:
    """`n` notes as the champion sees them."""

    vectors: Any
    """Shape `(n, h)`, for a model to learn from: the encoder's pooled vectors, averaged over the passages of a note; or
    sparse TF-IDF with the champion's probabilities beside it, since few notes teach little about many words."""
    champion: Probabilities
    """The champion's probabilities, shape `(n, 3)`."""


def note_features(classifier: Classifier, texts: Sequence[str]) -> Features:
    """Return the champion's view of at least one text."""
    read = classifier.pipeline[:-1].transform([normalize(text).text for text in texts])
    champion = np.asarray(classifier.pipeline[-1].predict_proba(read), dtype=np.float64)
    return Features(_vectors(read, champion), champion)


def _vectors(read: Any, champion: Probabilities) -> Any:  # noqa: ANN401  # readings, or a sparse matrix
    if isinstance(read, list) and isinstance(read[0], Reading):
        return np.stack([reading.pooled.mean(axis=0) for reading in read]).astype(np.float64)
    return hstack([read, csr_array(champion)]).tocsr()
