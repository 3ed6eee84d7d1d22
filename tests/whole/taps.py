"""Taps on a message as somebody saw it, after it was edited."""

from bot.playground import Message, Person
from bot.playground.people.clicks import find_click


async def taps_late(person: Person, button: str, seen: Message) -> None:
    """Tap a button that was still on this person's screen."""
    action = find_click(seen.all_blocks, button)
    assert action
    await person._interactions.click_on_message(person.user, seen, action)  # noqa: SLF001
