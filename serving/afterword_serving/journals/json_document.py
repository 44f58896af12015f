"""JSON documents: an array of records or of texts, or one record."""

import re
from collections.abc import Iterator

from afterword_serving.entry import Item, Skip
from afterword_serving.journals.json_stream import json_items
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.records import Records
from afterword_serving.journals.source import Source

_ARRAY = re.compile(r'\s*\[\s*(?:[{"]|\]\s*\Z|\Z)')
_OBJECT = re.compile(r'\s*\{\s*(?:["}]|\Z)')


class JsonDocument:
    """Reads `[{"text": …}, …]`, `["…", …]` and `{"text": …}`."""

    name = "json"
    app = "JSON array"
    export = "a file holding [{…}, …] with a text field, from any program"

    def matches(self, source: Source) -> bool:
        """Return whether the file begins as an array of records or texts, or as a record."""
        return bool(_ARRAY.match(source.head_text) or _OBJECT.match(source.head_text))

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the records in order."""
        records = Records(source, self.name, options)
        for found in json_items(source, level=int(source.head_text.lstrip().startswith("["))):
            if isinstance(found, Skip):
                yield found
                continue
            locator, value = f"entry {found[0]}", found[1]
            if isinstance(value, dict):
                yield from records.items(value, locator)
            elif isinstance(value, str):
                yield make_entry(source, self.name, locator, value)
            else:
                yield Skip("bad_row", f"{source.file}, {locator}", "neither a record nor a text")
        yield from records.lacking()
