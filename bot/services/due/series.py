"""What happens when the next window of a series is due on its pages."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.timers import Timer, TimerKind
from bot.services.due.timers import TimerHandler
from bot.store import Tx


def handlers(put_up: Callable[[Tx, str, datetime], None]) -> dict[TimerKind, TimerHandler]:
    """Return the handler; `put_up` submits the windows that are near, as a person would."""

    def handle(tx: Tx, timer: Timer, now: datetime) -> None:
        put_up(tx, timer.about, now)

    return {TimerKind.WINDOW: handle}
