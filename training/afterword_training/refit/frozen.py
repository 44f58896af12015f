"""Champions that stay as they are but for their label head: the encoder, and the baseline."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Protocol

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.pipeline import Pipeline

from afterword_model import Classifier
from afterword_model.decide import NoteDecider
from afterword_model.encoder import OnnxEncoder
from afterword_model.errors import ConfigError
from afterword_model.label_head import LabelHead
from afterword_training.refit.seen import Seen
from afterword_training.refit.team import read


class Frozen(Protocol):
    """A champion of which only the label head and the temperature are made anew."""

    def see(self, texts: Sequence[str], what: str) -> Seen:
        """Return what it sees in normalised texts; a bar says how many of `what` are read."""
        ...

    def with_head(self, head: LabelHead, decider: NoteDecider) -> Pipeline:
        """Return its pipeline with the logits raised by `head`, and the temperature of `decider`."""
        ...


def frozen(champion: Classifier) -> Frozen:
    """Return the champion as one that stays as it is.

    Raises:
        ConfigError: it is neither an encoder nor the baseline.
    """
    first, last = champion.pipeline[0], champion.pipeline[-1]
    if isinstance(first, OnnxEncoder):
        return FrozenEncoder(first)
    if isinstance(last, CalibratedClassifierCV):
        return FrozenBaseline(champion.pipeline)
    raise ConfigError("The champion is neither an encoder nor the baseline, so its label head cannot be refitted.")


class FrozenEncoder:
    """An encoder: a vector and logits for each passage."""

    def __init__(self, encoder: OnnxEncoder) -> None:
        self._encoder = encoder

    def see(self, texts: Sequence[str], what: str) -> Seen:  # noqa: D102  # see `Frozen`
        return Seen.of(read(self._encoder, texts, what))

    def with_head(self, head: LabelHead, decider: NoteDecider) -> Pipeline:  # noqa: D102
        before = self._encoder.head
        if before is not None:
            head = LabelHead(before.coef + head.coef, before.intercept + head.intercept)
        parameters = self._encoder.get_params(deep=False)
        return Pipeline([("encode", OnnxEncoder(**{**parameters, "head": head})), ("decide", decider)])


class FrozenBaseline:
    """TF-IDF and logistic regression: each note is one passage."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def see(self, texts: Sequence[str], what: str) -> Seen:  # noqa: ARG002, D102
        vectors = self._pipeline[:-1].transform(texts)
        (inner,) = self._pipeline[-1].calibrated_classifiers_
        return Seen(vectors, inner.estimator.decision_function(vectors).astype(np.float32), np.arange(len(texts)))

    def with_head(self, head: LabelHead, decider: NoteDecider) -> Pipeline:  # noqa: D102
        pipeline = deepcopy(self._pipeline)
        (inner,) = pipeline[-1].calibrated_classifiers_
        regression = inner.estimator.estimator
        regression.coef_ = regression.coef_ + head.coef
        regression.intercept_ = regression.intercept_ + head.intercept
        inner.calibrators[0].beta_ = 1 / decider.temperature_  # as scikit-learn's own fit sets it
        return pipeline
