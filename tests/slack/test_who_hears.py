"""What forms say of who hears of a post: only what is true of the pages."""

import json
from dataclasses import replace

import pytest

from bot.domain.maintenances import Notice
from bot.slack.blocks import Block
from bot.slack.views import fields, incidents, maintenances, messages
from bot.slack.views.fields import PageChoice
from tests.slack import maintenance_states
from tests.slack.states import BANK, SHOP, incident_update_state, receipt, report_state

OWN = PageChoice(SHOP.page, replace(SHOP.capabilities, has_subscribers=False))
TRUTH = "in the feeds; this page has no subscribers"


def forms(*pages: PageChoice) -> list[Block]:
    chosen = tuple(each.page.id for each in pages)
    filled = maintenance_states.schedule(pages=chosen, notices=(Notice.NOW, Notice.AT_END))
    schedule = maintenance_states.schedule_state(pages=pages, form=filled)
    return [
        incidents.report(report_state(pages=pages)),
        incidents.update(incident_update_state(pages=pages)),
        maintenances.schedule(schedule),
        maintenances.update(maintenance_states.update_state(pages=pages)),
    ]


@pytest.mark.parametrize("form", forms(OWN), ids=lambda form: form["title"]["text"])
def test_a_form_for_a_page_without_subscribers_promises_nobody_a_message(form: Block) -> None:
    shown = json.dumps(form, ensure_ascii=False)
    assert f"Shop: {TRUTH}." in shown
    assert "hear of it" not in shown


@pytest.mark.parametrize("form", forms(BANK, OWN), ids=lambda form: form["title"]["text"])
def test_a_form_says_which_of_its_pages_tell_whom(form: Block) -> None:
    shown = json.dumps(form, ensure_ascii=False)
    assert "hear of it" in shown
    assert "Bank &amp; Co: not when the page has more than 1,000 subscribers." in shown
    assert f"Shop: {TRUTH}." in shown


def test_a_page_with_subscribers_is_not_said_to_have_none() -> None:
    assert "no subscribers" not in fields.ticked_tells([SHOP, BANK])


@pytest.mark.parametrize("notified", [True, False, None])
def test_a_receipt_of_a_page_without_subscribers_says_so(notified: bool | None) -> None:  # noqa: FBT001
    shown = json.dumps(messages.published(receipt(notified=notified, has_subscribers=False)))
    assert TRUTH in shown
    assert "notified" not in shown
