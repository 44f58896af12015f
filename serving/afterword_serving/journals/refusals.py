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


def advice(source: Source) -> str:
    """Return what a file is that no reader reads, and what to do; nothing when that is not known either."""
    return next((words for magic, words in _KNOWN if source.head.startswith(magic)), "")
