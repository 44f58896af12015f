"""What a line that spells out a day says about time."""

import re

from afterword_serving.journals.dates import When
from afterword_serving.journals.days import find_day

_AMBIGUOUS = re.compile(r"\b\d{1,2}[-./]\d{1,2}[-./]\d{4}\b")


def spelled_date(line: str) -> When:
    """Return the day that `line` spells out; 02/04/2026 could be two days and gives none. A time has no zone."""
    found = find_day(line)
    if found:
        return When(local_date=found.day)
    return When(notice="ambiguous_date" if _AMBIGUOUS.search(line) else "bad_date")
