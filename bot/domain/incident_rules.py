"""From a form to drafts: the rules that need no page and no database."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from bot.domain import times
from bot.domain.incidents import IncidentStatus
from bot.domain.pages import Capabilities, ComponentStatus, Page
from bot.domain.subjects import in_short
from bot.domain.submissions import IncidentFields, ReportForm, StatusForAll

LONGEST_AGO = timedelta(days=30)
"""How long ago an incident may have started, unless the settings say otherwise."""
_CLOCK_SLACK = timedelta(minutes=1)
_NAMED = 3
_ASKED_ABOUT = timedelta(days=1)
_CHOOSE_START = "Choose a later start, or leave it empty for now."

Chosen = Mapping[str, str]
"""The page's ids of its chosen components, by their keys in the snapshot."""


def text_problems(message: str, limits: Iterable[Capabilities]) -> dict[str, str]:
    """Return what is wrong with the message: empty, or longer than a page takes."""
    most = min((each.message_limit for each in limits if each.message_limit), default=None)
    if not message.strip():
        return {"message": "Say what customers should know."}
    return {"message": _too_long(message, most)} if most and len(message) > most else {}


def name_problems(what: str, name: str, limits: Iterable[Capabilities]) -> dict[str, str]:
    """Return what is wrong with the name of `what`: empty, or longer than a page takes."""
    most = min((each.name_limit for each in limits if each.name_limit), default=None)
    if not name.strip():
        return {"name": f"Give the {what} a name; customers read it first, in e-mails too."}
    return {"name": _too_long(name, most)} if most and len(name) > most else {}


def _too_long(text: str, most: int) -> str:
    return f"{len(text)} characters; this page takes at most {most}."


def report_problems(report: ReportForm, limits: Iterable[Capabilities]) -> dict[str, str]:
    """Return what is wrong with the words of a report."""
    limits = tuple(limits)
    problems = text_problems(report.fields.message, limits)
    return problems | name_problems("incident", report.name, limits)


def start_problems(
    report: ReportForm, pages: Iterable[Page], longest_ago: timedelta, now: datetime
) -> dict[str, str]:
    """Return what is wrong with the start of a report: to come, too long ago, or never asked about.

    One of more than a day ago counts once the person was asked about it (`long_ago`).
    """
    if not report.started:
        return {}
    if report.started > now + _CLOCK_SLACK:
        return {"started": "This is in the future. Leave it empty for now."}
    span = times.in_words(now - report.started)
    if report.started < now - longest_ago:
        most = times.in_words(longest_ago)
        return {"started": f"That is {span} ago; at most {most} are possible. {_CHOOSE_START}"}
    if reason := _before_the_first_day(report.started, pages):
        return {"started": reason}
    if report.started < now - _ASKED_ABOUT and not report.long_ago:
        return {"started": f"That is {span} ago. If it is meant, send the form once more."}
    return {}


def _before_the_first_day(started: datetime, pages: Iterable[Page]) -> str | None:
    for page in pages:
        if page.since and started.astimezone(UTC).date() < page.since.astimezone(UTC).date():
            first = times.day(page.since)
            return f"{page.name} has its first day on {first}, after this. {_CHOOSE_START}"
    return None


def impacts(
    fields: IncidentFields, chosen: Chosen, before: Mapping[str, ComponentStatus]
) -> dict[str, ComponentStatus]:
    """Return what an incident does to a page's components once this form is published.

    `before` is what it did until now; a component that is no longer chosen is operational again,
    and a resolved incident does nothing to any. What is to stay as it is, and was not there before,
    is not made worse: `added_problems` asks for its status.
    """
    after = dict.fromkeys(before, ComponentStatus.OPERATIONAL)
    for key, component_id in chosen.items():
        if fields.status is IncidentStatus.RESOLVED:
            after[component_id] = ComponentStatus.OPERATIONAL
        else:
            after[component_id] = _impact(fields, key, before.get(component_id))
    return after


def _impact(fields: IncidentFields, key: str, before: ComponentStatus | None) -> ComponentStatus:
    if fields.component_status is StatusForAll.EACH:
        return fields.each[key]
    if fields.component_status is StatusForAll.KEEP:
        return before or ComponentStatus.OPERATIONAL
    return fields.component_status


def component_problems(fields: IncidentFields, known: Iterable[str]) -> dict[str, str]:
    """Return what is wrong with the chosen components, given the keys that the pages have."""
    if gone := unknown_components(fields.components, known):
        return gone
    each = fields.component_status is StatusForAll.EACH
    if not each or fields.status is IncidentStatus.RESOLVED:
        return {}
    if not fields.components:
        return {"components": "Choose the components to set, or one status for all."}
    if set(fields.components) - set(fields.each):
        return {"component_status": "Choose a status for each component."}
    return {}


def added_problems(
    fields: IncidentFields,
    chosen: Chosen,
    before: Mapping[str, ComponentStatus],
    names: Mapping[str, str],
) -> dict[str, str]:
    """Return what is wrong when components are to stay as they are, and some are new.

    `before` is what the incident did until now, `names` are the page's, by its ids.
    """
    operational = ComponentStatus.OPERATIONAL
    added = [id_ for id_ in chosen.values() if before.get(id_, operational) is operational]
    resolved = fields.status is IncidentStatus.RESOLVED
    if fields.component_status is not StatusForAll.KEEP or resolved or not added:
        return {}
    quoted = ", ".join(f"“{in_short(names.get(id_, id_))}”" for id_ in added[:_NAMED])
    more = f" and {len(added) - _NAMED} more" if len(added) > _NAMED else ""
    return {
        "component_status": f"New in this incident: {quoted}{more}. "
        "Choose one status for all components, or “Set each…”."
    }


def unknown_components(chosen: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Return what is wrong when a chosen component is not among those that the pages have."""
    if set(chosen) - set(known):
        return {
            "components": "At least one of these is no longer on the chosen page. "
            "Take it out and choose again."
        }
    return {}
