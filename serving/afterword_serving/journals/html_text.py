"""HTML as apps keep it, to the words and line ends that the writer saw."""

import html
import re

from bs4 import BeautifulSoup
from bs4.element import NavigableString
from bs4.exceptions import ParserRejectedMarkup

_TAG = re.compile(
    r"(?i)</?(?:p|div|br|span|strong|em|b|i|u|s|a|ul|ol|li|h[1-6]|blockquote|pre|img|font|table)(?:\s[^<>]*)?/?>"
)
_LAID_OUT = re.compile(r"(?i)<(?:p|div|li|h[1-6]|td)\b")
"""Where blocks make the lines, a line end between words is a space."""
_PROCESSING = re.compile(r"<\?[^>]*>")
_ANY_TAG = re.compile(r"<[^<>]*>")
_NOT_WORDS = ("script", "style", "head", "template")
_PARAGRAPHS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre", "table")
_LINES = ("div", "li", "tr", "td", "th", "hr")
_PARAGRAPH_EDGE, _LINE_EDGE = "\x1d", "\x1e"
_EDGES = re.compile("[\x1d\x1e][ \x1d\x1e]*")
_SPACE = re.compile(r"\s+")
_LONE_BULLET = re.compile(r"(?m)^-\n+")
_BLANK_RUN = re.compile(r"\n{3,}")


def looks_like_html(text: str) -> bool:
    """Return whether there is a tag in `text` that notes are made of; `<3` is none."""
    return bool(_TAG.search(text))


def html_to_text(markup: str) -> str:
    """Return the words: a blank line between paragraphs, `- ` before a list's items; broken markup loses its tags."""
    try:
        soup = BeautifulSoup(_PROCESSING.sub("", markup), "html.parser") if "<" in markup else None
    except ParserRejectedMarkup:
        return html.unescape(_ANY_TAG.sub(" ", markup))
    if soup is None:
        return html.unescape(markup)
    _mark_lines(soup, laid_out=bool(_LAID_OUT.search(markup)))
    text = _EDGES.sub(lambda run: "\n\n" if _PARAGRAPH_EDGE in run.group() else "\n", soup.get_text())
    text = "\n".join(line.strip() for line in text.split("\n"))
    return _BLANK_RUN.sub("\n\n", _LONE_BULLET.sub("- ", text)).strip()


def _mark_lines(soup: BeautifulSoup, *, laid_out: bool) -> None:
    for tag in soup(_NOT_WORDS):
        tag.extract()
    for string in soup.find_all(string=True) if laid_out else ():
        if type(string) is NavigableString:
            string.replace_with(_SPACE.sub(" ", string))
    for tag in soup("br"):
        tag.insert_before("\n")
    for tag in soup("li"):
        tag.insert(0, "- ")
    for names, edge in ((_PARAGRAPHS, _PARAGRAPH_EDGE), (_LINES, _LINE_EDGE)):
        for tag in soup(names):
            tag.insert_before(edge)
            tag.insert_after(edge)
