"""Connections of the service, as they are when it stops and when a client is slow."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

_STOPPING = "afterword_stopping"


class StoppingProtocol(H11Protocol):
    """A connection that closes at once where it comes in while the server stops, or brings no whole head in time.

    uvicorn tells the connections that are there by then to close after their answer. One whose acceptance was under way
    is not told, and a busy client would hold the server up on it until its patience ends. And uvicorn waits for ever
    for the head of a request, once its connection is made or a byte of it has come: `head_seconds` bounds that.
    """

    def __init__(self, *arguments: Any, head_seconds: float, **named: Any) -> None:  # noqa: ANN401  # uvicorn's
        super().__init__(*arguments, **named)
        self._head_seconds = head_seconds
        self._head_timer: asyncio.TimerHandle | None = None

    def shutdown(self) -> None:
        """Close after the answer that is under way, and let the server's later connections know."""
        setattr(self.server_state, _STOPPING, True)
        super().shutdown()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take the connection up, or close it where the server stops."""
        super().connection_made(transport)
        self._wait_for_head()
        if getattr(self.server_state, _STOPPING, False):
            self.shutdown()

    def data_received(self, data: bytes) -> None:
        """Take what has come; it is part of a request's head where no request is under way."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._forget_head()
        else:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._forget_head()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        if self._head_timer is None:  # a byte now and then is no reason to wait longer
            self._head_timer = self.loop.call_later(self._head_seconds, self.timeout_keep_alive_handler)

    def _forget_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
