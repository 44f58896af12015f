"""Personal identifiers, counted: e-mail addresses, phone numbers, names, dates of birth, record numbers.

Plain patterns find what is written in the usual forms (phone numbers by ITU-T E.123 and North American custom), and
miss what is not: a name without "pt", "client" or a title before it stays unseen. What they count is never kept.
"""

import re
from collections.abc import Sequence

from afterword_model.text import normalize
from afterword_training.labelled import LabelledNote
from afterword_training.quality.findings import Finding, Identifier, Kind

_WORD = r"[^\W\d_]+(?:['-][^\W\d_]+)*"
_TITLE = r"(?:(?:Mr|Mrs|Ms|Mx|Dr|Prof)\.?|Miss)[ ]"
_PERSON = r"(?:(?:[Pp]t|PT|[Cc]t)\.?|(?i:patient|client|resident|service[ ]user))[ ]"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATE = rf"(?:\d{{1,4}}[./ -]\d{{1,2}}[./ -]\d{{1,4}}|\d{{1,2}}(?:st|nd|rd|th)?[ ]{_MONTH}|{_MONTH}[ ]\d{{1,2}})"

_PATTERNS: dict[Identifier, re.Pattern[str]] = {
    Identifier.EMAIL: re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24}\b"),
    Identifier.BIRTH_DATE: re.compile(
        rf"(?i)\b(?:d\.?o\.?b\b|date[ ]of[ ]birth|birth[ ]?da(?:te|y)|born)\W{{0,3}}(?:(?:is|was|on)[ ]){{0,2}}{_DATE}"
    ),
    Identifier.RECORD_NUMBER: re.compile(
        r"(?i)\b(?:(?:mrn|nhs|ssn|(?:medical[ ])?record|chart|case|file|hospital|(?:patient|client)[ ]?id)"
        r"[ ]?(?:numbers?\b|no\b\.?|nr\b\.?|num\b\.?|id\b|#)|(?:mrn|nhs|ssn|(?:patient|client)[ ]id)\b)"
        r"[:#]?[ ]?(?:is[ ])?[a-z]{0,3}-?\d(?:[ /-]?\d){3,14}"
    ),
    Identifier.PHONE: re.compile(
        r"(?<![\w.])(?:\+\d(?:[ ().-]{0,2}\d){7,14}"  # with its country
        r"|\(?0\d{1,4}\)?[ -]\d{3,4}[ -]?\d{3,4}|0\d(?:[ .]\d\d){4}|0\d{9,10}"  # with a trunk 0
        r"|(?:\(?[2-9]\d\d\)?[ .-])?[2-9]\d\d[.-]\d{4})(?![\w-]|\.\d)"  # North America
    ),
    Identifier.NAME: re.compile(rf"\b(?:{_PERSON}(?:{_TITLE})?|{_TITLE})({_WORD})"),
}
"""In this order; what one has found, the next does not see."""

_EVERYDAY = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun "
    "january february march april may june july august september october november december "
    "i'm i'd i've i'll the this that then there they he she we it his her who was is has had said says when but and so "
    "advocate care centre center centred centered council education experience files group groups id information "
    "liaison notes outcomes peer portal record records safety satisfaction service services support transport"
)
_NO_NAMES = frozenset(_EVERYDAY.split())


def count_identifiers(text: str) -> dict[Identifier, int]:
    """Return how many identifiers of each sort stand in a text; sorts that do not occur are left out."""
    rest, counts = normalize(text).text, dict.fromkeys(Identifier, 0)
    for sort, pattern in _PATTERNS.items():
        found = [match for match in pattern.finditer(rest) if sort is not Identifier.NAME or _is_name(match[1])]
        counts[sort] = len(found)
        for match in reversed(found):
            rest = f"{rest[: match.start()]}|{rest[match.end() :]}"
    return {sort: count for sort, count in counts.items() if count}


def find_identifiers(notes: Sequence[LabelledNote]) -> list[Finding]:
    """Return the notes that hold personal identifiers, with their counts."""
    counted = [(note, count_identifiers(note.text)) for note in notes]
    return [
        Finding(kind=Kind.IDENTIFIER, where=note.where, id=note.id, label=note.label, identifiers=counts)
        for note, counts in counted
        if counts
    ]


def _is_name(word: str) -> bool:
    """Return whether a word is written as names are: a capital, then a small letter, and no everyday word."""
    parts = re.split("['-]", word)
    return any(part[0].isupper() and part[1:2].islower() for part in parts) and word.casefold() not in _NO_NAMES
