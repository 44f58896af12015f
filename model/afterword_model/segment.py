"""Sentences and passages of a note, as character spans.

spaCy's tokenizer with a rule-based splitter tuned to notes: bullets and line breaks, clinical abbreviations, times,
initials, and transcripts that have no punctuation at all.
"""

import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token

_SHORT = (
    "pt. pts. cl. cts. ct. appt. appts. hx. dx. rx. tx. sx. fx. f/u. w/o. approx. incl. excl. esp. info. intro. min. "
    "mins. hr. hrs. wk. wks. yr. yrs. mo. mos. no. nos. vs. etc. e.g. i.e. cf. resp. dept. govt. inc. ltd. st. rd. "
    "ave. a.m. p.m. am. pm. mr. mrs. ms. mx. dr. prof. sr. jr. rev. fr. mon. tue. tues. thu. thur. thurs. fri. "
    "jan. feb. apr. jun. jul. aug. sep. sept. oct. nov. dec."
)
_SHORT_IF_CAPITAL = "wed. sat. sun. mar."
"""In lower case these are words."""
_ABBREVIATIONS = frozenset(
    {form for word in _SHORT.split() for form in (word, word.capitalize(), word.upper())}
    | {form for word in _SHORT_IF_CAPITAL.split() for form in (word.capitalize(), word.upper())}
)
"""Words whose full stop does not end a sentence by itself."""

_CLOSERS = frozenset("\"')]}")
_INITIAL = re.compile(r"[A-Za-z]\.\Z")
_TIME = re.compile(r"\d+(?:[.:]\d+)?\Z")
_BULLET = re.compile(r"(?:[-\u2013\u2014>]|\(?\d{1,2}[.)]|\(?[a-z][.)])\Z")
_UNBROKEN = re.compile(r"\S{100}")
"""What stays one token: the tokenizer peels such a stretch mark by mark, each time reading all the rest of it."""
_FINAL = frozenset({"etc.", "a.m.", "p.m.", "am.", "pm.", "w/o.", "no."})
"""Abbreviations that often end a sentence, so that a capital after them starts one."""
_OPENERS = frozenset(
    {"i", "he", "she", "we", "they", "it", "you", "the", "this", "that", "there", "my", "his", "her", "our", "their"}
    | {"then", "and", "but", "so", "not", "what", "when", "why", "how", "if", "after", "next", "no"}
    | {"nothing", "nobody"}
)
"""Words that are no names: with a capital, after a doubtful full stop, they start a sentence."""
_TURNS = frozenset({"and", "but", "so", "then", "because", "although", "anyway", "also", "plus", "or"})
_CLAUSE_ENDS = re.compile(r"[,;:()\n\u2014]\s*|\s[-\u2013]\s|\s(?=(?:and|but|so|because|although|then)\s)")
_LONGEST = 60
"""Words after which a stretch without punctuation is cut at the next turning word."""
_WRAPS = 40
"""Characters from which a line without an end may be hard-wrapped prose; a shorter one is an item of a list."""

