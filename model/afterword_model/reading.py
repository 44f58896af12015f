"""What the classifier asks of the part that finds evidence."""

from collections.abc import Sequence
from typing import Any, Protocol

from afterword_model.prediction import Evidence


class EvidenceFinder(Protocol):
    """Finds the words that carry a marker."""

    def find(self, texts: Sequence[str], features: Any) -> list[list[Evidence]]:  # noqa: ANN401
        """Return the evidence of each normalised text, in reading order, as spans of that text.

        `features` is what the pipeline's steps before the last made of the texts.
        """
        ...
