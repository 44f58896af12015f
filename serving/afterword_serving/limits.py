"""Reads a request's notes under limits: size before parsing, then form, then number and length of the notes."""

import asyncio
from collections.abc import Mapping, Sequence
from email.message import Message
from typing import Any, Final

from fastapi import Request
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from afterword_serving.problems import FieldProblem, Kind, ProblemError
from afterword_serving.schemas import PREDICT_REQUEST, ManyNotes, Note, OneNote
from afterword_serving.settings import Settings

_MOST_ERRORS: Final = 10
_FIELDS: Final = frozenset({"notes", "text", "id"})
_WORDS: Final = {
    "missing": "is missing",
    "extra_forbidden": "has a field that is not known",
    "string_type": "is not a string",
    "string_too_short": "is empty",
    "string_too_long": "has more than 200 characters",
    "string_pattern_mismatch": "holds a NUL character",
    "list_type": "is not a list",
    "too_short": "holds nothing",
    "model_type": "is not an object",
    "model_attributes_type": "is not an object",
    "one_form": 'is not an object with either "text" or "notes"',
}


async def read_notes(request: Request, settings: Settings) -> OneNote | ManyNotes:
    """Return the notes in the body of `request`.

    Raises:
        ProblemError: the body is too long, too slow, not JSON or not notes.
    """
    _check_media_type(request.headers)
    body = await _read_body(request, settings)
    try:
        notes = PREDICT_REQUEST.validate_json(body)
    except ValidationError as err:
        raise _invalid(err.errors(include_url=False, include_context=False, include_input=False)) from None
    _check_size(notes, settings)
    return notes


def _check_media_type(headers: Mapping[str, str]) -> None:
    message = Message()
    message["content-type"] = headers.get("content-type", "")
    charset = str(message.get_param("charset", "utf-8")).lower()
    coded = headers.get("content-encoding", "identity").lower() != "identity"
    if message.get_content_type() != "application/json" or charset not in {"utf-8", "utf8"} or coded:
        raise ProblemError(
            Kind.WRONG_MEDIA_TYPE, "Send UTF-8 JSON, not compressed, with Content-Type: application/json."
        )


async def _read_body(request: Request, settings: Settings) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and len(announced) < 20 and int(announced) > settings.max_body_bytes:
        raise _too_large(settings)
    body = bytearray()
    try:
        async with asyncio.timeout(settings.body_seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > settings.max_body_bytes:
                    raise _too_large(settings)
    except TimeoutError:
        raise ProblemError(Kind.TOO_SLOW, f"Send the body within {settings.body_seconds:g} seconds.") from None
    except ClientDisconnect:
        raise ProblemError(Kind.BAD_REQUEST, "The connection was closed before the body was whole.") from None
    return bytes(body)


def _too_large(settings: Settings) -> ProblemError:
    return ProblemError(Kind.TOO_LARGE, f"Send at most {settings.max_body_bytes} bytes; split the notes over requests.")


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


def _invalid(errors: Sequence[Any]) -> ProblemError:
    if errors[0]["type"] == "json_invalid":
        return ProblemError(Kind.BAD_JSON, "Send one JSON object in UTF-8 (RFC 8259), not nested deeply.")
    return _listed([FieldProblem(where=_where(error["loc"]), problem=_words(error["type"])) for error in errors])


def _listed(errors: list[FieldProblem]) -> ProblemError:
    detail = "Correct what is listed under errors and send it again."
    return ProblemError(Kind.INVALID, detail, errors=errors[:_MOST_ERRORS])


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
