"""The public page's server, or a bare "hello": `python -m bench.public hello|DATABASE_URL`."""

import sys

import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bench.hello import serve
from bot.clock import SystemClock
from bot.database import open_database
from bot.statuspage.records.site_source import DatabaseSiteSource
from bot.statuspage.served.routes import routes
from bot.web.server import build


def hello() -> Starlette:
    """Return the least that Starlette can do."""

    async def answer(_: Request) -> Response:
        return PlainTextResponse("hello")

    return Starlette(routes=[Route("/", answer)])


async def main(what: str) -> None:
    """Serve until killed."""
    if what == "hello":
        await serve(hello())
        return
    async with open_database(what) as store:
        pages = routes(DatabaseSiteSource(store, "https://status.example.com"), SystemClock().now)
        await serve(build({}, None, pages))


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
