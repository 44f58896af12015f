"""The package `neurodock-mcp-guardrail`: finds somebody who keeps asking the same, by the words that come back.

Mapping: its `check_rumination` compares a prompt with the prompts before it. It is given a note sentence by sentence,
as prompts a minute apart, each with the fifty before it. For rumination stands how alike a sentence is to an earlier
one: the most alike of the note, or the mean over its sentences. It has no notion of a next step, so what is not found
to ruminate is all `reflection` or all `neither`, whichever is better on validation (the signal `always`). Its other
checks are of a conversation's hours and of flattery in answers; a note has neither. The rule is that of
`afterword_training.peers.signals`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from neurodock_mcp_guardrail.tools.check_rumination import check_rumination
from neurodock_mcp_guardrail.types import RuminationHistoryItem, RuminationInput

from afterword_model.segment import sentences
from afterword_training.peers.base import plain
from afterword_training.peers.signals import SignalPeer, Signals

_NAME = "neurodock-mcp-guardrail"
_BEFORE = 50
_LONGEST = 8000
"""The package's own limits: prompts that it reports, and characters of a prompt."""
_START = datetime(2026, 1, 1, tzinfo=UTC)


class RepeatedWords(SignalPeer):
    """Nothing is trained; the mapping is tuned on validation."""

    title = _NAME
    distributions = (_NAME,)
    reflection = ("always",)
    rumination = ("closest repeat", "mean repeat")

    def signals(self, texts: Sequence[str]) -> Signals:  # noqa: D102
        repeats = [_repeats(text) for text in plain(texts)]
        return {
            "always": np.ones(len(repeats)),
            "closest repeat": np.array([max(each, default=0.0) for each in repeats]),
            "mean repeat": np.array([sum(each) / max(len(each), 1) for each in repeats]),
        }


def _repeats(text: str) -> list[float]:
    """Return how alike each sentence but the first is to the most alike one before it, 0 to 1."""
    prompts = [text[span.start : span.end][:_LONGEST] for span in sentences(text)]
    return [_likeness(prompts[at], prompts[max(0, at - _BEFORE) : at]) for at in range(1, len(prompts))]


def _likeness(prompt: str, earlier: Sequence[str]) -> float:
    history = [
        RuminationHistoryItem(text=text, at=(_START + timedelta(minutes=minute)).isoformat())
        for minute, text in enumerate(earlier)
    ]
    asked = RuminationInput(current_prompt=prompt, history=history, window_minutes=1440, similarity_threshold=0.0)
    return max((match.similarity for match in check_rumination(asked).similar_prompts), default=0.0)
