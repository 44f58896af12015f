"""From a vault's Markdown to the words its writer wrote."""

import re
from collections.abc import Callable

Replacement = str | Callable[[re.Match[str]], str]

_TARGET = r"\([^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)*+\)"
"""Where a link leads, in brackets, and brackets in it."""

_PROSE = r"(?:ad-[\w-]+|text|note|quote|markdown|md)"
"""Names of fences around words: callouts (`ad-note`) and plain text."""
_CODE = r"[^\S\n]*+[^\s`][^\n`]*+\n"
_WORD = r"[^\S\n]*+[^\s~]++[^\S\n]*+\n"
"""What follows a fence that names a language."""

# No pattern may look at one stretch again and again: a note of a few hundred bytes, zipped, would hold up a service.
_RULES: tuple[tuple[re.Pattern[str], Replacement], ...] = (
    (re.compile(rf"(?mi)^[ \t]*(?:```|~~~)[^\S\n]*+{_PROSE}[^\S\n]*+\n"), ""),
    (re.compile(rf"(?ms)^[ \t]*(?:(?=```{_CODE}|~~~{_WORD})(```|~~~))[^\n]*+\n.*?(?:^[ \t]*\1[ \t]*$\n?|\Z)"), ""),
    (re.compile(r"(?m)^[ \t]*(?:```|~~~)[ \t]*$\n?"), ""),
    (re.compile(r"(?s)%%.*?%%"), ""),
    (re.compile(r"(?s)<!--(?:.*?-->|(.*))"), lambda found: found[0] if found[1] is not None else ""),
    (re.compile(r"!\[\[[^\[\]\n]*+\]\]"), ""),
    (re.compile(rf"!\[[^\[\]\n]*+\]{_TARGET}"), ""),
    (re.compile(r"\[\[(?:[^\[\]|\n]*+\|)?([^\[\]|\n]++)\]\]"), r"\1"),
    (re.compile(rf"\[([^\[\]\n]++)\]{_TARGET}"), r"\1"),
    (re.compile(r"(?m)^([ \t]*(?:>[ \t]*)+)\[![\w-]+\][+-]?[ \t]*"), r"\1"),
    (re.compile(r"(?m)(?<![ \t])[ \t]+\^[A-Za-z0-9-]+[ \t]*$|^\^[A-Za-z0-9-]+[ \t]*$"), ""),
    (re.compile(r"(?m)^([ \t]*(?:[-*+][ \t]+)?)[\w][\w \t/-]{0,40}::[ \t]*"), r"\1"),
    (re.compile(r"[\[(][\w][\w /-]{0,40}::[ \t]*([^\])\n]{0,1000})[\])]"), r"\1"),
    (re.compile(r"(?m)^([ \t]*(?:[-*+]|\d+[.)])[ \t]+)\[.\][ \t]+"), r"\1"),
    (re.compile(r"(?m)(?<![ \t])[ \t]+$"), ""),
    (re.compile(r"\n{3,}"), "\n\n"),
)
_TAG = re.compile(r"(?<![\w#&/:])#((?=[\w/-]*[^\W\d_])[\w/-]+)")


def plain_words(body: str) -> tuple[str, tuple[str, ...]]:
    """Return the text without comments, embeds, link targets and block ids, and its inline tags.

    Code that names its language goes, callouts and other fenced text stay; a tag's word stays in the text.
    """
    for pattern, replacement in _RULES:
        body = pattern.sub(replacement, body)
    tags = tuple(dict.fromkeys(_TAG.findall(body)))
    return _TAG.sub(r"\1", body), tags
