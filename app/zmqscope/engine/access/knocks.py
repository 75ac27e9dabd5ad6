"""Unknown peers that wait for the user's answer, and what was answered lately. One thread."""

from __future__ import annotations

import itertools
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from zmqscope.core.security.access import Knock, KnockId, Verdict
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import SocketId
from zmqscope.engine.access.zap import ReturnTo, ZapRequest

MOST_OPEN = 200
"""Knocks that can be open at the same time."""

MOST_AT_A_DOOR = 150
"""Of them at one socket's door: a crowd there leaves room for those who knock elsewhere."""

VERDICT_NS = 300_000_000_000
"""How long an answer also holds for the next tries of the same peer: its handshake may have timed
out while the user thought about it."""

_MOST_HELD = 16
_MOST_VERDICTS = 2_000
# A peer that still wants in has tried again by then: libzmq's handshakes last 30 s at most.
_QUIET_NS = 120_000_000_000
_SECOND_NS = 1_000_000_000

_numbers = itertools.count(1)
_nobodies = itertools.count(1)

Credential = tuple[SocketId, str, Mechanism, str, *tuple[object, ...]]
"""What makes two tries those of the same peer: door, list, mechanism, its name, and more."""


@dataclass(slots=True)
class OpenKnock:
    """A knock, and the requests that are held until it is answered.

    Attributes:
        knock: As it is told.
        credential: Whose it is.
        request: Its last request.
        held: Where answers go.
        last_ns: When it tried last, on the capture clock.
    """

    knock: Knock
    credential: Credential
    request: ZapRequest = field(repr=False)
    held: deque[ReturnTo]
    last_ns: int

    def hold(self, return_to: ReturnTo) -> ReturnTo | None:
        """Hold one more request; the oldest that had to make way for it, if there are too many."""
        oldest = self.held[0] if len(self.held) == self.held.maxlen else None
        self.held.append(return_to)
        return oldest


def credential_of(request: ZapRequest, digest: Callable[[bytes], bytes]) -> Credential:
    """What makes two requests those of the same peer: door, mechanism, its name, and more.

    Whoever shows nothing and comes from nowhere that is known is nobody's like.

    Args:
        request: One of them.
        digest: What stands for a password.
    """
    seen = request.seen
    door = (request.socket_id, request.access, seen.mechanism)
    match seen.mechanism:
        case Mechanism.NULL if seen.is_own:
            # All links come from the same address.
            return (*door, seen.outer, "link" if seen.outer else next(_nobodies))
        case Mechanism.NULL:
            return (*door, seen.address)
        case Mechanism.PLAIN:
            return (*door, seen.user, digest(seen.password))
        case Mechanism.CURVE:
            return (*door, seen.key)


class Knocks:
    """Open knocks by number and by credential, and recent verdicts."""

    def __init__(self) -> None:
        self._open: OrderedDict[Credential, OpenKnock] = OrderedDict()
        self._at_door: Counter[SocketId] = Counter()
        self._verdicts: OrderedDict[Credential, tuple[Verdict, int]] = OrderedDict()

    def __iter__(self) -> Iterator[OpenKnock]:
        return iter(list(self._open.values()))

    def __len__(self) -> int:
        return len(self._open)

    def verdict(self, credential: Credential, now_ns: int) -> Verdict | None:
        """What was answered to the same peer lately."""
        found = self._verdicts.get(credential)
        if found is None:
            return None
        verdict, until_ns = found
        if now_ns < until_ns:
            return verdict
        del self._verdicts[credential]
        return None

    def again(self, credential: Credential, request: ZapRequest, now_ns: int) -> OpenKnock | None:
        """The same peer tries again; None if it does not wait for an answer."""
        found = self._open.get(credential)
        if found is None:
            return None
        self._open.move_to_end(credential)
        found.knock = replace(found.knock, tries=found.knock.tries + 1)
        found.request = request
        found.last_ns = now_ns
        return found

    def add(
        self, credential: Credential, request: ZapRequest, address: str, now_ns: int
    ) -> OpenKnock | None:
        """A peer knocks for the first time; None if there is no place for another knock."""
        if len(self._open) >= MOST_OPEN or self._at_door[request.socket_id] >= MOST_AT_A_DOOR:
            return None
        seen = request.seen
        knock = Knock(
            KnockId(next(_numbers)),
            request.socket_id,
            request.access,
            seen.mechanism,
            address,
            b"",
            seen.user,
            seen.key,
            now_ns,
        )
        held = deque([request.return_to], _MOST_HELD)
        found = OpenKnock(knock, credential, request, held, now_ns)
        self._open[credential] = found
        self._at_door[request.socket_id] += 1
        return found

    def quiet(self, now_ns: int) -> OpenKnock | None:
        """The one that has not tried for longest, if that is long enough to have gone away."""
        first = next(iter(self._open.values()), None)
        is_quiet = first is not None and now_ns - first.last_ns > _QUIET_NS
        return first if is_quiet else None

    def find(self, knock_id: KnockId) -> OpenKnock | None:
        """An open knock by its number."""
        return next((k for k in self._open.values() if k.knock.knock_id == knock_id), None)

    def close(self, found: OpenKnock) -> Knock:
        """It does not wait any more; the knock as it is told now."""
        if self._open.pop(found.credential, None) is not None:
            door = found.credential[0]
            self._at_door[door] -= 1
            if not self._at_door[door]:
                del self._at_door[door]
        found.knock = replace(found.knock, is_open=False)
        return found.knock

    def remember(self, credential: Credential, verdict: Verdict, now_ns: int) -> None:
        """An answer, for the next tries of the same peer."""
        self._verdicts.pop(credential, None)
        self._verdicts[credential] = (verdict, now_ns + VERDICT_NS)
        if len(self._verdicts) > _MOST_VERDICTS:
            self._verdicts.popitem(last=False)

    def drop_verdicts(self, is_listed: Callable[[str, Mechanism, str], bool]) -> None:
        """Forget what was answered to those on a list: struck off it, they are asked for anew.

        Args:
            is_listed: Of an access list's name, a mechanism, and a user, key or address.
        """
        for credential in [c for c in self._verdicts if is_listed(*c[1:4])]:
            del self._verdicts[credential]

    def forget(self, socket_id: SocketId) -> list[OpenKnock]:
        """A socket was closed: those that are open at its door, and no verdict holds any more."""
        for credential in [c for c in self._verdicts if c[0] == socket_id]:
            del self._verdicts[credential]
        return [each for each in self if each.knock.socket_id == socket_id]


class Waits:
    """How many peers may be left hanging at the same time by a reply that they are not told.

    libzmq keeps their connections until ``HANDSHAKE_IVL``, 30 s by default: without a bound those
    who knock as fast as they can would use up all descriptors.
    """

    _LASTS_NS = 30 * _SECOND_NS

    def __init__(self, most: int = 500) -> None:
        self._began_ns: deque[int] = deque(maxlen=most)

    def may_wait(self, now_ns: int) -> bool:
        """Whether one more may be left hanging; it counts then."""
        began_ns = self._began_ns
        if len(began_ns) == began_ns.maxlen and now_ns - began_ns[0] < self._LASTS_NS:
            return False
        began_ns.append(now_ns)
        return True
