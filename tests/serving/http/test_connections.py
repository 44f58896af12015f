import asyncio
from unittest.mock import Mock

import uvicorn
from uvicorn.server import ServerState

from afterword_serving.connections import StoppingProtocol


def _connected(state: ServerState) -> Mock:
    """Return the transport of a connection that was just made."""
    protocol = StoppingProtocol(uvicorn.Config(lambda: None), state, {}, asyncio.get_running_loop(), head_seconds=9)
    transport = Mock(spec=asyncio.Transport)
    transport.get_extra_info.return_value = None
    protocol.connection_made(transport)
    return transport


async def _made_before_and_after_the_stop() -> tuple[Mock, Mock, Mock]:
    state = ServerState()
    before = _connected(state)
    assert not before.close.called
    for connection in list(state.connections):
        connection.shutdown()
    return before, _connected(state), _connected(ServerState())


def test_a_connection_that_comes_while_the_server_stops_is_closed():
    before, late, of_another_server = asyncio.run(_made_before_and_after_the_stop())
    assert before.close.called
    assert late.close.called
    assert not of_another_server.close.called
