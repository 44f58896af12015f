"""The package `reflection-analyser`: lists of phrases, counted by 100 words, and a depth of reflection made of them.

Mapping: it was made to grade learning journals and knows no rumination. For reflection stands either its depth score,
from 0 to 1, which is its answer, or its forward-looking phrases ("next time", "I will"), which come nearest to a next
step. For rumination stands what it has of dwelling: words of affect, or phrases of thinking about oneself
("metacognition"). See `afterword_training.peers.signals` for the rule.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from datasets import Dataset
from reflection_analyser import ReflectionAnalyser

from afterword_training.metrics import Probabilities
from afterword_training.peers.base import Answers, Peer, plain
from afterword_training.peers.signals import SignalRule, Signals, fit_rule, installed_megabytes

_NAME = "reflection-analyser"


class ReflectiveDepth(Peer):
    """Nothing is trained; the mapping is tuned on validation."""

    title = _NAME
    answers = Answers.SCORES
    distributions = (_NAME,)
    rule: SignalRule

    @property
    def settings(self) -> str:  # noqa: D102  # see `Peer`
        return str(self.rule)

    def fit(self, train: Dataset, validation: Dataset) -> None:  # noqa: D102
        self.rule = fit_rule(
            _signals(validation["text"]),
            np.array(validation["label"]),
            reflection=("depth", "forward-looking"),
            rumination=("affect", "metacognition"),
        )

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:  # noqa: D102
        return self.rule.scores(_signals(texts))

    def save(self, folder: Path) -> None:
        """Write the rule, which is all that was learned."""
        (folder / "rule.txt").write_text(f"{self.rule}\n", encoding="utf-8")

    def megabytes(self) -> float:
        """Return the size of the package, whose phrases are the model."""
        return super().megabytes() + installed_megabytes(_NAME)


def _signals(texts: Sequence[str]) -> Signals:
    analyser = ReflectionAnalyser()
    found = [analyser.analyse_text(text or ".") for text in plain(texts)]
    return {
        "depth": np.array([each.composite_depth_score for each in found]),
        "forward-looking": np.array([each.forward_looking.coverage_per_100_words for each in found]),
        "affect": np.array([each.affect.coverage_per_100_words for each in found]),
        "metacognition": np.array([each.metacognition.coverage_per_100_words for each in found]),
    }
