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
    plain: bool = False
    """Whether it is ordinary prose, which can stand around another note and say nothing for any label."""


_LONGEST = 200
"""Words up to which a note is surrounded, so that a window still holds all of it."""


class Augmenter:
    """Draws changed copies of notes. Every label is changed alike, so that no change speaks for one."""

    def __init__(self, settings: Augment, examples: Sequence[Example], *, seed: int) -> None:
        self._settings = settings
        self._plain = [example for example in examples if example.plain]
        self._random = random.Random(seed)

    def __call__(self, example: Example) -> Example:
        """Return the example, changed or not."""
        if self._random.random() < self._settings.surround:
            example = self._surround(example)
        if self._random.random() < self._settings.noise:
            example = _noisy(example, self._random)
        return example

    def _surround(self, example: Example) -> Example:
        """Return the example as part of a plain page: at its beginning, within it, or at its end."""
        if not self._plain:
            return example
        if self._random.random() < self._settings.crop:
            example = _crop(example, self._random)
        room = _LONGEST - len(example.text.split())
        if room < 20:
            return example
        page = self._page(room)
        at = self._random.choice([0, *(part.end for part in sentences(page.text))])
        parts = [_excerpt(page, 0, at), example, _excerpt(page, at, len(page.text))]
        joint = self._random.choice([" ", "\n\n", "\n"])
        return _joined(example, [_stripped(part) for part in parts if part.text.strip()], joint)

    def _page(self, room: int) -> Example:
        """Return neighbouring sentences of a plain note, at most `room` words; half of them cut off as passages are."""
        note = self._random.choice(self._plain)
        parts = sentences(note.text)
        wanted = self._random.randint(8, room)
        first = last = self._random.randrange(len(parts))
        while last + 1 < len(parts) and len(note.text[parts[first].start : parts[last + 1].end].split()) <= wanted:
            last += 1
        words = list(re.finditer(r"\S+", note.text[parts[first].start : parts[last].end]))[:room]
        if self._random.random() < 0.5:
            least = len(words) // 4 + 1
            words = words[self._random.randrange(least) : len(words) - self._random.randrange(least)]
        return _excerpt(note, parts[first].start + words[0].start(), parts[first].start + words[-1].end())


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


def _stripped(example: Example) -> Example:
    text = example.text
    return _excerpt(example, len(text) - len(text.lstrip()), len(text.rstrip()))


def _crop(example: Example, draw: random.Random) -> Example:
    """Keep the sentences of a reflection's next steps, or one of a plain note, and at most one more on each side."""
    parts = sentences(example.text)
    if example.plain:
        held = [draw.randrange(len(parts))]
    else:
        steps = [span for span in example.spans if span.kind is Marker.NEXT_STEP and example.label is Label.REFLECTION]
        held = [at for at, part in enumerate(parts) if any(s.start < part.end and s.end > part.start for s in steps)]
    if not held:
        return example
    first, last = max(0, held[0] - draw.randrange(2)), min(len(parts) - 1, held[-1] + draw.randrange(2))
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
