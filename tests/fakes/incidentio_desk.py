"""What incident.io checks before it takes a request, and how it refuses."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.fakes import checks
from tests.fakes.incidentio_memory import IncidentIoMemory, KeptPage
from tests.fakes.vendor import Ask, Clock, RefusedError, wall_clock

MOST_UPDATES = 100
TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "resource_forbidden",
    404: "not_found",
    408: "request_timeout",
    409: "conflict",
    422: "validation_error",
    429: "too_many_requests",
}


class IncidentIoDesk(IncidentIoMemory):
    """incident.io without its routes.

    `notify_refusal` is how it refuses to notify a big page, which is not documented;
    `first_answers` are the answers to creates by their keys, whatever they made.
    """

    def __init__(self, key: str = "incidentio-key-decoy-6b6b", now: Clock = wall_clock) -> None:
        super().__init__(key, now)
        self.most_notified = 1000
        self.notify_refusal: tuple[int, str | None] = (422, "notify_subscribers")
        self.first_answers: dict[str, object] = {}

    # --- refusing --------------------------------------------------------------------------------

    def check_key(self, authorization: str) -> None:
        # The widget alone is asked without a key.
        if authorization != f"Bearer {self.key}" and "/widget/" not in self.requests[-1].path:
            raise RefusedError(401, self.error_body(401), "the key is not ours")

    def refuse(self, why: str, status: int = 0, fields: Sequence[str] = ()) -> RefusedError:
        return RefusedError(status or 422, self._error(status or 422, why, fields), why)

    def error_body(self, status: int) -> object:
        return self._error(status, TYPES.get(status, "api_error").replace("_", " "), ())

    def _error(self, status: int, why: str, fields: Sequence[str]) -> object:
        source = [{"source": {"field": name, "pointer": f"/{name}"}} for name in fields]
        return {
            "type": TYPES.get(status, "api_error"),
            "status": status,
            "request_id": "3f0c6d1e-7a52-4c1b-9d38-5be2f4a90c17",
            "errors": [{"code": "invalid", "message": why, **extra} for extra in source or [{}]],
        }

    def extra_headers(self) -> Mapping[str, str]:
        return {
            "X-RateLimit-Limit": "60, 1200;window=60, 60;window=60",
            "X-RateLimit-Remaining": "59",
            "X-RateLimit-Used": "1",
            "X-RateLimit-Reset": "1785173199",
        }

    def check_body(
        self,
        ask: Ask,
        required: Mapping[str, checks.Check],
        optional: Mapping[str, checks.Check],
    ) -> None:
        wrong = checks.problems(ask.body, required, optional)
        if wrong:
            why = "; ".join(f"{name}: {reason}" for name, reason in wrong)
            raise self.refuse(why, fields=[name for name, _ in wrong])

    def check_components(self, page: str, ids: Iterable[str], name: str) -> None:
        placed = self.kept_pages[page].components
        if any(id_ not in placed for id_ in ids):
            raise self.refuse("A component is not on this page", fields=[name])

    def check_notifying(self, body: Mapping[str, Any]) -> None:
        if body["notify_subscribers"] and self.subscribers > self.most_notified:
            status, name = self.notify_refusal
            fields = [name] if name else []
            raise self.refuse("The page has too many subscribers to notify", status, fields)

    def known_page(self, id_: str | None) -> KeptPage:
        if id_ not in self.kept_pages:
            raise self.refuse("Status page not found", 404)
        return self.kept_pages[id_]

    def window(self, ask: Ask, items: list[dict[str, Any]], name: str) -> dict[str, object]:
        size = int(ask.query.get("page_size", 25))
        if not 1 <= size <= self.largest_page:
            raise self.refuse("page_size is out of range", fields=["page_size"])
        size, after = min(size, self.most_per_page), ask.query.get("after")
        ids = [item["id"] for item in items]
        if after and after not in ids:
            raise self.refuse("The cursor is not known", 404)
        start = ids.index(after) + 1 if after else 0
        shown, more = items[start : start + size], len(items) > start + size
        meta = {"page_size": size, **({"after": shown[-1]["id"]} if more else {})}
        return {name: shown, "pagination_meta": meta}

    def only(self, ask: Ask, *names: str) -> None:
        if not ask.query.keys() <= {*names, "page_size", "after"}:
            raise self.refuse(f"query: {sorted(ask.query)}")
