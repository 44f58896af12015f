"""Word documents (.docx): the words as they stand, without deleted ones, comments and field codes.

A footnote or endnote follows the paragraph that points at it.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from afterword_serving.entry import Item, Notice, Skip
from afterword_serving.journals.archive import MAGIC, is_bounded, unzipped
from afterword_serving.journals.dates import When, in_zone, named_date, without_date
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import LARGEST_WHOLE, Source
from afterword_serving.journals.split import split_text

LARGEST_XML = 64 << 20
"""Bytes of markup, unpacked, from which on a document is too large."""
_LARGEST_PROPERTIES = 1 << 20
_MOST_PARTS = 10_000
_DEEPEST = 10_000
"""Elements within elements."""
MARKUP_ERRORS = (ParseError, ValueError, LookupError)
"""What markup that is no XML, is in no known encoding, or declares entities may raise."""

_DOCUMENT = re.compile(r"word/document\d*\.xml")
_NOTES = re.compile(r"word/(?:footnotes|endnotes)\d*\.xml")
_PROPERTIES = "docProps/core.xml"
_CREATED = "{http://purl.org/dc/terms/}created"
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_BLANK_RUN = re.compile(r"\n{3,}")


def _tags(*names: str) -> frozenset[str]:
    return frozenset(f"{{{space}}}{name}" for space in _WORD for name in names)


_TEXT = _tags("t")
_PARAGRAPH = _tags("p")
_NOTE = {tag: kind for kind in ("footnote", "endnote") for tag in _tags(kind)}
_POINTERS = {tag: kind for kind in ("footnote", "endnote") for tag in _tags(f"{kind}Reference")}
_MARKS = {**dict.fromkeys(_tags("p", "br", "cr"), "\n"), **dict.fromkeys(_tags("tab"), "\t")} | dict.fromkeys(
    _tags("noBreakHyphen"), "-"
)
# A text box is written twice; its twin for old programs is the fallback.
_LEFT_OUT = _tags("del", "moveFrom", "pPr", "rPr") | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}


class Docx:
    """Reads a document as an entry, or as several when the user says how to cut it."""

    name = "docx"
    app = "Word document (.docx)"
    export = "Word: File > Save As > Word Document (.docx); Google Docs: File > Download > Microsoft Word (.docx)"

    def matches(self, source: Source) -> bool:
        """Return whether the file is a zip that holds a Word document's main part."""
        if not source.head.startswith(MAGIC):
            return False
        try:
            with unzipped(source, _MOST_PARTS) as archive:
                return _main_part(archive) is not None
        except ValueError:  # a name or a place that cannot be, of a part in its list
            return False

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the entries; their day is that of the heading, else of the file's name, else of the document."""
        with unzipped(source, _MOST_PARTS) as archive:
            part = _main_part(archive)
            if part is None:
                yield Skip("unreadable", source.file, "it is not a Word document")
            elif part.flag_bits & 0x1:
                yield Skip("encrypted", source.file)
            elif part.file_size > LARGEST_XML:
                yield _too_large(source)
            elif not is_bounded(part):
                yield Skip(
                    "unreadable", source.file, "it is packed in an unusual way; open it in Word and save it again"
                )
            else:
                yield from _document(source, options, archive, part)


