"""Day One's Markdown: over-escaped, with moments, links and a prompt among the words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_CODE = re.compile(
    r"(?P<fence>(?m:^)[ \t]*```[^\n`]*```[ \t]*(?m:$)|(?m:^)[ \t]*```(?s:.*?)(?:(?m:^)[ \t]*```[ \t]*(?m:$)|\Z))"
    r"|(?<![\\`])`[^`\n]+`(?!`)"
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_MOMENT = re.compile(r"(?<![ \t])[ \t]*+!\[[^\[\]]*+\]\(dayone-moment:[^()]*+\)[ \t]*")
_LINK = re.compile(r"\[((?:\\.|[^\[\]\\\n])*+)\]\(dayone2?://[^()]*+\)")
_TITLE = re.compile(r"\A\s*#[ \t]+(\S.*)(?:\n|\Z)")
_PROMPT = re.compile(r"(?m)^[ \t]*#{6}[ \t]+(\S.*)$\n?")
_BLANK_RUN = re.compile(r"(?<![ \t])[ \t]*+\n(?:[ \t]*+\n){2,}")
_OPENING = "([\"'\u2018\u201c"
_TRAILING = re.compile(r"(?m)(?<![ \t])[ \t]+$")


@dataclass(frozen=True)
class Written:
    """What of an entry is whose: the writer's words, their heading, and the app's questions."""

    text: str
    title: str | None
    prompt: str | None
    has_media: bool


def read_markdown(markdown: str, *, escaped: bool = True) -> Written:
    """Return the words of an entry's `text`; rich text, once joined, is not `escaped`."""
    without_media = _outside_code(markdown.replace("\r\n", "\n"), lambda part: _MOMENT.sub(_gap_of, part))
    without_links = _outside_code(without_media, lambda part: _LINK.sub(r"\1", part))
    title, body = _take_title(without_links)
    prompt, body = _take_prompts(body)
    plain: Callable[[str], str] = unescape if escaped else str
    words = _BLANK_RUN.sub("\n\n", _TRAILING.sub("", plain(body))).strip()
    heading = plain(title) if title else None
    return Written(
        text=words or heading or "",
        title=heading if words else None,
        prompt=plain(prompt) if prompt else None,
        has_media=bool(_MOMENT.search(markdown)),
    )


def unescape(markdown: str) -> str:
    r"""Return the text with `\.` as `.`, for every ASCII punctuation mark, except in code; empty code blocks go."""
    return _outside_code(markdown, lambda part: _ESCAPE.sub(r"\1", part))


def join_rich_text(rich: Any) -> str:  # noqa: ANN401  # parsed JSON
    """Return the text of a parsed `richText`, with headings and list items marked as Markdown marks them."""
    contents = rich.get("contents") if isinstance(rich, dict) else None
    joined, embedded = "", False
    for part in contents if isinstance(contents, list) else []:
        if not isinstance(part, dict) or not isinstance(part.get("text"), str):
            embedded = embedded or (isinstance(part, dict) and "embeddedObjects" in part)
            continue
        at_line_start = not joined or joined.endswith("\n")
        joined += _line_mark(part.get("attributes")) if at_line_start else ""
        joined += (_gap(joined[-1:], part["text"][:1]) if embedded else "") + part["text"]
        embedded = False
    return joined


def _line_mark(attributes: object) -> str:
    line = attributes.get("line") if isinstance(attributes, dict) else None
    if not isinstance(line, dict):
        return ""
    header = line.get("header")
    if isinstance(header, int) and 1 <= header <= 6:
        return "#" * header + " "
    return "- " if line.get("listStyle") in ("bulleted", "numbered", "checkbox") else ""


def _outside_code(markdown: str, change: Callable[[str], str]) -> str:
    pieces, at = [], 0
    for match in _CODE.finditer(markdown):
        pieces.append(change(markdown[at : match.start()]))
        pieces.append("" if match["fence"] and not match["fence"].strip("` \t\n") else match.group())
        at = match.end()
    return "".join([*pieces, change(markdown[at:])])


def _gap_of(match: re.Match[str]) -> str:
    return _gap(match.string[: match.start()][-1:], match.string[match.end() :][:1])


def _gap(before: str, after: str) -> str:
    """Return what stands where a picture stood between two characters: a space between two words, else nothing."""
    return " " if before.strip() and after and (after.isalnum() or after in _OPENING) else ""


def _take_title(markdown: str) -> tuple[str | None, str]:
    match = _TITLE.match(markdown)
    return (_heading(match.group(1)), markdown[match.end() :]) if match else (None, markdown)


def _heading(line: str) -> str:
    """Return a heading's words without the marks that may close it."""
    line = line.rstrip(" \t")
    return line.rstrip("#").rstrip(" \t") or line


def _take_prompts(markdown: str) -> tuple[str, str]:
    """Return the app's questions and the rest: headings of the sixth level that ask, and one that stands first."""
    begin = len(markdown) - len(markdown.lstrip())
    asked: list[str] = []

    def take(match: re.Match[str]) -> str:
        heading = match.group(1).rstrip(" \t")
        if not heading.endswith("?") and match.start() > begin:
            return match.group()
        asked.append(heading)
        return ""

    rest = _PROMPT.sub(take, markdown)
    return " ".join(asked), rest
