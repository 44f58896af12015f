"""Afterword's own: a trained artifact as it is used, and the baseline fitted anew."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import joblib
from datasets import Dataset

from afterword_model import Classifier
from afterword_model.artifact import SHIPPED, verify
from afterword_training.evaluate import trained_otherwise
from afterword_training.fit_baseline import fit_baseline
from afterword_training.fitted import Fitted
from afterword_training.metrics import Probabilities
from afterword_training.peers.base import Answers, Peer, Setup, plain


class Artifact(Peer):
    """A trained classifier; it is not trained again."""

    answers = Answers.CALIBRATED
    distributions = ("onnxruntime", "tokenizers")

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.folder = SHIPPED if setup.model is None else setup.model
        self.manifest = verify(self.folder)
        self.title = self.manifest.title

    @property
    def settings(self) -> str:  # noqa: D102  # see `Peer`
        base = f"fine-tuned {self.manifest.base_encoder.name}" if self.manifest.base_encoder else "no encoder"
        doubt = trained_otherwise(self.manifest, self.setup.config, self.setup.corpus_sha256)
        if doubt:
            return f"{base}; **trained before, {doubt}, so its test authors may not be unseen**"
        return f"{base}; trained before, on these notes"

    def fit(self, train: Dataset, validation: Dataset) -> None:  # noqa: D102
        self.classifier = Classifier.load(self.folder)
        self.classifier.use_threads(self.setup.cores)

    def train(self, train: Dataset, validation: Dataset) -> None:
        """Load it; it was trained elsewhere, and an artifact does not tell how long that took."""
        self.fit(train, validation)

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:  # noqa: D102
        return self.classifier.predict_proba(texts)

    def save(self, folder: Path) -> None:  # noqa: D102
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)


class CountedWords(Peer):
    """TF-IDF and logistic regression, with the configuration's numbers."""

    title = "TF-IDF + LR"
    answers = Answers.CALIBRATED
    distributions = ("scikit-learn",)
    fitted: Fitted

    @property
    def settings(self) -> str:  # noqa: D102
        numbers = self.setup.config.baseline
        return f"words up to {numbers.word_ngrams}-grams, characters up to {numbers.char_ngrams}-grams, C {numbers.c:g}"

    def fit(self, train: Dataset, validation: Dataset) -> None:  # noqa: D102
        config = self.setup.config
        self.fitted = fit_baseline(train, validation, config.baseline, seed=config.seed)

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:  # noqa: D102
        rows: Probabilities = self.fitted.pipeline.predict_proba(plain(texts))
        return rows

    def save(self, folder: Path) -> None:  # noqa: D102
        joblib.dump(self.fitted.pipeline, folder / "model.joblib")