def _document(source: Source, options: ReadOptions, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[Item]:
    try:
        with archive.open(part) as markup:
            text = _joined(_words(markup, _notes(archive)))
    except DefusedXmlException:
        yield Skip("unreadable", source.file, "it declares entities, as no Word document does")
        return
    except MARKUP_ERRORS:
        yield Skip("unreadable", source.file, "its markup is damaged; open it in Word and save it again")
        return
    if text is None:
        yield _too_large(source)
        return
    yield from _entries(source, options, _BLANK_RUN.sub("\n\n", text), _when(source, archive))


def _joined(words: Iterator[str]) -> str | None:
    """Return the words as one text, or None once they are too many: a note may be pointed at any number of times."""
    taken, length = [], 0
    for word in words:
        taken.append(word)
        length += len(word)
        if length > LARGEST_WHOLE:
            return None
    return "".join(taken)


def _entries(source: Source, options: ReadOptions, text: str, when: When) -> Iterator[Item]:
    if when.notice:
        yield Notice(when.notice, source.file)
    whole = options.split == "whole"
    for number, piece in enumerate(split_text(text, options.split), 1):
        yield make_entry(
            source,
            Docx.name,
            "" if whole else f"entry {number}",
            piece.text,
            written_at=None if piece.day else when.written_at,
            local_date=piece.day or when.local_date,
            title=without_date(source.stem) if whole else piece.title,
        )


def _words(markup: IO[bytes], notes: Mapping[str, str]) -> Iterator[str]:
    """Yield the text of a document's markup bit by bit; each paragraph ends a line, and its notes follow."""
    pointed_at: list[str] = []
    for element, text in _pieces(markup):
        yield text
        if element.tag in _POINTERS:
            pointed_at.append(notes.get(_key(element, _POINTERS[element.tag]), ""))
        elif element.tag in _PARAGRAPH:
            yield from (f"{note}\n" for note in pointed_at if note)
            pointed_at.clear()


def _notes(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the footnotes and endnotes by kind and number."""
    found: dict[str, str] = {}
    room = LARGEST_XML
    for part in archive.infolist():
        if _NOTES.fullmatch(part.filename) and _is_readable(part, room):
            room -= part.file_size
            with archive.open(part) as markup:
                found.update(_notes_in(markup))
    return found


def _notes_in(markup: IO[bytes]) -> Iterator[tuple[str, str]]:
    words: list[str] = []
    for element, text in _pieces(markup):
        words.append(text)
        if element.tag in _NOTE:
            yield _key(element, _NOTE[element.tag]), "".join(words).strip()
            words.clear()


def _key(element: Element, kind: str) -> str:
    space = element.tag.rpartition("}")[0]
    return f"{kind} {element.get(space + '}id')}"


def _pieces(markup: IO[bytes]) -> Iterator[tuple[Element, str]]:
    """Yield each element where it ends, with the text that it stands for: none outside what is read.

    An element that has ended is taken from the one around it, so that only those still open are kept.

    Raises:
        ValueError: they lie within one another more deeply than in any document.
    """
    outside = 0
    around: list[Element] = []
    for event, element in iterparse(markup, events=("start", "end"), forbid_dtd=True):
        if element.tag in _LEFT_OUT:
            outside += 1 if event == "start" else -1
        if event == "start":
            around.append(element)
            if len(around) > _DEEPEST:
                raise ValueError("nested too deeply")
            continue
        around.pop()
        if not outside:
            yield element, (element.text or "") if element.tag in _TEXT else _MARKS.get(element.tag, "")
        element.clear()
        if around:
            around[-1].remove(element)


def _when(source: Source, archive: zipfile.ZipFile) -> When:
    named = named_date(source.stem)
    created = "" if named.local_date else _created(archive)
    return in_zone(created, None) if created else named


def _created(archive: zipfile.ZipFile) -> str:
    """Return when the document says it was made, as ISO 8601 in UTC, or nothing."""
    part = next((info for info in archive.infolist() if info.filename == _PROPERTIES), None)
    if part is None or not _is_readable(part, _LARGEST_PROPERTIES):
        return ""
    try:
        with archive.open(part) as markup:
            found = [element.text for _, element in iterparse(markup, forbid_dtd=True) if element.tag == _CREATED]
    except MARKUP_ERRORS:
        return ""
    return (found[0] or "").strip() if found else ""


def _is_readable(part: zipfile.ZipInfo, room: int) -> bool:
    return not part.flag_bits & 0x1 and is_bounded(part) and part.file_size <= room


def _main_part(archive: zipfile.ZipFile) -> zipfile.ZipInfo | None:
    return next((info for info in archive.infolist() if _DOCUMENT.fullmatch(info.filename)), None)


def _too_large(source: Source) -> Skip:
    return Skip("too_large", source.file, "cut it into several documents")
