"""Standard Notes' decrypted backup: a zip with all items in one JSON file, and each note again as text."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from afterword_serving.entry import Entry, Item, Notice, Skip
from afterword_serving.journals.beside import lies_beside
from afterword_serving.journals.dates import any_date
from afterword_serving.journals.fields import text_in
from afterword_serving.journals.html_text import or_too_large
from afterword_serving.journals.json_stream import json_items
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import Source
from afterword_serving.journals.standard_notes_text import NOT_WORDS, words

_VERSION = re.compile(r'\A\s*\{\s*"version"\s*:\s*"00\d"')
_ITEMS = re.compile(r'\A\s*\{(?s:.*?)"items"\s*:\s*\[')
_TYPE = re.compile(r'"content_type"\s*:\s*"')
_TWIN = re.compile(r"(?P<root>.*?)Items/(?:.*/)?[^/]+\.txt")
_BACKUP = "Standard Notes Backup and Import File.txt"
_LOCKED = "an encrypted backup; make a decrypted one in the app"


class StandardNotes:
    """Reads the words, the time and the tags of each note."""

    name = "standard-notes"
    app = "Standard Notes"
    export = "a decrypted data backup, made in the app's preferences; give the .zip as it is"

    def matches(self, source: Source) -> bool:
        """Return whether the file begins as a backup does, or repeats one of its items as text."""
        head = source.head_text
        return bool(_VERSION.match(head) or (_ITEMS.match(head) and _TYPE.search(head))) or _is_twin(source)

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the notes in the file's order, once all is read: their tags may follow them."""
        if not _is_twin(source):
            backup = _Backup(source)
            for found in json_items(source, level=2, key="items"):
                if isinstance(found, Skip):
                    backup.items.append(found)
                else:
                    backup.add(f"entry {found[0]}", found[1])
            yield from backup.tagged()


class _Backup:
    def __init__(self, source: Source) -> None:
        self.items: list[Item] = []
        self._source = source
        self._tags: defaultdict[str, list[str]] = defaultdict(list)
        self._locked = False

    def add(self, locator: str, item: object) -> None:
        content = item.get("content") if isinstance(item, dict) else None
        if not isinstance(item, dict):
            self.items.append(Skip("bad_row", self._where(locator), "not an item of a backup"))
        elif item.get("content_type") == "Note" and isinstance(content, str):
            self._lock()
        elif item.get("content_type") == "Tag" and isinstance(content, dict):
            self._tag(content)
        elif item.get("content_type") == "Note":
            note = self._note(locator, item, content if isinstance(content, dict) else {})
            self.items.extend(or_too_large(note, self._where(locator)))

    def tagged(self) -> Iterator[Item]:
        for item in self.items:
            yield replace(item, tags=tuple(self._tags[item.id])) if isinstance(item, Entry) else item

    def _where(self, locator: str) -> str:
        return f"{self._source.file}, {locator}"

    def _lock(self) -> None:
        if not self._locked:
            self.items.append(Skip("encrypted", self._source.file, _LOCKED))
        self._locked = True

    def _tag(self, content: dict[str, object]) -> None:
        references = content.get("references")
        for reference in references if isinstance(references, list) else ():
            if isinstance(reference, dict) and (title := text_in(content, "title").strip()):
                self._tags[text_in(reference, "uuid")].append(title)

    def _note(self, locator: str, item: dict[str, object], content: dict[str, object]) -> Iterator[Item]:
        if item.get("deleted") is True or content.get("trashed") is True:
            yield Skip("trashed", self._where(locator))
            return
        if text_in(content, "noteType") in NOT_WORDS:
            yield Skip("template", self._where(locator))
            return
        when = any_date(item.get("created_at"))
        if when.notice:
            yield Notice(when.notice, self._where(locator))
        title, text = text_in(content, "title"), words(text_in(content, "text"), content.get("noteType"))
        yield make_entry(
            self._source,
            StandardNotes.name,
            locator,
            text or title,
            id=text_in(item, "uuid"),
            written_at=when.written_at,
            local_date=when.local_date,
            title=title if text else None,
        )


def _is_twin(source: Source) -> bool:
    match = _TWIN.fullmatch(source.path)
    return bool(match) and lies_beside(source, f"{match['root'] if match else ''}{_BACKUP}")
