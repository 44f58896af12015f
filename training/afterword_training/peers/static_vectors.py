"""model2vec: one vector a token, distilled from the base encoder, fine-tuned with a small network on their mean."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from datasets import Dataset
from model2vec.distill import distill
from model2vec.train import StaticModelForClassification

from afterword_training.metrics import Probabilities
from afterword_training.peers.base import Peer, plain

_DIMENSIONS = 256


class StaticVectors(Peer):
    """Static vectors of the base encoder's tokens; training time includes distilling them."""

    title = "model2vec, distilled"
    distributions = ("model2vec", "transformers", "torch")

    @property
    def settings(self) -> str:  # noqa: D102  # see `Peer`
        name = self.setup.find_encoder().encoder.name
        return f"{_DIMENSIONS} dimensions from {name}, vectors trained on, one hidden layer, early stop on validation"

    def fit(self, train: Dataset, validation: Dataset) -> None:  # noqa: D102
        static = distill(str(self.setup.find_encoder().folder), pca_dims=_DIMENSIONS, device="cpu")
        self.model = StaticModelForClassification.from_static_model(model=static)
        self.model.fit(
            plain(train["text"]),
            list(train["label"]),
            X_val=plain(validation["text"]),
            y_val=list(validation["label"]),
            device="cpu",
            random_seed=self.setup.config.seed,
        )
        self.pipeline = self.model.to_pipeline()

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:  # noqa: D102
        return np.asarray(self.pipeline.predict_proba(plain(texts)), dtype=np.float64)

    def save(self, folder: Path) -> None:  # noqa: D102
        self.pipeline.save_pretrained(str(folder))
