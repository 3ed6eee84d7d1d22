"""Switches for faults: what a team turns on in the browser to train for it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.errors import Json
from bot.playground.workspace.journal import Journal


@dataclass
class FaultSwitch:
    """A fault that lasts while it is on; `about` says what somebody will see of it."""

    key: str
    label: str
    about: str
    turn: Callable[[bool], None]
    on: bool = False


class FaultSwitches:
    """The switches of this playground; those that were offered last stand first."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._switches: dict[str, FaultSwitch] = {}

    def offer(self, *switches: FaultSwitch) -> None:
        self._switches = {one.key: one for one in switches} | self._switches

    def turn(self, key: str, *, on: bool) -> None:
        """Turns a switch; raises LookupError when there is none of this key."""
        switch = self._switches[key]
        switch.on = on
        switch.turn(on)
        self._journal.note(f"fault {key} is {'on' if on else 'off'}")

    def listed(self) -> Json:
        """Returns what the browser shows of them."""
        switches = [
            {"key": one.key, "label": one.label, "about": one.about, "on": one.on}
            for one in self._switches.values()
        ]
        return {"switches": switches}
