"""How much the JSON of one entry may hold: read, a few bytes of it can take a hundred in memory."""

import re
from itertools import islice

MOST_PARTS = 1_000_000
"""Names, values and brackets of the largest entry; a text or picture counts as one, however long it is."""

_PART = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[{\[,]', re.DOTALL)


def holds_too_much(text: str) -> bool:
    """Return whether there are more parts in `text` than in any entry, without reading it."""
    return len(text) > MOST_PARTS and any(islice(_PART.finditer(text), MOST_PARTS, None))
