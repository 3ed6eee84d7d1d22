"""What an attempt at a delivery comes to: done, later, unsure, refused, or up to a person."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.deliveries import Delivery, State, pause_after
from bot.errors import FoghornError, Gone, StoreUnavailable, Unavailable, Uncertain
from bot.store import Tx

_LOOKED = " Foghorn looked, and it is not there."


@dataclass(frozen=True, slots=True)
class Success:
    """It is there: under which id, and what to write down in the same transaction."""

    remote_id: str | None = None
    record: Callable[[Tx, datetime], None] = lambda _tx, _now: None


@dataclass(frozen=True, slots=True)
class NotFound:
    """Looked for and not found: it may be sent again."""


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Looked for and not clear; `reason` is for the person who has to decide."""

    reason: str


LookResult = Success | NotFound | Ambiguity


class DeliveryHandler(ABC):
    """Brings one kind of delivery to the outside; as it is here, one that can be repeated."""

    person_decides = False
    """Whether a person is asked when nobody can tell whether it arrived."""

    @abstractmethod
    async def send(self, delivery: Delivery) -> Success:
        """Send it; raise one of the `ProviderError` family when that fails."""

    async def look(self, delivery: Delivery) -> LookResult:
        """Look whether an earlier attempt arrived; what can be repeated need not be looked for."""
        return NotFound()

    def repeatable(self, delivery: Delivery) -> bool:
        """Say whether sending it twice is the same as sending it once, so that nobody need look."""
        return True

    def waits(self, tx: Tx, delivery: Delivery, now: datetime) -> None:  # noqa: B027 -- the log has it
        """Write down that it waits (its new state and reason are in `delivery`)."""

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:  # noqa: B027 -- the log has it
        """Write down that it is refused for good, or stuck until somebody decides."""


@dataclass(frozen=True, slots=True)
class Transition:
    """The state that an attempt leads to, after which pause, and why in words for a person."""

    state: State
    pause: timedelta = timedelta()
    error: FoghornError | None = None
    success: Success | None = None


@dataclass(frozen=True, slots=True)
class AttemptContext:
    """What a transition depends on besides the attempt itself.

    `repeatable` says that sending twice is the same as sending once; `quiet` is how long to wait
    before looking for what may have arrived; `jitter` lies between 0 and 1. `person` says that
    somebody can be asked to decide.
    """

    repeatable: bool
    quiet: timedelta
    jitter: float
    person: bool = True


def after_answer(delivery: Delivery, outcome: LookResult, around: AttemptContext) -> Transition:
    """Judge an attempt that ended with an answer.

    What is not there is sent again however often that was in vain, after what is left of its pause
    once the quiet time has passed.
    """
    if isinstance(outcome, Success):
        return Transition(State.DONE, success=outcome)
    if isinstance(outcome, Ambiguity):
        return Transition(State.STUCK, error=FoghornError(outcome.reason))
    pause = pause_after(delivery.attempts, None, around.jitter) - around.quiet
    reason = f"{delivery.error.removesuffix(_LOOKED)}{_LOOKED}" if delivery.error else None
    error = FoghornError(reason) if reason else None
    return Transition(State.PENDING, max(pause, timedelta()), error)


def after_error(delivery: Delivery, error: FoghornError, around: AttemptContext) -> Transition:
    """Judge an attempt that failed.

    A refusal proves nothing about what was sent before and never looked for, so a person decides.
    """
    looked = delivery.state is State.LOOKING
    if isinstance(error, StoreUnavailable):
        # What is read of ours is read before anything is sent.
        error = Unavailable(str(error))
    if isinstance(error, Unavailable):
        pause = pause_after(delivery.attempts, error.retry_after, around.jitter)
        return Transition(State.UNSURE if looked else State.PENDING, pause, error)
    if isinstance(error, Uncertain):
        if around.repeatable:
            pause = pause_after(delivery.attempts, error.retry_after, around.jitter)
            return Transition(State.PENDING, pause, error)
        asked = timedelta(seconds=error.retry_after or 0)
        return Transition(State.UNSURE, max(around.quiet, asked), error)
    never_looked_for = around.repeatable and delivery.doubts > 0
    if around.person and (never_looked_for or (looked and not isinstance(error, Gone))):
        return Transition(State.STUCK, error=error)
    return Transition(State.REFUSED, error=error)
