"""Changes to a training note that leave its label as it is."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from afterword_model.labels import Label, Marker
from afterword_model.segment import sentences
from afterword_training.config import Augment


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` (exclusive) of a text, carrying a marker."""

    start: int
    end: int
    kind: Marker


@dataclass(frozen=True)
class Example:
    """One text to learn from: its label, and its marker spans where they are known."""

    text: str
    label: Label
    spans: tuple[Span, ...] = ()
    spans_known: bool = True


_DECIDING: dict[Label, frozenset[Marker]] = {
    Label.REFLECTION: frozenset({Marker.NEXT_STEP}),
    Label.RUMINATION: frozenset(
        {Marker.OVER_ANALYSIS, Marker.SELF_VERDICT, Marker.CONCEALMENT, Marker.PERMISSION_REFUSAL}
    ),
}
"""The markers whose words are enough, alone, for the label of their note."""

_LONGEST = 200
"""Words up to which a note is surrounded, so that a window still holds all of it."""


class Augmenter:
    """Draws changed copies of notes; plain prose around them comes from the `neither` notes among `examples`."""

    def __init__(self, settings: Augment, examples: Sequence[Example], *, seed: int) -> None:
        self._settings = settings
        self._plain = [example for example in examples if example.label is Label.NEITHER]
        self._random = random.Random(seed)

    def __call__(self, example: Example) -> Example:
        """Return the example, changed or not."""
        draw = self._random
        plain = example.label is Label.NEITHER
        if plain and draw.random() < self._settings.cut:
            example = _cut(example, draw)
        if not plain and draw.random() < self._settings.crop:
            example = _crop(example, draw)
        # Long plain pages are what journals are full of, so plain notes grow twice as often.
        if draw.random() < self._settings.surround * (2 if plain else 1):
            example = self._surround(example)
        if draw.random() < self._settings.noise:
            example = _noisy(example, draw)
        return example

    def _surround(self, example: Example) -> Example:
        room = _LONGEST - len(example.text.split())
        if room < 20 or not self._plain:
            return example
        before, after = self._random.choice([(True, False), (False, True), (True, True)])
        share = room // (before + after)
        joint = self._random.choice([" ", "\n\n", "\n"])
        parts = [example]
        if before:
            parts.insert(0, self._filler(share))
        if after:
            parts.append(self._filler(share))
        return _joined(example, parts, joint)

    def _filler(self, room: int) -> Example:
        """Return neighbouring sentences of a plain note, at most `room` words; a longer one is cut there."""
        note = self._random.choice(self._plain)
        parts = sentences(note.text)
        wanted = self._random.randint(8, room)
        first = last = self._random.randrange(len(parts))
        while last + 1 < len(parts) and len(note.text[parts[first].start : parts[last + 1].end].split()) <= wanted:
            last += 1
        words = list(re.finditer(r"\S+", note.text[parts[first].start : parts[last].end]))
        return _excerpt(note, parts[first].start, parts[first].start + words[:room][-1].end())


def _joined(example: Example, parts: Sequence[Example], joint: str) -> Example:
    """Return `example` with the text and the spans of all `parts`, one after the other."""
    text, spans = "", []
    for part in parts:
        start = len(text) + len(joint) if text else 0
        text = text + joint + part.text if text else part.text
        spans += [Span(start + span.start, start + span.end, span.kind) for span in part.spans]
    known = all(part.spans_known for part in parts)
    return replace(example, text=text, spans=tuple(spans) if known else (), spans_known=known)


def _excerpt(example: Example, start: int, end: int) -> Example:
    """Return `example` with characters `start` to `end` alone, and as much of its spans as is in them."""
    inside = tuple(
        Span(max(span.start, start) - start, min(span.end, end) - start, span.kind)
        for span in example.spans
        if span.start < end and span.end > start
    )
    return replace(example, text=example.text[start:end], spans=inside)


def _cut(example: Example, draw: random.Random) -> Example:
    words = list(re.finditer(r"\S+", example.text))
    if len(words) < 30:
        return example
    first = draw.randrange(len(words) // 4)
    last = len(words) - 1 - draw.randrange(len(words) // 4)
    return _excerpt(example, words[first].start(), words[last].end())


def _crop(example: Example, draw: random.Random) -> Example:
    """Keep the sentences that carry the label, from the first to the last of them, and up to two more on each side."""
    deciding = [span for span in example.spans if span.kind in _DECIDING[example.label]]
    parts = sentences(example.text)
    held = [at for at, part in enumerate(parts) if any(s.start < part.end and s.end > part.start for s in deciding)]
    if not held or len(held) == len(parts):
        return example
    first, last = max(0, held[0] - draw.randrange(3)), min(len(parts) - 1, held[-1] + draw.randrange(3))
    return _excerpt(example, parts[first].start, parts[last].end)


def _noisy(example: Example, draw: random.Random) -> Example:
    change: Callable[[str], str] = draw.choice([str.lower, _without_punctuation, lambda text: _slips(text, draw)])
    return replace(example, text=change(example.text), spans=(), spans_known=False)


def _without_punctuation(text: str) -> str:
    return re.sub(r"[.,;:!?]+(?=\s|$)", "", text).lower()


def _slips(text: str, draw: random.Random) -> str:
    """Swap, drop or double about one letter in forty."""
    letters = list(text)
    for at in range(1, len(letters) - 1):
        if letters[at].isalpha() and draw.random() < 0.025:
            slip = draw.randrange(3)
            if slip == 0:
                letters[at], letters[at + 1] = letters[at + 1], letters[at]
            else:
                letters[at] = "" if slip == 1 else letters[at] * 2
    return "".join(letters)
