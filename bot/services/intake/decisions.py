"""What a person decides about something that may be on its page or not, or sends in its place."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.deliveries import Delivery, State
from bot.domain.subjects import Publication
from bot.domain.submissions import AnySubmission, Person
from bot.errors import FormError
from bot.services.ledger import notices, refusals
from bot.store import Tx, audit, deliveries, submissions

_STATES: Mapping[str, State] = {
    "look": State.UNSURE,
    "again": State.PENDING,
    "leave": State.REFUSED,
}


def decide(tx: Tx, delivery_id: int, answer: str, person: Person, now: datetime) -> bool:
    """Do what a person chose for a delivery: `look`, `again` or `leave`; False if none waits."""
    delivery = deliveries.get(tx, delivery_id)
    if not delivery or not _settle(tx, delivery, answer, person, now):
        return False
    if answer == "leave":
        notices.tell_author(tx, delivery, notices.left(tx, delivery, person.name), now)
        refusals.give_up_rest(tx, delivery, now)
    notices.show_progress(tx, delivery, now)
    return True


def correct(tx: Tx, submission: AnySubmission, now: datetime) -> str:
    """Take the place of the submission that this one corrects; return its subject's id.

    That is "" when it corrects none. What nobody knows of is left as it is on its page. Raises
    `FormError` when somebody has corrected it already.
    """
    if not submission.replaces:
        return ""
    earlier = submissions.get(tx, submission.replaces)
    if not earlier or not submissions.mark_replaced(tx, earlier.id, submission.id):
        raise FormError(
            {"message": "Somebody has corrected and sent this already: see its thread."}
        )
    for each in deliveries.of_submission(tx, earlier.id):
        if each.state is State.STUCK and _settle(tx, each, "leave", submission.author, now):
            refusals.give_up_rest(tx, each, now)
    return earlier.subject_id


def lacking(
    tx: Tx, submission: AnySubmission, pages: Sequence[Publication]
) -> tuple[Publication, ...]:
    """Return those of `pages` that what this submission corrects did not and will not reach.

    That is all of them when it corrects nothing; raises `FormError` when it is none.
    """
    owed = deliveries.of_submission(tx, submission.replaces) if submission.replaces else ()
    refused = {each.publication_id for each in owed if each.state is State.REFUSED}
    reached = {each.publication_id for each in owed} - refused
    found = tuple(each for each in pages if each.id not in reached)
    if reached and not found:
        text = "Every page has it by now, or it is on its way there: see its thread."
        raise FormError({"message": text})
    return found


def _settle(tx: Tx, delivery: Delivery, answer: str, person: Person, now: datetime) -> bool:
    if not deliveries.decide(tx, delivery.id, _STATES[answer], now):
        return False
    action, outcome = f"decide {answer}", f"accepted{person.caveat}"
    audit.record(tx, audit.Entry(now, person.id, action, outcome, delivery.subject_id))
    return True
