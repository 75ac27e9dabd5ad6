"""Who may come in at one bound endpoint, by address, and who is not through yet. Links' thread."""

from __future__ import annotations

from zmqscope.core.security.access_rules import AddressRules
from zmqscope.core.wording import quoted
from zmqscope.engine.access.lobby import Lobby
from zmqscope.engine.links.plan import Door


class Threshold:
    """Of an endpoint whose socket goes by an access list.

    Args:
        door: Whose it is, and the rules.
        lobby: Told of those that are not through yet.
    """

    def __init__(self, door: Door, lobby: Lobby) -> None:
        self._socket_id = door.socket_id
        self._rules = door.rules
        self._lobby = lobby
        self._waiting: dict[object, str] = {}

    @property
    def access(self) -> str:
        """The name of the access list."""
        return self._rules.access

    def refusal(self, address: str) -> str | None:
        """Why a peer at an IP address may not come in, as a sentence about it; None if it may."""
        reason = self._rules.refusal(address)
        return None if reason is None else f"A peer at {quoted(address)} is turned away: {reason}."

    def enter(self, link: object, address: str) -> None:
        """A peer has connected."""
        self._waiting[link] = address
        self._lobby.enter(self._socket_id, link, address)

    def leave(self, link: object) -> None:
        """It has shaken hands, or has gone; any number of times."""
        if self._waiting.pop(link, None) is not None:
            self._lobby.leave(self._socket_id, link)

    def set_rules(self, rules: AddressRules) -> list[tuple[object, str]]:
        """Other rules hold now; links not through that may not come in any more, and why."""
        self._rules = rules
        refused = ((link, self.refusal(address)) for link, address in self._waiting.items())
        return [(link, reason) for link, reason in refused if reason is not None]
