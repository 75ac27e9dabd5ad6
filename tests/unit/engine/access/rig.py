"""A doorman with nothing but lists around it: what it replies, tells and asks."""

from __future__ import annotations

from dataclasses import dataclass, field

from zmqscope.core.security.access import AccessList, Knock
from zmqscope.core.security.access_rules import AccessRequest
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import SocketId
from zmqscope.engine.access.checker import PasswordChecker
from zmqscope.engine.access.doorman import Checked, Doorman, DoormanParts
from zmqscope.engine.access.record import AccessRecord
from zmqscope.engine.access.zap import ReturnTo, ZapRequest, ZapStatus

HERE = "127.0.0.1"
DOOR = SocketId(7)


@dataclass(slots=True)
class DoormanRig:
    """A doorman, and what came of it.

    Attributes:
        replies: Status and user id by where they went.
        left: Askers that are not there any more.
        outer: What the lobby says.
        now_ns: The time.
    """

    replies: dict[bytes, tuple[ZapStatus, str, str]] = field(default_factory=dict)
    left: set[bytes] = field(default_factory=set)
    records: list[AccessRecord] = field(default_factory=list)
    knocks: dict[int, Knock] = field(default_factory=dict)
    checked: list[Checked] = field(default_factory=list)
    checker: PasswordChecker = field(default_factory=PasswordChecker)
    outer: str | None = ""
    now_ns: int = 1_000_000_000
    doorman: Doorman = field(init=False)

    def __post_init__(self) -> None:
        self.doorman = Doorman(
            DoormanParts(
                self._reply,
                self.records.append,
                self._put_knock,
                self.checker,
                self.checked.append,
                lambda _: self.outer,
                lambda: self.now_ns,
            )
        )

    def _reply(self, return_to: ReturnTo, status: ZapStatus, text: str, user_id: str) -> bool:
        if return_to.route in self.left:
            return False
        assert return_to.route not in self.replies, "answered twice"
        self.replies[return_to.route] = (status, text, user_id)
        return True

    def _put_knock(self, knock: Knock) -> None:
        self.knocks[knock.knock_id] = knock

    def set_list(self, access: AccessList) -> None:
        """The one list that holds."""
        self.doorman.set_lists((access,))

    def comes(self, route: bytes, seen: AccessRequest, door: SocketId = DOOR) -> None:
        """A peer is at the door."""
        self.doorman.on_request(ZapRequest(ReturnTo(route, b"1"), door, "default", seen))

    def status(self, route: bytes) -> ZapStatus | None:
        """What it was told."""
        found = self.replies.get(route)
        return None if found is None else found[0]

    def open_knocks(self) -> list[Knock]:
        """Those that wait for an answer."""
        return [knock for knock in self.knocks.values() if knock.is_open]


def by_key(key: str, address: str = HERE) -> AccessRequest:
    """A CURVE client."""
    return AccessRequest(Mechanism.CURVE, address, key=key)


def by_password(user: str, password: bytes) -> AccessRequest:
    """A PLAIN client."""
    return AccessRequest(Mechanism.PLAIN, HERE, user, password)
