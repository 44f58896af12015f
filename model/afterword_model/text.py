"""Normalisation: one way to write a text, with a way back to the text as it was given.

Characters follow Unicode NFC (UAX #15); quotation marks, dashes and white space take their plain forms; zero-width and
control characters go; what is left of Markdown and HTML goes, the words stay.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Replacement = str | Callable[[re.Match[str]], str]

TAG_END = (
    r"(?:\s++(?:[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+)|checked|download|hidden|reversed|data-[\w-]+))*+"
    r"\s*/?>"
)
"""What may follow the name of a tag of HTML; after `<i don't know` there is none of it."""
_HTML_TAG = r"</?(?:p|br|div|span|strong|em|b|i|u|s|a|ul|ol|li|h[1-6]|blockquote|code|pre|hr|img)" + TAG_END

_MOST_MARKS = 30
_JOINER = "\u034f"
"""Stands after each `_MOST_MARKS` marks of a character, as in UAX #15's stream-safe form: sorting them all is slow."""

_SPACES = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""White space within a line, but for the plain space."""
_PICTURES = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
"""Emoji and dingbats, which the tokenizer does not part from a word: `wait😊` would be one unknown word."""

_RULES: tuple[tuple[re.Pattern[str], Replacement], ...] = (
    (re.compile("[\ud800-\udfff]"), "\ufffd"),
    (re.compile(r"(?i)<br\s*/?>|</(?:p|div|li|h[1-6]|blockquote)>"), "\n"),
    (re.compile("(?i)" + _HTML_TAG), ""),
    (re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});"), lambda match: html.unescape(match.group())),
    (re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]"), "\n"),
    (
        re.compile(
            "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufffc]+"
        ),
        "",
    ),
    (re.compile("[\u2018\u2019\u201a\u201b\u2032\u02bc]"), "'"),
    (re.compile("[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]"), '"'),
    (re.compile("[\u2010\u2011]"), "-"),
    (re.compile("\u2026"), "..."),
    (re.compile(rf"([^\W_](?=[{_PICTURES}])|[{_PICTURES}\ufe0f\u20e3](?=[^\W_]))"), r"\1 "),
    (re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,600}\)"), ""),
    (re.compile(r"\[([^\]\n]{1,300})\]\((?:https?:|mailto:|dayone2?:|/|#|\.)[^)\n]{0,600}\)"), r"\1"),
    (re.compile(r"(?m)^[ \t]*(?:(?:#{1,6}[ \t]+|>[ \t]?)+|```[ \t]*[\w.+#-]*[ \t]*$|[-*_]{3,}[ \t]*$)"), ""),
    (re.compile("`{3,}"), ""),
    (re.compile(r"(?m)^([ \t]*[-*+\u2022\u25cf\u25aa][ \t]+)\[[ xX]\][ \t]+"), r"\1"),
    (re.compile(r"(?m)^[ \t]*[*+\u2022\u25cf\u25aa][ \t]+"), "- "),
    (re.compile(r"(\*\*|__|~~)(?=\S)([^\n]{1,600}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])[*_](?=\S)([^*_\n]{1,300}?)(?<=\S)[*_](?![\w*])"), r"\1"),
    (re.compile(r"`([^`\n]{1,300})`"), r"\1"),
    (re.compile(f"[ {_SPACES}]{{2,}}|[{_SPACES}]"), " "),
    (re.compile(" \n ?|\n "), "\n"),
    (re.compile("\n{3,}"), "\n\n"),
    (re.compile(r"\A\s+|\s+\Z"), ""),
)


@dataclass(frozen=True, repr=False, eq=False)
class NormalizedText:
    """A normalised text; character `i` of it came from raw characters `starts[i]` to `ends[i]` (exclusive)."""

    text: str
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters `start` to `end` (exclusive, not empty) lie in the text as it was given."""
        return int(self.starts[start]), int(self.ends[end - 1])


def normalize(raw: str) -> NormalizedText:
    """Return the normalised form of `raw`.

    A normalised text without markup comes back unchanged. Where markup hides in markup (`&amp;lt;`), one layer goes.
    """
    places = np.arange(len(raw), dtype=np.int64)
    normalized = _composed(NormalizedText(raw, places, places + 1))
    for pattern, replacement in _RULES:
        normalized = _substitute(normalized, pattern, replacement)
    return _composed(normalized)


def compose(text: str) -> str:
    """Return `text` in NFC, made in linear time."""
    if unicodedata.is_normalized("NFC", text):
        return text
    return "".join(_piece(text, start, end) for start, end in _clusters(text))


def _composed(given: NormalizedText) -> NormalizedText:
    """Apply NFC cluster by cluster, so that every character keeps its origin."""
    if unicodedata.is_normalized("NFC", given.text):
        return given
    clusters = _clusters(given.text)
    pieces = [_piece(given.text, start, end) for start, end in clusters]
    lengths = [len(piece) for piece in pieces]
    return NormalizedText(
        "".join(pieces),
        np.repeat(given.starts[[start for start, _ in clusters]], lengths),
        np.repeat(given.ends[[end - 1 for _, end in clusters]], lengths),
    )


def _piece(text: str, start: int, end: int) -> str:
    piece = unicodedata.normalize("NFC", text[start:end])
    return _JOINER + piece if start and _joins(text[start]) else piece


def _clusters(text: str) -> list[tuple[int, int]]:
    """Return the stretches that NFC can change only as a whole: a character and the marks that join it."""
    borders: list[int] = []
    for at, char in enumerate(text):
        if not borders or not _joins(char) or at - borders[-1] > _MOST_MARKS:
            borders.append(at)
    return list(pairwise([*borders, len(text)]))


def _joins(char: str) -> bool:
    return (unicodedata.category(char) in ("Mn", "Mc") and char != _JOINER) or "\u1160" <= char <= "\u11ff"


def _substitute(given: NormalizedText, pattern: re.Pattern[str], replacement: Replacement) -> NormalizedText:
    matches = list(pattern.finditer(given.text))
    if not matches:
        return given
    pieces: list[str] = []
    starts: list[npt.NDArray[np.int64]] = []
    ends: list[npt.NDArray[np.int64]] = []
    at = 0
    for match in matches:
        kept = slice(at, match.start())
        pieces.append(given.text[kept])
        starts.append(given.starts[kept])
        ends.append(given.ends[kept])
        new = match.expand(replacement) if isinstance(replacement, str) else replacement(match)
        inner = match.span(1) if pattern.groups and new == match.group(1) else None
        inner = match.span(2) if pattern.groups > 1 and new == match.group(2) else inner
        pieces.append(new)
        if inner:
            starts.append(given.starts[slice(*inner)])
            ends.append(given.ends[slice(*inner)])
        elif new:
            starts.append(np.full(len(new), given.starts[match.start()]))
            ends.append(np.full(len(new), given.ends[match.end() - 1]))
        at = match.end()
    tail = slice(at, None)
    return NormalizedText(
        "".join([*pieces, given.text[tail]]),
        np.concatenate([*starts, given.starts[tail]]),
        np.concatenate([*ends, given.ends[tail]]),
    )
