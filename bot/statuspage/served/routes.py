"""The page over HTTP: what is asked for, how it may be kept, and who may read it."""

from collections.abc import Callable
from datetime import datetime

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from bot.errors import FoghornError
from bot.statuspage.served.cache import CachedItem, PageCache, PageVersion, SiteSource
from bot.statuspage.served.catalogue import ALWAYS, FOR_EVER, HTML, Item, missing_page

_SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
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
            response: Response = PlainTextResponse(str(error), 503, {"retry-after": "10"})
        else:
            response = await self._answer(version, scope)
        await response(scope, receive, send)

    async def _answer(self, version: PageVersion, scope: Scope) -> Response:
        path, method = scope["path"], scope["method"]
        item = version.items.get(path)
        if item and method in ("GET", "HEAD"):
            return await self._read(version, item, scope)
        if item:
            return _refuse(item, method)
        if (trimmed := path.rstrip("/")) in version.items:
            return RedirectResponse(scope.get("root_path", "") + trimmed, 308)
        missing = self._cache.cached(version, "") or await self._cache.get(version, "", _MISSING)
        return _whole(missing, method, {"cache-control": "public, max-age=30"}, 404)

    async def _read(self, version: PageVersion, item: Item, scope: Scope) -> Response:
        path, headers = scope["path"], Headers(scope=scope)
        wanted = ",".join(headers.getlist("if-none-match"))
        packs = _takes_gzip(",".join(headers.getlist("accept-encoding")))
        cached = self._cache.cached(version, path)
        # Somebody may have it from before we started.
        if not cached and not (path in ALWAYS and _matches(wanted, version.key)):
            cached = await self._cache.get(version, path, item)
        tag = cached.tag if cached else version.key
        head = self._cache_headers(item) | {"vary": "Accept-Encoding"}
        head["etag"] = f'"{tag}{_GZIP_SUFFIX if packs else ""}"'
        if item.reloads and version.state.reloads:
            head["refresh"] = "60"
        if not cached or _matches(wanted, tag):
            return Response(None, 304, head)  # What is not repeated stays as it was.
        return _whole(cached, scope["method"], head, packs=packs)

    def _cache_headers(self, item: Item) -> dict[str, str]:
        """Say how long caches may keep something; what is shared is so for every site."""
        if item.age == FOR_EVER:
            return {"cache-control": f"public, max-age={FOR_EVER}, immutable"}
        age = min(item.age, max(0, int(self._cache.seconds_left())))
        rule = f"public, max-age={age}, stale-while-revalidate=60, stale-if-error=86400"
        shared = {"access-control-allow-origin": "*"} if item.shared else {}
        return {"cache-control": rule} | shared


def _refuse(item: Item, method: str) -> Response:
    allowed = {"allow": "GET, HEAD, OPTIONS" if item.shared else "GET, HEAD"}
    if method == "OPTIONS" and item.shared:
        methods = {"access-control-allow-methods": "GET, HEAD, OPTIONS"}
        asked = {"access-control-allow-headers": "If-None-Match", "access-control-max-age": "86400"}
        origin = {"access-control-allow-origin": "*"}
        return Response(status_code=204, headers={**allowed, **methods, **asked, **origin})
    return PlainTextResponse("This page can only be read.", 405, allowed)


def _whole(
    cached: CachedItem, method: str, head: dict[str, str], status: int = 200, *, packs: bool = False
) -> Response:
    body = cached.gzipped if packs else cached.body
    head = head | _SECURITY_HEADERS | ({"content-encoding": "gzip"} if packs else {})
    head |= {"content-type": cached.item.media, "content-length": str(len(body))}
    return Response(b"" if method == "HEAD" else body, status, head)


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
