"""One-time addresses for Socket Mode."""

from itertools import count


class Tickets:
    """Hands out socket addresses; each opens one connection."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._open: set[str] = set()
        self.base = "ws://127.0.0.1"

    def issue(self) -> str:
        key = f"t{next(self._numbers):06d}"
        self._open.add(key)
        return f"{self.base}/link/?ticket={key}&app_id=A0FOG"

    def redeem(self, key: str) -> bool:
        known = key in self._open
        self._open.discard(key)
        return known
