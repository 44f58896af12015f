"""SetFit: the base encoder trained on pairs of like and unlike notes, then logistic regression on its vectors."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import joblib
import numpy as np
from datasets import Dataset
from sentence_transformers import SentenceTransformer
from setfit import SetFitModel, Trainer, TrainingArguments
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold

from afterword_training.metrics import Probabilities
from afterword_training.peers.base import Peer, plain
from afterword_training.precision import autocast

_BATCH = 16
_PAIRS = 3_200
"""Pairs trained on, though no more than there are notes: three times what SetFit's authors take for a few notes of each
of three labels. All pairs of some thousand notes would be millions, and days."""

_STRENGTHS = (1, 10, 100)
"""Inverse strengths of the head's penalty; its vectors have length 1, and SetFit's own 1 holds the head down."""


class SetFit(Peer):
    """SetFit with the base encoder; in bf16 where the processor has it, as our own fine-tuning."""

    title = "SetFit"
    distributions = ("setfit", "sentence-transformers", "transformers", "torch")

    @property
    def settings(self) -> str:  # noqa: D102  # see `Peer`
        name = self.setup.find_encoder().encoder.name
        return (
            f"{name}, {self.pairs:,} pairs in batches of {_BATCH}, learning rate 2e-05, LR head on all notes, "
            f"C {self.strength}, the best of {', '.join(map(str, _STRENGTHS))} by cross-validation over authors"
        )

    def fit(self, train: Dataset, validation: Dataset) -> None:  # noqa: D102
        self.pairs = max(min(_PAIRS, len(train)) // _BATCH, 1) * _BATCH
        texts, labels = plain(train["text"]), list(train["label"])
        body = SentenceTransformer(str(self.setup.find_encoder().folder), device="cpu", local_files_only=True)
        regression = LogisticRegression(max_iter=2000, random_state=self.setup.config.seed)
        authors = train["author"]
        by_author = list(GroupKFold(min(3, len(set(authors)))).split(texts, groups=authors))
        head = GridSearchCV(regression, {"C": _STRENGTHS}, cv=by_author)
        self.model = SetFitModel(model_body=body, model_head=head)
        with tempfile.TemporaryDirectory() as folder:
            trainer = Trainer(self.model, args=self._arguments(folder))
            drawn = self._drawn(len(texts))
            with autocast():
                trainer.train_embeddings([texts[row] for row in drawn], [labels[row] for row in drawn])
            trainer.train_classifier(texts, labels)
        self.strength, self.model.model_head = head.best_params_["C"], head.best_estimator_

    def _drawn(self, notes: int) -> list[int]:
        """Return which notes pairs are made of, two for a pair: SetFit lists all pairs there are, then takes some."""
        draw = np.random.default_rng(self.setup.config.seed)
        return sorted(map(int, draw.choice(notes, min(notes, 2 * self.pairs), replace=False)))

    def _arguments(self, folder: str) -> TrainingArguments:
        return TrainingArguments(
            output_dir=folder,
            batch_size=_BATCH,
            num_epochs=1,
            max_steps=self.pairs // _BATCH,
            body_learning_rate=2e-5,
            seed=self.setup.config.seed,
            report_to="none",
            save_strategy="no",
            logging_strategy="no",
        )

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:  # noqa: D102
        return np.asarray(self.model.predict_proba(plain(texts), as_numpy=True), dtype=np.float64)

    def save(self, folder: Path) -> None:
        """Write encoder and head; no model card, as SetFit's would quote notes."""
        self.model.model_body.save(str(folder), create_model_card=False)
        joblib.dump(self.model.model_head, folder / "head.joblib")
