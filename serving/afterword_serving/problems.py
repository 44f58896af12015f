"""Errors over HTTP: RFC 9457 problem details that never repeat what was sent.

Every word of a problem comes from this package: not the text, not a key of the JSON, not a header, not the path.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class Kind(Enum):
    """What can go wrong: HTTP status, name, title."""

    BAD_JSON = (400, "bad-json", "The body is not JSON")
    BAD_REQUEST = (400, "bad-request", "The request cannot be read")
    NO_KEY = (401, "no-key", "A valid API key is needed")
    NOT_FOUND = (404, "not-found", "There is nothing here")
    WRONG_METHOD = (405, "wrong-method", "This path does not take this method")
    TOO_SLOW = (408, "too-slow", "The body took too long to arrive")
    TOO_LARGE = (413, "too-large", "The body is too large")
    WRONG_MEDIA_TYPE = (415, "wrong-media-type", "The body is not of the type that is read here")
    WRONG_HOST = (421, "wrong-host", "This service answers its own machine only")
    INVALID = (422, "invalid", "The request does not have the right form")
    NOTHING_READ = (422, "nothing-read", "Nothing in the file could be read")
    TOO_OFTEN = (429, "too-often", "Too many requests with this key")
    FAILED = (500, "failed", "The service failed")
    BUSY = (503, "busy", "The service is busy")
    NOT_READY = (503, "not-ready", "The service is not ready")

    def __init__(self, status: int, slug: str, title: str) -> None:
        self.status = status
        self.slug = slug
        self.title = title


class FieldProblem(BaseModel):
    """One thing that is wrong with the request."""

    where: str = Field(description="The place in the request, such as `notes[3].text`.")
    problem: str


class Problem(BaseModel):
    """Problem details (RFC 9457). They never repeat anything that was sent."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:afterword:problem:invalid",
                    "title": Kind.INVALID.title,
                    "status": 422,
                    "detail": "Correct what is listed under errors and send it again.",
                    "errors": [{"where": "notes[3].text", "problem": "is missing"}],
                }
            ]
        }
    )

    type: str = Field(description="`urn:afterword:problem:` and a name that stays the same between versions.")
    title: str
    status: int
    detail: str = Field(description="What to do.")
    errors: list[FieldProblem] = Field(
        default=[], description="What is wrong where; the first ten, and of notes that lack the form the first."
    )


class ProblemError(Exception):
    """Ends a request with a problem; `detail` and `errors` hold no word of the request."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind.title)
        self.kind = kind
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """Return the answer to send."""
        problem = Problem(
            type=f"urn:afterword:problem:{self.kind.slug}",
            title=self.kind.title,
            status=self.kind.status,
            detail=self.detail,
            errors=self.errors,
        )
        body = problem.model_dump_json(exclude=None if self.errors else {"errors"})
        return Response(body, self.kind.status, self.headers, media_type=MEDIA_TYPE)


def busy() -> ProblemError:
    """Return the problem of a service that has no room just now; nothing was taken."""
    return ProblemError(Kind.BUSY, "Try again in 1 second.", headers={"Retry-After": "1"})


_BY_STATUS = {
    400: ProblemError(Kind.BAD_REQUEST, "Check the request against /docs."),
    404: ProblemError(
        Kind.NOT_FOUND,
        "The page is at /, its words for programs at /docs; notes go to POST /predict, a journal to POST /report.",
    ),
    405: ProblemError(Kind.WRONG_METHOD, "The header Allow says which methods it takes."),
}
_FAILED = ProblemError(Kind.FAILED, "Nothing of the request was kept. The service's log names the place by request id.")


def install_handlers(app: FastAPI) -> None:
    """Make `app` answer every error it knows with a problem; what nobody foresaw is left to the middleware."""
    app.add_exception_handler(ProblemError, _answer)
    app.add_exception_handler(HTTPException, _answer)
    app.add_exception_handler(RequestValidationError, _answer)


def failure() -> Response:
    """Return the answer to a request that broke something."""
    return _FAILED.response()


def _unlike_docs(error: RequestValidationError) -> ProblemError:
    """Return the problem of a request whose parameters are not as documented, which tells those by name."""
    places = [wrong["loc"] for wrong in error.errors()]
    named = [FieldProblem(where=str(place[1]), problem="is not as /docs says") for place in places if len(place) == 2]
    return ProblemError(Kind.INVALID, "Check the request against /docs.", errors=named)


async def _answer(request: Request, error: Exception) -> Response:  # noqa: ARG001
    if isinstance(error, ProblemError):
        return error.response()
    if isinstance(error, RequestValidationError):
        return _unlike_docs(error).response()
    known = cast(HTTPException, error)
    response = _BY_STATUS.get(known.status_code, _FAILED).response()
    allow = (known.headers or {}).get("Allow")
    if allow:
        response.headers["Allow"] = allow
    return response
