"""A uvicorn server inside somebody else's event loop (no signals, quick to stop), and a client."""

import asyncio
import socket
import ssl

import httpx
import uvicorn
from starlette.types import ASGIApp

_STOP_TIMEOUT = 0.1


class LoopbackServer:
    """Listens on loopback; stopping cuts every connection at once."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._port = port
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            ws="websockets-sansio",
            ws_ping_interval=None,
            server_header=False,
            proxy_headers=False,
        )
        self._server = uvicorn.Server(config)

    async def start(self) -> int:
        """Returns the port in use; raises OSError when somebody else has it."""
        own = socket.create_server(("127.0.0.1", self._port), backlog=2048)
        server = self._server
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup(sockets=[own])
        await server.on_tick(0)
        port: int = own.getsockname()[1]
        return port

    async def stop(self) -> None:
        server = self._server
        for one in server.servers:
            one.close()
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        if tasks := set(server.server_state.tasks):
            _, stuck = await asyncio.wait(tasks, timeout=_STOP_TIMEOUT)
            for task in stuck:
                task.cancel()
            await asyncio.gather(*stuck, return_exceptions=True)
        for one in server.servers:
            await one.wait_closed()

    def drop(self, client: tuple[str, int]) -> None:
        """Cuts the connection of this client without an answer."""
        for connection in list(self._server.server_state.connections):
            if connection.transport.get_extra_info("peername") == client:
                connection.transport.abort()


def loopback_client(timeout: float | None) -> httpx.AsyncClient:
    """A client with a bare context: loading the world's certificates is slow."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.AsyncClient(verify=context, trust_env=False, timeout=timeout)
