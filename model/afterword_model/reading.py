"""What the encoder read in a note, and what the classifier asks of the part that finds evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from afterword_model.prediction import Evidence


@dataclass(frozen=True, repr=False, eq=False)
class Reading:
    """Raw scores of one note of `k` passages and `t` tokens; spans are characters of the normalised text."""

    passages: tuple[tuple[int, int], ...]
    logits: npt.NDArray[np.float32]
    """Label logits by passage, shape `(k, 3)`."""
    pooled: npt.NDArray[np.float32]
    """Pooled vectors by passage, shape `(k, h)`."""
    tokens: npt.NDArray[np.int64]
    """Start and end of each token, shape `(t, 2)`."""
    pieces: npt.NDArray[np.int64]
    """What each token is: its id in the tokenizer's vocabulary, shape `(t,)`."""
    markers: npt.NDArray[np.float32]
    """Marker logits by token, shape `(t, 7)`."""


class EvidenceFinder(Protocol):
    """Finds the words that carry a marker."""

    def find(self, texts: Sequence[str], features: Any) -> list[list[Evidence]]:  # noqa: ANN401
        """Return the evidence of each normalised text, in reading order, as spans of that text.

        `features` is what the pipeline's steps before the last made of the texts.
        """
        ...
