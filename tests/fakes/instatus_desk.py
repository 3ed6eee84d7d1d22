"""What Instatus checks before it takes a request, and what it answers of a component."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.fakes import checks
from tests.fakes.instatus_memory import DECOYS, STATUSES, InstatusMemory, KeptComponent, iso
from tests.fakes.vendor import Ask, RefusedError

PAIRS = checks.pairs("id", "status", STATUSES)


class InstatusDesk(InstatusMemory):
    """Instatus without its routes."""

    # --- refusing --------------------------------------------------------------------------------

    def check_key(self, authorization: str) -> None:
        if authorization != f"Bearer {self.key}":
            raise RefusedError(401, self.error_body(401), "the key is not ours")

    def refuse(self, why: str, status: int = 0) -> RefusedError:
        return RefusedError(status or 500, self.error_body(status or 500), why)

    def refuse_empty(self) -> RefusedError:
        return self.refuse("the body is empty", 403)

    def error_body(self, status: int) -> object:
        words = {401: "Invalid API key", 403: "Not authorized", 404: "Not found"}
        message = words.get(status, "Something went wrong")
        return {"error": {"code": message.lower().replace(" ", "_"), "message": message}}

    def check_body(
        self,
        ask: Ask,
        required: Mapping[str, checks.Check],
        optional: Mapping[str, checks.Check],
    ) -> None:
        wrong = checks.problems(ask.body, required, optional)
        if wrong:
            raise self.refuse("; ".join(f"{name}: {why}" for name, why in wrong))
        named = ask.body.get("components", [])
        for each in ask.body.get("statuses", []):
            if each["id"] not in named:
                raise self.refuse(f"statuses: {each['id']} does not stand in components")
        for id_ in named:
            kept = self.kept_components.get(id_)
            if kept is None or kept.page != ask.ids["page"] or kept.is_parent or kept.archived:
                raise self.refuse(f"components: {id_} is no component of the page")

    def window(self, ask: Ask, items: list[Any], filters: tuple[str, ...] = ()) -> list[Any]:
        if not ask.query.keys() <= {"page", "per_page", *filters}:
            raise self.refuse(f"query: {sorted(ask.query)}")
        page, per_page = int(ask.query.get("page", 1)), int(ask.query.get("per_page", 50))
        if page < 1 or not 1 <= per_page <= self.largest_page:
            raise self.refuse("query: page or per_page out of range")
        size = min(per_page, self.most_per_page)
        return items[(page - 1) * size : page * size]

    def on_page(self, ask: Ask) -> str:
        if ask.ids["page"] not in self.kept_pages:
            raise self.refuse("the page is not known", 404)
        return ask.ids["page"]

    def component_answers(self, ids: list[str]) -> list[object]:
        return [self.component_answer(self.kept_components[id_]) for id_ in ids]

    def component_answer(self, kept: KeptComponent) -> dict[str, object]:
        parent = self.kept_components.get(kept.group or "")
        return {
            "id": kept.id,
            "name": kept.name,
            "status": kept.status,
            "isParent": kept.is_parent,
            "groupId": kept.group,
            "group": {"id": parent.id, "name": parent.name, "isParent": True} if parent else None,
            "archivedAt": iso(self.moment()) if kept.archived else None,
            "siteId": kept.page,
            "site": {"id": kept.page, "privacyBypass": DECOYS[0], "secureLink": DECOYS[1]},
        }

    def instant(self, body: Mapping[str, Any], name: str = "started") -> datetime:
        text = body.get(name)
        if not text or (name == "started" and self.keeps_instants is None):
            return self.moment()
        return self.kept_instant(datetime.fromisoformat(text).astimezone(UTC))


def statuses_of(body: Mapping[str, Any]) -> dict[str, str]:
    return {each["id"]: each["status"] for each in body.get("statuses", [])}
