"""The page over HTTP: what is asked for, how it may be kept, and who may read it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from bot.errors import FoghornError
from bot.statuspage.served.cache import CachedItem, PageCache, PageVersion, SiteSource
from bot.statuspage.served.catalogue import ALWAYS, FOR_EVER, HTML, Item, missing_page

Header = tuple[bytes, bytes]

_POLICY = (
    b"default-src 'none'; style-src 'self'; img-src 'self' data:; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SECURITY_HEADERS: tuple[Header, ...] = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_VARY: Header = (b"vary", b"Accept-Encoding")
_SHARED: Header = (b"access-control-allow-origin", b"*")
_RELOAD: Header = (b"refresh", b"60")
_MISSING = Item(HTML, missing_page)
_GZIP_SUFFIX = "-gzip"
"""What the tag of a packed body ends with: it is another sequence of bytes."""


def routes(source: SiteSource, now: Callable[[], datetime]) -> list[Route]:
    """Return the routes of the page; they take every path that nobody before them takes."""
    return [_CatchAllRoute("/{path:path}", PublicPage(PageCache(source, now)))]


class _CatchAllRoute(Route):
    """Takes every path at once: looking at it is the page's own work."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        return Match.FULL, {"endpoint": self.endpoint}


class PublicPage:
    """The page as an ASGI app."""

    def __init__(self, cache: PageCache) -> None:
        self._cache = cache

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            version = await self._cache.current()
        except FoghornError as error:
            response = PlainTextResponse(str(error), 503, {"retry-after": "10"})
            await response(scope, receive, send)
            return
        item = version.items.get(scope["path"])
        if item is None:
            await self._missing(version, scope, receive, send)
        elif scope["method"] in ("GET", "HEAD"):
            await self._read(version, item, scope, send)
        else:
            await _refuse(item, scope["method"])(scope, receive, send)

    async def _read(self, version: PageVersion, item: Item, scope: Scope, send: Send) -> None:
        path, wanted = scope["path"], _header(scope, b"if-none-match")
        packs = _takes_gzip(_header(scope, b"accept-encoding"))
        cached = self._cache.cached(version, path)
        if wanted and not cached and path in ALWAYS and _matches(wanted, version.key):
            tag = version.key  # Somebody has it from before we started.
        else:
            cached = cached or await self._cache.get(version, path, item)
            tag = cached.tag
        head = [*self._cache_headers(item), _VARY, _tag(tag, packs=packs)]
        if item.reloads and version.state.reloads:
            head.append(_RELOAD)
        if wanted and _matches(wanted, tag):
            await _send(send, 304, head)  # What is not repeated stays as it was.
        elif cached:
            body = cached.gzipped if packs else cached.body
            head += (*_SECURITY_HEADERS, *_content(cached, body, packs=packs))
            await _send(send, 200, head, b"" if scope["method"] == "HEAD" else body)

    async def _missing(
        self, version: PageVersion, scope: Scope, receive: Receive, send: Send
    ) -> None:
        trimmed = scope["path"].rstrip("/")
        if trimmed in version.items:
            response: Response = RedirectResponse(scope.get("root_path", "") + trimmed, 308)
            await response(scope, receive, send)
            return
        cached = self._cache.cached(version, "") or await self._cache.get(version, "", _MISSING)
        head = [*_SECURITY_HEADERS, (b"cache-control", b"public, max-age=30")]
        head += _content(cached, cached.body, packs=False)
        await _send(send, 404, head, b"" if scope["method"] == "HEAD" else cached.body)

    def _cache_headers(self, item: Item) -> Iterable[Header]:
        """Say how long caches may keep something; what is shared is so for every site."""
        if item.age == FOR_EVER:
            return ((b"cache-control", b"public, max-age=%d, immutable" % FOR_EVER),)
        rule = _rule(min(item.age, max(0, int(self._cache.seconds_left()))))
        return (rule, _SHARED) if item.shared else (rule,)


@cache
def _rule(age: int) -> Header:
    rule = b"public, max-age=%d, stale-while-revalidate=60, stale-if-error=86400" % age
    return b"cache-control", rule


def _refuse(item: Item, method: str) -> Response:
    allowed = {"allow": "GET, HEAD, OPTIONS" if item.shared else "GET, HEAD"}
    if method == "OPTIONS" and item.shared:
        methods = {"access-control-allow-methods": "GET, HEAD, OPTIONS"}
        asked = {"access-control-allow-headers": "If-None-Match", "access-control-max-age": "86400"}
        origin = {"access-control-allow-origin": "*"}
        return Response(status_code=204, headers={**allowed, **methods, **asked, **origin})
    return PlainTextResponse("This page can only be read.", 405, allowed)


def _content(cached: CachedItem, body: bytes, *, packs: bool) -> list[Header]:
    head = [
        (b"content-type", cached.item.media.encode()),
        (b"content-length", b"%d" % len(body)),
    ]
    return [*head, (b"content-encoding", b"gzip")] if packs else head


def _tag(tag: str, *, packs: bool) -> Header:
    return b"etag", f'"{tag}{_GZIP_SUFFIX if packs else ""}"'.encode()


def _header(scope: Scope, name: bytes) -> str:
    """Return a header's values as one, as its sender could have written them."""
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


def _matches(wanted: str, tag: str) -> bool:
    """Tell whether `If-None-Match` names this tag, packed or not, weak or not, or any at all."""
    if wanted == "*":
        return True
    named = (one.strip().removeprefix("W/") for one in wanted.split(","))
    return any(one in (f'"{tag}"', f'"{tag}{_GZIP_SUFFIX}"') for one in named)


def _takes_gzip(accepted: str) -> bool:
    """Tell whether `Accept-Encoding` lets us pack."""
    if accepted.startswith("gzip, "):  # As every browser does.
        return True
    for one in accepted.lower().split(","):
        name, _, quality = one.partition(";")
        if name.strip() in ("gzip", "*"):
            return quality.replace(" ", "").rstrip("0").rstrip(".") not in ("q=", "q=0")
    return False


async def _send(send: Send, status: int, head: list[Header], body: bytes = b"") -> None:
    """Answer without Starlette's `Response`, which takes some twenty microseconds to build."""
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
