"""Rows with named fields (CSV, JSON, Parquet) to entries: which field is the text, the id, the date."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from afterword_serving.entry import Item, Notice, Skip, SkipReason
from afterword_serving.journals.dates import any_date
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import Source

TEXT_COLUMNS = ("text", "note", "content", "body", "entry", "journal", "reflection")
_ID_COLUMNS = ("id", "uuid", "note_id", "entry_id")
_DATE_COLUMNS = ("date", "created_at", "written_at", "created", "datetime", "timestamp", "local_date")
_TITLE_COLUMNS = ("title", "heading", "subject")
_TAG_COLUMNS = ("tags", "labels", "keywords")
OTHER_COLUMNS = (*_ID_COLUMNS, *_DATE_COLUMNS, *_TITLE_COLUMNS, *_TAG_COLUMNS)
LIKE_A_NAME = re.compile(r"[\w.-]{1,24}(?: [\w.-]{1,24})?")
_MOST_SHOWN = 12


class ColumnError(Exception):
    """The columns to read cannot be told.

    `detail` names columns that Afterword or the user named; of a table with a text column, others that look like names.
    """

    def __init__(self, reason: SkipReason, detail: str) -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True)
class Columns:
    """The names of the fields that matter, as the file spells them."""

    text: str
    id: str | None
    date: str | None
    title: str | None
    tags: str | None
    group: str | None

    @property
    def names(self) -> list[str]:
        """Every field to read; nothing else of a row is looked at."""
        found = (self.text, self.id, self.date, self.title, self.tags, self.group)
        return list(dict.fromkeys(name for name in found if name))


def choose_columns(names: Collection[str], options: ReadOptions) -> Columns:
    """Return which of `names` are read; letter case and outer white space do not count.

    Raises:
        ColumnError: there is no text column, or there are several, or one that was named is not there.
    """
    columns = _columns_there(names, options)
    for err in _lacking(columns, names, options):
        raise err
    return columns


def _columns_there(names: Collection[str], options: ReadOptions) -> Columns:
    """Return what `choose_columns` does, without an id and a date where those that were named are not there."""
    known = {str(name).strip().lower(): name for name in reversed(list(names))}
    return Columns(
        text=_text_column(known, options.text_column),
        id=_first(known, [options.id_column] if options.id_column else _ID_COLUMNS),
        date=_first(known, [options.date_column] if options.date_column else _DATE_COLUMNS),
        title=_first(known, _TITLE_COLUMNS),
        tags=_first(known, _TAG_COLUMNS),
        group=_group_column(known, names, options.group_column) if options.group_column else None,
    )


def _lacking(columns: Columns, names: Collection[str], options: ReadOptions) -> Iterator[ColumnError]:
    """Yield an error for the id's and the date's column that was named and is not there."""
    if options.id_column and columns.id is None:
        yield _not_there("no_id_column", options.id_column, names)
    if options.date_column and columns.date is None:
        yield _not_there("no_date_column", options.date_column, names)


def _text_column(known: Mapping[str, str], asked: str | None) -> str:
    wanted = [asked.strip().lower()] if asked else TEXT_COLUMNS
    found = [name for name in wanted if name in known]
    if not found:
        named = f"named {asked}" if asked else f"named {', '.join(TEXT_COLUMNS)}; say which it is with --text-column"
        raise ColumnError("no_text_column", f"no column is {named}")
    if len(found) > 1:
        raise ColumnError("ambiguous_text_column", f"{' and '.join(found)} could be it; say which with --text-column")
    return known[found[0]]


def _group_column(known: Mapping[str, str], names: Collection[str], asked: str) -> str:
    found = _first(known, [asked])
    if found is None:
        raise _not_there("no_group_column", asked, names)
    return found


def _not_there(reason: SkipReason, asked: str, names: Collection[str]) -> ColumnError:
    shown = [name for name in dict.fromkeys(names) if LIKE_A_NAME.fullmatch(name.strip())]
    there = f"; there are {', '.join(shown[:_MOST_SHOWN])}" if shown else ""
    return ColumnError(reason, f"no column is named {asked}{there}")


def _first(known: Mapping[str, str], wanted: Iterable[str]) -> str | None:
    return next((known[name] for each in wanted if (name := each.strip().lower()) in known), None)


class Records:
    """Turns the rows of one file into entries; rows may differ in their fields."""

    def __init__(self, source: Source, reader: str, options: ReadOptions) -> None:
        self._source, self._reader, self._options = source, reader, options
        self._chosen: dict[tuple[str, ...], Columns] = {}
        self._lacking: list[ColumnError] | None = None
        """Of every row so far, in the first one's words."""

    def items(self, row: Mapping[str, Any], locator: str) -> Iterator[Item]:
        """Yield the entry of a row, or why there is none."""
        where = f"{self._source.file}, {locator}"
        try:
            columns = self._columns(row)
        except ColumnError as err:
            yield Skip(err.reason, where, err.detail)
            return
        text = row[columns.text]
        if text is not None and not isinstance(text, str):
            yield Skip("bad_row", where, "its text is not text")
            return
        when = any_date(row.get(columns.date) if columns.date else None)
        if when.notice:
            yield Notice(when.notice, where)
        yield make_entry(
            self._source,
            self._reader,
            locator,
            text or "",
            id=_label(row.get(columns.id) if columns.id else None),
            written_at=when.written_at,
            local_date=when.local_date,
            title=_label(row.get(columns.title) if columns.title else None),
            tags=_tags(row.get(columns.tags) if columns.tags else None),
            group=_group(row.get(columns.group) if columns.group else None),
        )

    def lacking(self) -> Iterator[Skip]:
        """Yield, after the last row, why there is no id or no date in any, though its field was named."""
        yield from (Skip(err.reason, self._source.file, err.detail) for err in self._lacking or [])

    def _columns(self, row: Mapping[str, Any]) -> Columns:
        names = tuple(row)
        if names not in self._chosen:
            if len(self._chosen) > 1000:
                self._chosen.clear()
            self._chosen[names] = columns = _columns_there(names, self._options)
            lacks = list(_lacking(columns, names, self._options))
            known = lacks if self._lacking is None else self._lacking
            self._lacking = [err for err in known if err.reason in {each.reason for each in lacks}]
        return self._chosen[names]


def _label(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _group(value: object) -> str | None:
    """Return a group as text; a whole number loses its `.0`, which tables with gaps add."""
    return _label(int(value) if isinstance(value, float) and value.is_integer() else value)


def _tags(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.replace(";", ",").split(","))
    return tuple(tag for tag in value if isinstance(tag, str)) if isinstance(value, list) else ()
