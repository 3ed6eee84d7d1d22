"""What the browser asks for, read strictly."""

from dataclasses import dataclass

from bot.playground.errors import Json


class BadBrowserRequest(ValueError):
    """The request is nothing that our own pages send."""


@dataclass(frozen=True)
class BrowserRequest:
    """One request of the browser on behalf of one person."""

    body: Json

    def string(self, name: str) -> str:
        value = self.body.get(name)
        if not isinstance(value, str):
            raise BadBrowserRequest(f"{name} must be a string")
        return value

    def optional_string(self, name: str) -> str | None:
        return None if self.body.get(name) is None else self.string(name)

    @property
    def key(self) -> tuple[str, str]:
        """The block and the action that it is about."""
        return self.string("block"), self.string("action")

    def strings(self, name: str) -> list[str]:
        value = self.body.get(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise BadBrowserRequest(f"{name} must be a list of strings")
        return value

    def typed_texts(self) -> dict[tuple[str, str], str]:
        """What stands in the text fields: block, action, text."""
        rows = self.body.get("typed", [])
        if not isinstance(rows, list):
            raise BadBrowserRequest("typed must be a list")
        texts: dict[tuple[str, str], str] = {}
        for row in rows:
            match row:
                case [str(block), str(action), str(text)]:
                    texts[block, action] = text
                case _:
                    raise BadBrowserRequest("typed has a row that is not block, action and text")
        return texts
