"""Fields of records whose types an export does not promise, and ids for records that have none."""

from collections import Counter
from collections.abc import Mapping

from afterword_serving.journals.tidy import tidy_line


def text_in(record: Mapping[str, object], key: str) -> str:
    """Return the text under `key`, empty when there is none."""
    value = record.get(key)
    return value if isinstance(value, str) else ""


def texts_in(record: Mapping[str, object], key: str) -> tuple[str, ...]:
    """Return the texts in the list under `key`; anything else in it does not count."""
    value = record.get(key)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


class DatedIds:
    """Makes ids of dates: they stay when a journal grows, as an entry's place in the file does not."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def next(self, *date: str) -> str | None:
        """Return the id for the next entry of this date, numbered from its second; None without a date."""
        stamp = tidy_line(" ".join(date))
        self._seen[stamp] += 1
        count = self._seen[stamp]
        return (stamp if count == 1 else f"{stamp}#{count}") if stamp else None
