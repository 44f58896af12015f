"""Plain text: a file is an entry, or several when the user says how to cut it."""

import unicodedata
from collections.abc import Iterator

from afterword_serving.entry import Item, Notice, Skip
from afterword_serving.journals.dates import named_date, without_date
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.refusals import is_markup
from afterword_serving.journals.source import Source
from afterword_serving.journals.split import split_text

_CONTROLS_ALLOWED = frozenset("\t\n\r\f\ufeff\x1a")
_LEAST_READABLE = 0.95


class PlainText:
    """Reads any file that is text; asked last."""

    name = "text"
    app = "Plain text"
    export = "any .txt file; --split rules cuts it at lines of ---, --split dates at lines that begin with a date"

    def matches(self, source: Source) -> bool:
        """Return whether the file's beginning is nearly all readable characters, of which some are letters."""
        text = source.head_text
        if not any(char.isalpha() for char in text) or text.startswith(("%PDF-", "{\\rtf")) or is_markup(source):
            return False
        unreadable = sum(1 for char in text if _is_unreadable(char))
        return "\x00" not in text and unreadable <= (1 - _LEAST_READABLE) * len(text)

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the entries; their day is that of the heading, else of the file's name."""
        text = source.read_whole()
        if text is None:
            yield Skip("too_large", source.file, "cut it with --split rules or --split dates, or into several files")
            return
        named = named_date(source.stem)
        if named.notice:
            yield Notice(named.notice, source.file)
        for number, piece in enumerate(split_text(text, options.split), 1):
            yield make_entry(
                source,
                self.name,
                f"entry {number}" if options.split != "whole" else "",
                piece.text,
                local_date=piece.day or named.local_date,
                title=without_date(source.stem) if options.split == "whole" else piece.title,
            )


def _is_unreadable(char: str) -> bool:
    return char == "\ufffd" or (unicodedata.category(char) == "Cc" and char not in _CONTROLS_ALLOWED)
