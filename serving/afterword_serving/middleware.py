"""What every request passes: an id, strict headers, the keys, the log line, and a net under everything."""

import asyncio
import logging
import re
import time
import uuid
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from afterword_model.errors import places
from afterword_serving.metrics import Metrics
from afterword_serving.problems import Kind, ProblemError, failure
from afterword_serving.rate_limit import RateLimit
from afterword_serving.security import HEADERS, ApiKey, from_here, key_owner

OPEN_PATHS: Final = frozenset(
    {"/", "/page.css", "/page.js", "/sentences.js", "/report.js"}
    | {"/docs", "/openapi.json", "/health/live", "/health/ready"}
)
"""Answered without a key: nothing in them is anybody's."""

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_DRAIN_BYTES: Final = 16_000_000
_DRAIN_SECONDS: Final = 5

_log = logging.getLogger("afterword.access")


class Envelope:
    """Gives a request its id, the answer its headers and the log its line; turns a crash into a plain problem.

    The log line holds method, route, status, time and id: not the path as sent, no query, header or body.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and see it through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send)
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except Exception as err:  # outermost: past here the server would log the exception with its words
            _log.error("request failed id=%s: %s at %s", exchange.request_id, type(err).__name__, places(err)[0])
            await exchange.fail()
        finally:
            self._record(scope, exchange)

    def _record(self, scope: Scope, exchange: "_Exchange") -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = getattr(scope.get("route"), "path", "other")
        seconds = time.perf_counter() - exchange.began
        self._metrics.count_request(method=method, route=route, status=exchange.status, seconds=seconds)
        _log.info(
            "%s %s %d %.1fms id=%s key=%s",
            *(method, route, exchange.status, seconds * 1000, exchange.request_id, scope.get("afterword.key", "-")),
        )


class _Exchange:
    """One request and its answer, as they pass."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        self.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        self.status = 499
        """Until there is an answer: the client, or the service, went away."""
        self.began = time.perf_counter()
        self._scope, self._receive, self._send = scope, receive, send
        self._started = False
        has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        self._unread = has_body and "expect" not in headers

    async def receive(self) -> Message:
        message = await self._receive()
        self._unread = self._unread and message["type"] == "http.request" and message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if self.status != Kind.TOO_SLOW.status:
                await self._drain()
            self._started = True
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = self.request_id
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)

    async def fail(self) -> None:
        """Answer with a problem, or break off the answer that had begun."""
        if self._started:
            raise RuntimeError("an answer broke off") from None
        await failure()(self._scope, self.receive, self.send)

    async def _drain(self) -> None:
        """Read and drop what is left of the body, so that a client still sending it gets to see the answer."""
        left = _DRAIN_BYTES
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                while self._unread and left > 0:
                    left -= len((await self.receive()).get("body", b""))
        except TimeoutError:
            self._unread = False


class Gate:
    """Lets a request pass that has a key and does not come too often; without any keys, those to this machine.

    Everything is closed but `OPEN_PATHS`, so a route added later is closed too.
    """

    def __init__(self, app: ASGIApp, *, keys: tuple[ApiKey, ...], requests_per_minute: int) -> None:
        self._app = app
        self._keys = keys
        self._limit = RateLimit(requests_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._admit(scope)
        except ProblemError as err:
            await err.response()(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _admit(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        if not self._keys:
            if not from_here(headers):
                raise ProblemError(
                    Kind.WRONG_HOST,
                    "Ask it as localhost and through no proxy, or set AFTERWORD_API_KEYS and send a key.",
                )
            return
        if scope["path"] in OPEN_PATHS:
            return
        owner = key_owner(headers.get("authorization", ""), self._keys)
        if owner is None:
            raise ProblemError(Kind.NO_KEY, "Send Authorization: Bearer KEY.", headers={"WWW-Authenticate": "Bearer"})
        scope["afterword.key"] = owner
        if wait := self._limit.wait_seconds(owner):
            raise ProblemError(Kind.TOO_OFTEN, f"Try again in {wait} seconds.", headers={"Retry-After": str(wait)})


class HeadAsGet:
    """Has HEAD answered wherever GET is (RFC 9110, 9.1); the server sends no body then."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"}
        try:
            await self._app(asked, receive, send)
        finally:
            scope["route"] = asked.get("route")  # for the log
