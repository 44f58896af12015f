"""The characters of a text as every reader leaves them: one form, one kind of line end, nothing invisible."""

import re

from afterword_model.text import compose

_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_INVISIBLE = re.compile("[\x00\u200b\ufeff\ufffc]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"\s+")


def tidy(text: str) -> str:
    r"""Return `text` in NFC with `\n` line ends, without zero-width, object and NUL characters or outer white space."""
    text = _LINE_ENDS.sub("\n", _SURROGATES.sub("\ufffd", text))
    return compose(_INVISIBLE.sub("", text)).strip()


def tidy_line(text: str) -> str:
    """Return `text` tidied and on one line."""
    return _SPACE.sub(" ", tidy(text))


def printable(name: str) -> str:
    """Return a file name as it may be shown: without characters that steer a terminal or cannot be written as UTF-8."""
    return compose(_CONTROLS.sub("?", _SURROGATES.sub("\ufffd", name)))
