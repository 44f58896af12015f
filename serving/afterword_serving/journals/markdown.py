"""Markdown notes: a vault, a folder or a zip of `.md` files, or one of them."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from afterword_serving.entry import Item, Notice, Skip
from afterword_serving.journals.dates import When, any_date, named_date, without_date
from afterword_serving.journals.front_matter import split_front_matter
from afterword_serving.journals.markdown_text import plain_words
from afterword_serving.journals.reader import ReadOptions, make_entry
from afterword_serving.journals.source import Source
from afterword_serving.journals.split import split_text
from afterword_serving.journals.tidy import tidy

_SUFFIXES = (".md", ".markdown", ".mdown")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(?>(?:[\w \t-]+:|[ \t]|- |#).*\n)+(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_DATE_KEYS = ("date", "created", "date created", "day")
_TEMPLATES = frozenset({"templates", "_templates"})


class Markdown:
    """Reads one note a file, with its front matter."""

    name = "markdown"
    app = "Markdown notes (Obsidian and others)"
    export = "give the vault's folder, or a zip of it; nothing needs exporting"

    def matches(self, source: Source) -> bool:
        """Return whether the file begins with front matter, or is a text named as Markdown is."""
        head = source.head_text
        if "\x00" in head or not head.strip():
            return False
        return source.suffix in _SUFFIXES or bool(_FRONT_MATTER.match(head) and split_front_matter(tidy(head))[0] != {})

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Yield the note, or the dated pieces of it; templates, drawings and the waste bin are passed over."""
        folders = [] if source.given else [part.lower() for part in PurePosixPath(source.path).parts[:-1]]
        if ".trash" in folders:
            yield Skip("trashed", source.file)
        elif _TEMPLATES.intersection(folders) or source.path.endswith(".excalidraw.md"):
            yield Skip("template", source.file)
        else:
            yield from self._note(source, options)

    def _note(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        text = source.read_whole()
        if text is None:
            yield Skip("too_large", source.file, "cut it into several notes")
            return
        fields, body = split_front_matter(tidy(text))
        if fields is None:
            yield Notice("bad_front_matter", source.file)
        fields = fields or {}
        when = _when(fields, source.stem)
        if when.notice:
            yield Notice(when.notice, source.file)
        for number, piece in enumerate(split_text(body, options.split), 1):
            words, inline_tags = plain_words(piece.text)
            yield make_entry(
                source,
                self.name,
                f"entry {number}" if options.split != "whole" else "",
                words,
                written_at=None if piece.day else when.written_at,
                local_date=piece.day or when.local_date,
                title=piece.title or _title(fields, source.stem),
                tags=tuple(dict.fromkeys((*_tags(fields.get("tags", fields.get("tag"))), *inline_tags))),
            )


def _when(fields: dict[str, Any], stem: str) -> When:
    """Return the day of the first date field that can be read, else of the file's name; file times tell nothing."""
    stated = [any_date(fields[key]) for key in _DATE_KEYS if fields.get(key)]
    named = named_date(stem)
    good = next((when for when in (*stated, named) if when.local_date), None)
    return good or (stated[0] if stated else named)


def _title(fields: dict[str, Any], stem: str) -> str:
    title = fields.get("title")
    return title if isinstance(title, str) and title.strip() else without_date(stem)


def _tags(value: object) -> list[str]:
    """Return tags from a list, from `a, b` or from `a b`; YAML reads some words as other things."""
    if isinstance(value, str):
        value = value.split(",") if "," in value else value.split()
    words = value if isinstance(value, list) else [value]
    named = [{True: "yes", False: "no"}[word] if isinstance(word, bool) else word for word in words if word is not None]
    return [_tag(word) for word in named if isinstance(word, str | int | float)]


def _tag(word: str | float) -> str:
    try:
        return str(word).strip().lstrip("#")
    except ValueError:  # a number of thousands of digits
        return ""
