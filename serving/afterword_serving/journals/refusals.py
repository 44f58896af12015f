"""Kinds of file that are known and not read, each with the way around."""

from afterword_serving.journals.archive import MAGIC
from afterword_serving.journals.source import Source

_KNOWN: tuple[tuple[bytes | tuple[bytes, ...], str], ...] = (
    (b"%PDF-", "a PDF; copy its text into a .docx or .txt file"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Word document (.doc) or one with a password; open it in Word and save it as .docx without a password",
    ),
    (b"{\\rtf", "rich text (.rtf); open it and save it as .docx or .txt"),
    (b"SQLite format 3\x00", "an app's own database; export the journal from within the app"),
    (MAGIC, "an office document that is not .docx; open it and save it as .docx or .txt"),
)


_PAGE = "a web page; export the journal as Markdown, text, JSON or CSV, or copy its text into a .docx or .txt file"
_XML = "XML, as Evernote's .enex; export as text, Markdown, JSON or CSV, or copy the text into a .docx or .txt file"
_MARKUP: tuple[tuple[str, str], ...] = (
    ("<!doctype html", _PAGE),
    ("<html", _PAGE),
    ("<?xml", _XML),
    ("<!doctype", _XML),
)


def advice(source: Source) -> str:
    """Return what a file is that no reader reads, and what to do; nothing when that is not known either."""
    return next((words for magic, words in _KNOWN if source.head.startswith(magic)), _markup(source))


def is_markup(source: Source) -> bool:
    """Return whether the file is a web page or XML: more marks than words."""
    return bool(_markup(source))


def _markup(source: Source) -> str:
    start = source.head_text.lstrip("\ufeff \t\r\n")[:20].lower()
    return next((words for begins, words in _MARKUP if start.startswith(begins)), "")
