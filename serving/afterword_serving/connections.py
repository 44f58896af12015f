"""Connections of the service, as they are when it stops."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

_STOPPING = "afterword_stopping"


class StoppingProtocol(H11Protocol):
    """A connection that closes at once where it comes in while the server stops.

    uvicorn tells the connections that are there by then to close after their answer. One whose acceptance was under way
    is not told, and a busy client would hold the server up on it until its patience ends.
    """

    def shutdown(self) -> None:
        """Close after the answer that is under way, and let the server's later connections know."""
        setattr(self.server_state, _STOPPING, True)
        super().shutdown()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take the connection up, or close it where the server stops."""
        super().connection_made(transport)
        if getattr(self.server_state, _STOPPING, False):
            self.shutdown()
