"""The package `reflection-analyser`: lists of phrases, counted by 100 words, and a depth of reflection made of them.

Mapping: it was made to grade learning journals and knows no rumination. For reflection stands either its depth score,
from 0 to 1, which is its answer, or its forward-looking phrases ("next time", "I will"), which come nearest to a next
step. For rumination stands what it has of dwelling: words of affect, or phrases of thinking about oneself
("metacognition"). See `afterword_training.peers.signals` for the rule.
"""

from collections.abc import Sequence

import numpy as np
from reflection_analyser import ReflectionAnalyser

from afterword_training.peers.base import plain
from afterword_training.peers.signals import SignalPeer, Signals

_NAME = "reflection-analyser"


class ReflectiveDepth(SignalPeer):
    """Nothing is trained; the mapping is tuned on validation."""

    title = _NAME
    distributions = (_NAME,)
    reflection = ("depth", "forward-looking")
    rumination = ("affect", "metacognition")

    def signals(self, texts: Sequence[str]) -> Signals:  # noqa: D102
        analyser = ReflectionAnalyser()
        found = [analyser.analyse_text(text or ".") for text in plain(texts)]
        return {
            "depth": np.array([each.composite_depth_score for each in found]),
            "forward-looking": np.array([each.forward_looking.coverage_per_100_words for each in found]),
            "affect": np.array([each.affect.coverage_per_100_words for each in found]),
            "metacognition": np.array([each.metacognition.coverage_per_100_words for each in found]),
        }
