"""What gets a row of its own: an entry as it is, or each of its passages or sentences."""

from dataclasses import dataclass, replace
from typing import Literal

from afterword_model.segment import Span, passages, sentences
from afterword_model.text import normalize
from afterword_serving.entry import Entry

By = Literal["entry", "passage", "sentence"]
UNITS: tuple[By, ...] = ("entry", "passage", "sentence")

PASSAGE = 80
"""Most words of a passage."""


@dataclass(frozen=True, kw_only=True)
class Part(Entry):
    """A passage or sentence: characters `start` to `end` (exclusive) of the text of the entry `entry_id`."""

    entry_id: str
    start: int
    end: int


def split(entry: Entry, by: By) -> list[Entry]:
    """Return the units of an entry in order; they leave out nothing but white space and markup.

    A text in which there is nothing to read is one unit.
    """
    if by == "entry":
        return [entry]
    text = normalize(entry.text)
    found = sentences(text.text) if by == "sentence" else passages(text.text, max_words=PASSAGE)
    places = [Span(*text.raw_span(span.start, span.end)) for span in found] or [Span(0, len(entry.text))]
    return [_part(entry, f"{by} {number}", number, place) for number, place in enumerate(places, 1)]


def _part(entry: Entry, name: str, number: int, place: Span) -> Part:
    locator = f"{entry.source.locator}, {name}" if entry.source.locator else name
    own = {
        "id": f"{entry.id}#{number}",
        "text": entry.text[place.start : place.end],
        "source": replace(entry.source, locator=locator),
    }
    return Part(**(vars(entry) | own), entry_id=entry.id, start=place.start, end=place.end)