_READ = ("IS_SPACE", "LANG", "LOWER")
"""What spaCy works out of every new word: of all that it could, what is looked at, to save time."""
_KEPT_WORD = "IS_ALPHA"
"""spaCy gives this word the key 1, which a memory zone does not clear: it may only be stored for good."""
_OF_THREAD = threading.local()


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` (exclusive) of a text."""

    start: int
    end: int


@contextmanager
def forgetting(build: Callable[[], Language]) -> Iterator[Language]:
    """Yield the pipeline that `build` makes, kept for this thread's next use, and free every word of a text afterwards.

    A vocabulary must not grow in two threads at once, nor in a use within a use. After an error the next use builds
    anew: spaCy's older 3.8 leaves the memory zone open then. No token may be looked at outside.
    """
    kept: dict[Callable[[], Language], Language] = vars(_OF_THREAD).setdefault("kept", {})
    nlp = kept.pop(build, None) or build()
    with nlp.memory_zone():
        yield nlp
    kept[build] = nlp


def build_tokenizer() -> Language:
    """Return a new spaCy pipeline: English tokenizer, clinical abbreviations, no trained parts."""
    nlp = spacy.blank("en")
    nlp.max_length = sys.maxsize
    words = cast(Any, nlp.vocab)
    words.lex_attr_getters = {key: words.lex_attr_getters[key] for key in map(words.strings.__getitem__, _READ)}
    rules = cast(Any, nlp.tokenizer)
    rules.token_match = _UNBROKEN.match
    for form in _ABBREVIATIONS:
        rules.add_special_case(form, [{"ORTH": form}])
    nlp.make_doc(_KEPT_WORD)
    return nlp


def sentences(text: str) -> list[Span]:
    """Return the sentences of a normalised text in order; together they hold all that is not white space."""
    with forgetting(build_tokenizer) as nlp:
        return _sentences(nlp.make_doc(text))


def _sentences(doc: Doc) -> list[Span]:
    spans: list[Span] = []
    run: list[Token] = []
    last = line = 0
    for token in doc:
        if run and _starts_sentence(token, run, last, line):
            spans.append(_span(run))
            run = []
        if token.i and "\n" in token.nbor(-1).text:
            line = token.idx
        if not token.is_space:
            if not run or token.text not in _CLOSERS:
                last = len(run)
            run.append(token)
    if run:
        spans.append(_span(run))
    return spans


def clauses(text: str, within: Span) -> list[Span]:
    """Return the clauses of one sentence in order, cut at punctuation and before words that turn the thought."""
    cuts = [match.end() for match in _CLAUSE_ENDS.finditer(text, within.start, within.end)]
    borders = [within.start, *(cut for cut in cuts if within.start < cut < within.end), within.end]
    return [Span(start, end) for start, end in pairwise(borders)]


def passages(text: str, *, max_words: int) -> list[Span]:
    """Return passages of at most `max_words` words, cut at paragraph borders where possible, else at sentences.

    A sentence longer than `max_words` is cut into pieces of that length; what follows joins the last of them.
    """
    return pack(text, sentences(text), max_words=max_words)


def pack(text: str, parts: list[Span], *, max_words: int) -> list[Span]:
    """Return `parts` joined into passages; see `passages`."""
    packed: list[Span] = []
    room = 0
    for part in (piece for whole in parts for piece in _pieces(text, whole, max_words)):
        words = len(text[part.start : part.end].split())
        gap = text[packed[-1].end : part.start] if packed else ""
        full = words > room or ("\n\n" in gap and room < max_words // 3)
        if not packed or full:
            packed.append(part)
            room = max_words - words
        else:
            packed[-1] = Span(packed[-1].start, part.end)
            room -= words
    return packed


def _pieces(text: str, span: Span, max_words: int) -> list[Span]:
    words = list(re.finditer(r"\S+", text[span.start : span.end]))
    groups = [words[at : at + max_words] for at in range(0, len(words), max_words)]
    return [Span(span.start + group[0].start(), span.start + group[-1].end()) for group in groups]


def _span(run: list[Token]) -> Span:
    return Span(run[0].idx, run[-1].idx + len(run[-1]))


def _starts_sentence(token: Token, run: list[Token], last: int, line: int) -> bool:
    """Whether `token` starts a sentence after `run`, whose last token but for closing marks is at `last`."""
    previous = token.nbor(-1)
    if previous.is_space and "\n" in previous.text:
        return "\n\n" in previous.text or _breaks_line(token, run, line)
    if token.is_space or token.text in _CLOSERS and not previous.whitespace_:
        return False
    if _ends_sentence(run, last, token):
        return True
    return len(run) > _LONGEST and token.lower_ in _TURNS


def _breaks_line(token: Token, run: list[Token], line: int) -> bool:
    """Whether a single line break parts sentences: not where hard-wrapped prose runs on in lower case."""
    wrapped = run[-1].idx - line >= _WRAPS and token.text[:1].islower() and not _has_end(run[-1].text)
    return not wrapped or bool(_BULLET.match(token.text))


def _has_end(word: str) -> bool:
    return word.rstrip("\"')]").endswith((".", "!", "?", "\u2026"))


def _ends_sentence(run: list[Token], last: int, token: Token) -> bool:
    word = run[last].text
    if not _has_end(word) or not run[-1].whitespace_:
        return False
    if last < len(run) - 1 and token.text[:1].islower():
        return False
    return not word.endswith(".") or _full_stop(run, last, token)


def _full_stop(run: list[Token], last: int, token: Token) -> bool:
    if len(run) <= 2 and _BULLET.match("".join(part.text for part in run)):
        return False
    word, before = run[last], run[max(0, last - 1)]
    if word.text in _ABBREVIATIONS:
        return (word.lower_ in _FINAL and token.text[:1].isupper()) or _is_opener(token)
    if _INITIAL.match(word.text):
        return word.text == "I." or _is_opener(token)
    if word.text == "." and not before.whitespace_ and _TIME.match(before.text):
        return token.text[:1].isupper() or token.text[:1].isdigit() or token.text[:1] in "\"'(-"
    return not token.text[:1].islower() or _is_casual(run)


def _is_opener(token: Token) -> bool:
    return token.text[:1].isupper() and token.lower_ in _OPENERS


def _is_casual(run: list[Token]) -> bool:
    """Whether the sentence opens without a capital (a digit or a mark is none), so that a new one may start so too."""
    return not run[0].text[:1].isupper()
