"""HTML as apps keep it, to the words and line ends that the writer saw."""

import html
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag
from bs4.exceptions import ParserRejectedMarkup

from afterword_model.text import TAG_END
from afterword_serving.entry import Item, Skip

LARGEST_MARKUP = 2 << 20
"""Characters of markup that are no note any more; each of its tags takes hundreds of bytes to read."""

_TAG = re.compile(
    r"(?i)</?(?:p|div|br|span|strong|em|b|i|u|s|a|ul|ol|li|h[1-6]|blockquote|pre|img|font|table)" + TAG_END
)
_LAID_OUT = re.compile(r"(?i)<(?:p|div|li|h[1-6]|td)\b")
"""Where blocks make the lines, a line end between words is a space."""
_EMBEDDED = re.compile(r"(?i)\bdata:[\w.+/-]+;base64,[A-Za-z0-9+/=%]*")
"""A picture within the markup."""
_PROCESSING = re.compile(r"<\?[^<>]*>")
_ANY_TAG = re.compile(r"<[^<>]*>")
_NOT_WORDS = frozenset({"script", "style", "head", "template"})
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre", "table"})
_LINES = frozenset({"div", "li", "tr", "td", "th", "hr"})
_PARAGRAPH_EDGE, _LINE_EDGE = "\x1d", "\x1e"
_EDGES = re.compile("[\x1d\x1e][ \x1d\x1e]*")
_SPACE = re.compile(r"\s+")
_LONE_BULLET = re.compile(r"(?m)^-\n+")
_BLANK_RUN = re.compile(r"\n{3,}")


class MarkupTooLarge(Exception):
    """There is more of it than a note has."""


def or_too_large(items: Iterator[Item], where: str) -> Iterator[Item]:
    """Yield the items of an entry, or that it was too large where its markup is."""
    try:
        yield from items
    except MarkupTooLarge:
        yield Skip("too_large", where)


def bounded(markup: str) -> str:
    """Return `markup`, without pictures within it where that spares much.

    Raises:
        MarkupTooLarge: there is too much of it all the same.
    """
    if len(markup) > LARGEST_MARKUP:
        markup = _EMBEDDED.sub("", markup)
    if len(markup) > LARGEST_MARKUP:
        raise MarkupTooLarge
    return markup


def looks_like_html(text: str) -> bool:
    """Return whether there is a tag in `text` that notes are made of; `<3` is none."""
    return bool(_TAG.search(text))


def html_to_text(markup: str) -> str:
    """Return the words: a blank line between paragraphs, `- ` before a list's items; broken markup loses its tags.

    Raises:
        MarkupTooLarge: it is no note.
    """
    markup = bounded(markup)
    try:
        soup = BeautifulSoup(_PROCESSING.sub("", markup), "html.parser") if "<" in markup else None
    except ParserRejectedMarkup:
        return html.unescape(_ANY_TAG.sub(" ", markup))
    if soup is None:
        return html.unescape(markup)
    joined = "".join(_pieces(soup, laid_out=bool(_LAID_OUT.search(markup))))
    text = _EDGES.sub(lambda run: "\n\n" if _PARAGRAPH_EDGE in run.group() else "\n", joined)
    text = "\n".join(line.strip() for line in text.split("\n"))
    return _BLANK_RUN.sub("\n\n", _LONE_BULLET.sub("- ", text)).strip()


def _pieces(soup: BeautifulSoup, *, laid_out: bool) -> Iterator[str]:
    """Yield text and the edges of blocks in order; no recursion, for markup may be nested to any depth."""
    left: list[PageElement | str] = [soup]
    while left:
        node = left.pop()
        if isinstance(node, Tag):
            left.extend(reversed(_parts(node)))
        elif type(node) is NavigableString:
            yield _SPACE.sub(" ", node) if laid_out else node
        elif type(node) is str:
            yield node


def _parts(tag: Tag) -> list[PageElement | str]:
    if tag.name in _NOT_WORDS:
        return []
    if tag.name == "br":
        return ["\n", *tag.contents]
    if tag.name in _PARAGRAPHS:
        return [_PARAGRAPH_EDGE, *tag.contents, _PARAGRAPH_EDGE]
    if tag.name in _LINES:
        return [_LINE_EDGE, *(["- "] if tag.name == "li" else []), *tag.contents, _LINE_EDGE]
    return [*tag.contents]
