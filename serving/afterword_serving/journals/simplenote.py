"""Simplenote's export: a zip with all notes in one JSON file, and each again as text."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from afterword_serving.entry import Item, Notice, Skip
from afterword_serving.journals.beside import lies_beside
from afterword_serving.journals.dates import any_date
from afterword_serving.journals.fields import text_in, texts_in
from afterword_serving.journals.json_stream import keyed_items
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import Source

_OURS = re.compile(r'\A\s*\{\s*"(?:activeNotes|trashedNotes)"\s*:\s*\[')
_NOTES = "source/notes.json"
_ACTIVE, _TRASHED = "activeNotes", "trashedNotes"


class Simplenote:
    """Reads the words, the time and the tags of each note."""

    name = "simplenote"
    app = "Simplenote"
    export = "the export of the web or desktop app; give the .zip as it is, or the source/notes.json in it"

    def matches(self, source: Source) -> bool:
        """Return whether the file begins as the notes do, or repeats one of them as text."""
        return bool(_OURS.match(source.head_text)) or _is_twin(source)

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the notes in the file's order; nothing for a note repeated as text."""
        if _is_twin(source):
            return
        for found in keyed_items(source, level=2, keys=(_ACTIVE, _TRASHED)):
            if isinstance(found, Skip):
                yield found
                continue
            key, number, note = found
            locator = f"entry {number}"
            if not isinstance(note, dict):
                yield Skip("bad_row", f"{source.file}, {locator}", "not a Simplenote note")
            elif key == _TRASHED:
                yield Skip("trashed", f"{source.file}, {locator}")
            else:
                yield from self._note(source, locator, note)

    def _note(self, source: Source, locator: str, raw: dict[str, object]) -> Iterator[Item]:
        when = any_date(raw.get("creationDate"))
        if when.notice:
            yield Notice(when.notice, f"{source.file}, {locator}")
        yield make_entry(
            source,
            self.name,
            locator,
            text_in(raw, "content"),
            id=text_in(raw, "id"),
            written_at=when.written_at,
            local_date=when.local_date,
            tags=texts_in(raw, "tags"),
        )


def _is_twin(source: Source) -> bool:
    """Return whether the file is a text in the export's first folder, or in the one for deleted notes."""
    folder = PurePosixPath(source.path).parent
    roots = (folder, folder.parent) if folder.name == "trash" else (folder,)
    return source.suffix == ".txt" and any(lies_beside(source, str(root / _NOTES)) for root in roots)
