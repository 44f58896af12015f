"""Reads what a request brings under limits: size before parsing, then form, then number and length of the notes."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from itertools import islice
from typing import Final

from fastapi import Request
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from afterword_serving.problems import FieldProblem, Kind, ProblemError
from afterword_serving.schemas import PREDICT_REQUEST, ManyNotes, Note, OneNote
from afterword_serving.settings import Settings

FILE_TYPE: Final = "application/octet-stream"
"""Media type of a file for a report; a page of another site cannot send it without asking first."""

_BAD_PARAMETER: Final = (ValueError, LookupError, TypeError)
"""What reading one may raise: in an encoding that does not hold it, or that is none, or numbered in part (RFC 2231)."""
_LONGEST_NAME: Final = 200
_MOST_ERRORS: Final = 10
_MOST_BUILT: Final = 100
"""Only fields that are not known can be wrong in more places than this: where a body has more, no place is told."""
_FIELDS: Final = frozenset({"notes", "text", "id", "by"})
_WORDS: Final = {
    "missing": "is missing",
    "extra_forbidden": "has a field that is not known",
    "string_type": "is not a string",
    "string_too_short": "is empty",
    "string_too_long": "has more than 200 characters",
    "string_pattern_mismatch": "holds a NUL character",
    "list_type": "is not a list",
    "literal_error": "is none of entry, passage and sentence",
    "too_short": "holds nothing",
    "model_type": "is not an object",
    "model_attributes_type": "is not an object",
    "one_form": 'is not an object with either "text" or "notes"',
}


@dataclass(frozen=True)
class File:
    """A file as it was sent."""

    name: str = field(repr=False)
    data: bytes = field(repr=False)


async def read_notes(request: Request, settings: Settings) -> OneNote | ManyNotes:
    """Return the notes in the body of `request`.

    Raises:
        ProblemError: the body is too long, too slow, not JSON or not notes.
    """
    if not _is_json(request.headers):
        raise ProblemError(
            Kind.WRONG_MEDIA_TYPE, "Send UTF-8 JSON, not compressed, with Content-Type: application/json."
        )
    advice = "split the notes over requests"
    body = await _read_body(request, settings.max_body_bytes, settings.body_seconds, advice)
    try:
        notes = PREDICT_REQUEST.validate_json(body)
    except ValidationError as err:
        raise _invalid(err) from None
    _check_size(notes, settings)
    return notes


async def read_file(request: Request, settings: Settings) -> File:
    """Return the file that is the body of `request`; it is held in memory only.

    Raises:
        ProblemError: the body is too long, too slow or not sent as bytes.
    """
    if _content_type(request.headers).get_content_type() != FILE_TYPE or _is_coded(request.headers):
        raise ProblemError(
            Kind.WRONG_MEDIA_TYPE, f"Send the file as it is, not compressed again, with Content-Type: {FILE_TYPE}."
        )
    advice = "`afterword classify --report` reads files of any size"
    data = await _read_body(request, settings.max_file_bytes, settings.report_seconds, advice)
    return File(_file_name(request.headers), data)


def _is_json(headers: Mapping[str, str]) -> bool:
    content_type = _content_type(headers)
    try:
        charset = str(content_type.get_param("charset", "utf-8")).lower()
    except _BAD_PARAMETER:
        return False
    is_json = content_type.get_content_type() == "application/json"
    return is_json and charset in {"utf-8", "utf8"} and not _is_coded(headers)


def _content_type(headers: Mapping[str, str]) -> Message:
    message = Message()
    message["content-type"] = headers.get("content-type", "")
    return message


def _is_coded(headers: Mapping[str, str]) -> bool:
    return headers.get("content-encoding", "identity").lower() != "identity"


def _file_name(headers: Mapping[str, str]) -> str:
    """Return the last part of the name in Content-Disposition (RFC 6266), by which some formats are told."""
    message = Message()
    message["content-disposition"] = headers.get("content-disposition", "")
    try:
        name = message.get_filename() or ""
    except _BAD_PARAMETER:
        name = ""
    return name.replace("\\", "/").rpartition("/")[2][-_LONGEST_NAME:] or "file"


async def _read_body(request: Request, most: int, seconds: float, advice: str) -> bytes:
    too_large = ProblemError(Kind.TOO_LARGE, f"Send at most {most} bytes; {advice}.")
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and len(announced) < 20 and int(announced) > most:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise too_large
    except TimeoutError:
        raise ProblemError(Kind.TOO_SLOW, f"Send the body within {seconds:g} seconds.") from None
    except ClientDisconnect:
        raise ProblemError(Kind.BAD_REQUEST, "The connection was closed before the body was whole.") from None
    return bytes(body)


def _check_size(request: OneNote | ManyNotes, settings: Settings) -> None:
    notes: Sequence[OneNote | Note] = request.notes if isinstance(request, ManyNotes) else [request]
    wrong = []
    if len(notes) > settings.max_notes:
        wrong.append(FieldProblem(where="notes", problem=f"holds more than {settings.max_notes} notes"))
    for place, note in enumerate(notes):
        if len(note.text) > settings.max_characters:
            where = f"notes[{place}].text" if isinstance(note, Note) else "text"
            wrong.append(FieldProblem(where=where, problem=f"has more than {settings.max_characters} characters"))
    if wrong:
        raise _listed(wrong)


def _invalid(error: ValidationError) -> ProblemError:
    if error.error_count() > _MOST_BUILT:
        return _listed([FieldProblem(where="the body", problem="has many fields that are not known")])
    errors = error.errors(include_url=False, include_context=False, include_input=False)
    if errors[0]["type"] == "json_invalid":
        return ProblemError(Kind.BAD_JSON, "Send one JSON object in UTF-8 (RFC 8259), not nested deeply.")
    return _listed(FieldProblem(where=_where(each["loc"]), problem=_words(each["type"])) for each in errors)


def _listed(errors: Iterable[FieldProblem]) -> ProblemError:
    detail = "Correct what is listed under errors and send it again."
    return ProblemError(Kind.INVALID, detail, errors=list(islice(errors, _MOST_ERRORS)))


def _words(kind: str) -> str:
    return _WORDS.get(kind, "is not valid")


def _where(location: tuple[int | str, ...]) -> str:
    """Return the place of an error by names of ours and numbers alone; a field we do not know stays unnamed."""
    path = ""
    for part in location[1:]:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part in _FIELDS:
            path += f".{part}" if path else part
    return path or "the body"
