"""Daylio's CSV export: one row an entry, newest first, many without a note."""

from collections.abc import Iterator

from afterword_serving.entry import Item, Notice, Skip
from afterword_serving.journals.csv_table import DELIMITERS, header_names, table_rows
from afterword_serving.journals.dates import any_date, at_clock
from afterword_serving.journals.fields import DatedIds
from afterword_serving.journals.html_text import html_to_text, looks_like_html, or_too_large
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import Source

_COLUMNS = frozenset({"full_date", "mood", "note"})


class Daylio:
    """Reads the note, its title, the day and the activities, as tags: no mood and no scale."""

    name = "daylio"
    app = "Daylio"
    export = "the app's export as CSV; its .daylio backup is not read"

    def matches(self, source: Source) -> bool:
        """Return whether the first row names Daylio's columns, in any order and among others."""
        return any(_COLUMNS.issubset(header_names(source.head_text, each)) for each in DELIMITERS)

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the rows in the file's order."""
        rows, ids = table_rows(source, text_column="note"), DatedIds()
        header = next(rows, None)
        if not isinstance(header, tuple) or not _COLUMNS.issubset(_lowered(header[1])):
            yield Skip("no_text_column", source.file, f"Daylio's columns are {', '.join(sorted(_COLUMNS))}, and others")
            return
        for row in rows:
            if isinstance(row, Skip):
                yield row
            else:
                yield from or_too_large(
                    self._entry(source, f"row {row[0]}", _lowered(row[1]), ids), f"{source.file}, row {row[0]}"
                )

    def _entry(self, source: Source, locator: str, row: dict[str, str], ids: DatedIds) -> Iterator[Item]:
        title, note = row.get("note_title", ""), row["note"]
        text = (html_to_text(note) if looks_like_html(note) else note).strip()
        when = at_clock(any_date(row["full_date"]), row.get("time", ""))
        if when.notice:
            yield Notice(when.notice, f"{source.file}, {locator}")
        yield make_entry(
            source,
            self.name,
            locator,
            text or title,
            id=ids.next(row["full_date"], row.get("time", "")) if when.local_date else None,
            written_at=when.written_at,
            local_date=when.local_date,
            title=title if text else None,
            tags=tuple(row.get("activities", "").split("|")),
        )


def _lowered(row: dict[str, str]) -> dict[str, str]:
    return {name.strip().lower(): cell for name, cell in row.items()}
