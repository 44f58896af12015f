"""Sentences and passages of a note, as character spans.

spaCy's tokenizer with a rule-based splitter tuned to notes: bullets and line breaks, clinical abbreviations, times,
initials, and transcripts that have no punctuation at all.
"""

import re
import sys
import threading
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token

_SHORT = (
    "pt. pts. cl. cts. ct. appt. appts. hx. dx. rx. tx. sx. fx. f/u. w/o. approx. incl. excl. esp. info. intro. min. "
    "mins. hr. hrs. wk. wks. yr. yrs. mo. mos. no. nos. vs. etc. e.g. i.e. cf. resp. dept. govt. inc. ltd. st. rd. "
    "ave. a.m. p.m. am. pm. mr. mrs. ms. mx. dr. prof. sr. jr. rev. fr. mon. tue. tues. wed. thu. thur. thurs. "
    "fri. sat. sun. jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec."
)
ABBREVIATIONS = tuple(_SHORT.split())
"""Words whose full stop does not end a sentence by itself."""

_ENDS = re.compile(r"[.!?\u2026]+[\"')\]]*\Z")
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
)
"""Words that are no names: with a capital, after a doubtful full stop, they start a sentence."""
_TURNS = frozenset({"and", "but", "so", "then", "because", "although", "anyway", "also", "plus", "or"})
_CLAUSE_ENDS = re.compile(r"[,;:()\n\u2014]\s*|\s[-\u2013]\s|\s(?=(?:and|but|so|because|although|then)\s)")
_LONGEST = 60
"""Words after which a stretch without punctuation is cut at the next turning word."""
_WRAPS = 40
"""Characters from which a line without an end may be hard-wrapped prose; a shorter one is an item of a list."""

_OF_THREAD = threading.local()


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` (exclusive) of a text."""

    start: int
    end: int


def tokenizer() -> Language:
    """Return this thread's tokenizer, made when first asked for: a vocabulary must not grow in two threads at once."""
    if not hasattr(_OF_THREAD, "tokenizer"):
        _OF_THREAD.tokenizer = build_tokenizer()
    return cast(Language, _OF_THREAD.tokenizer)


def build_tokenizer() -> Language:
    """Return a new spaCy pipeline: English tokenizer, clinical abbreviations, no trained parts."""
    nlp = spacy.blank("en")
    nlp.max_length = sys.maxsize
    rules = cast(Any, nlp.tokenizer)
    rules.token_match = _UNBROKEN.match
    for word in ABBREVIATIONS:
        for form in {word, word.capitalize(), word.upper()}:
            rules.add_special_case(form, [{"ORTH": form}])
    return nlp


def sentences(text: str) -> list[Span]:
    """Return the sentences of a normalised text in order; together they hold all that is not white space."""
    return doc_sentences(tokenizer().make_doc(text))


def doc_sentences(doc: Doc) -> list[Span]:
    """Return the sentences of a tokenised text; see `sentences`."""
    spans: list[Span] = []
    run: list[Token] = []
    line = 0
    for token in doc:
        if run and _starts_sentence(token, run, line):
            spans.append(_span(run))
            run = []
        if token.i and "\n" in token.nbor(-1).text:
            line = token.idx
        if not token.is_space:
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

    A sentence longer than `max_words` is a passage of its own, cut into pieces of that length.
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


def _starts_sentence(token: Token, run: list[Token], line: int) -> bool:
    previous = token.nbor(-1)
    if previous.is_space and "\n" in previous.text:
        return "\n\n" in previous.text or _breaks_line(token, run, line)
    if token.is_space or token.text in _CLOSERS and not previous.whitespace_:
        return False
    if _ends_sentence(run, token):
        return True
    return len(run) > _LONGEST and token.lower_ in _TURNS


def _breaks_line(token: Token, run: list[Token], line: int) -> bool:
    """Whether a single line break parts sentences: not where hard-wrapped prose runs on in lower case."""
    wrapped = run[-1].idx - line >= _WRAPS and token.text[:1].islower() and not _ENDS.search(run[-1].text)
    return not wrapped or bool(_BULLET.match(token.text))


def _ends_sentence(run: list[Token], token: Token) -> bool:
    at = -1
    while run[at].text in _CLOSERS and len(run) > -at:
        at -= 1
    last = run[at].text
    if not _ENDS.search(last) or not run[-1].whitespace_:
        return False
    if at < -1 and token.text[:1].islower():
        return False
    return not last.endswith(".") or _full_stop(run, at, token)


def _full_stop(run: list[Token], at: int, token: Token) -> bool:
    last = run[at]
    if len(run) <= 2 and _BULLET.match("".join(part.text for part in run)):
        return False
    opens = token.text[:1].isupper() or token.text[:1].isdigit() or token.text[:1] in "\"'(-"
    if last.lower_ in ABBREVIATIONS:
        return (last.lower_ in _FINAL and token.text[:1].isupper()) or _is_opener(token)
    if _INITIAL.match(last.text):
        return last.text == "I." or _is_opener(token)
    before = run[at - 1] if len(run) > -at else last
    if last.text == "." and _TIME.match(before.text) and not before.whitespace_:
        return opens
    return opens or not token.text[:1].islower() or _is_casual(run)


def _is_opener(token: Token) -> bool:
    return token.text[:1].isupper() and token.lower_ in _OPENERS


def _is_casual(run: list[Token]) -> bool:
    """Whether the sentence so far is all lower case, so that a new one may start in lower case too."""
    return not run[0].text[:1].isupper()
