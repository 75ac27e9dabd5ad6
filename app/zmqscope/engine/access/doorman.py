"""Decides who comes in, holds those that the user is asked about. The authenticator's thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from zmqscope.core.security.access import AccessList, Knock, KnockId, PasswordHash, Verdict
from zmqscope.core.security.access_rules import (
    AccessRequest,
    AccessRules,
    Decision,
    Outcome,
    parse_address,
)
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.security.passwords import SeenPasswords
from zmqscope.core.types import SocketId
from zmqscope.engine.access.checker import PasswordChecker
from zmqscope.engine.access.knocks import Knocks, OpenKnock, Waits, credential_of
from zmqscope.engine.access.record import AccessRecord
from zmqscope.engine.access.zap import ReturnTo, ZapFault, ZapRequest, ZapStatus

_REFUSED_BY_USER = "you refused it"
_TOO_MANY_KNOCK = "too many unknown peers wait for an answer already"
_TOO_MANY_PASSWORDS = "too many passwords wait to be checked"
_NO_ADDRESS = ""
# What libzmq has asked of a socket that was closed meanwhile comes within a moment.
_MOST_CLOSED = 1_000

Reply = Callable[[ReturnTo, ZapStatus, str, str], bool]
"""Sends a reply: where to, status, text, user id. Whether the asker is still there."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What scrypt said of the password of some requests."""

    request: ZapRequest = field(repr=False)
    returns: tuple[ReturnTo, ...]
    kept: PasswordHash
    is_right: bool


@dataclass(frozen=True, slots=True)
class DoormanParts:
    """What a doorman works with.

    Attributes:
        reply: Sends replies.
        record: Takes each decision.
        put_knock: Takes each knock, new or changed.
        checker: Checks passwords.
        checked: Takes what the checker says, on the checker's thread.
        outer_address: For a connection of this process: the address at the other end of the link,
            or empty if that is not known for sure; None if it may be no link's.
        now_ns: The capture clock.
    """

    reply: Reply
    record: Callable[[AccessRecord], None]
    put_knock: Callable[[Knock], None]
    checker: PasswordChecker
    checked: Callable[[Checked], None]
    outer_address: Callable[[SocketId], str | None]
    now_ns: Callable[[], int]


class Doorman:
    """Requests in, replies out; some of them later.

    Args:
        parts: See ``DoormanParts``.
    """

    def __init__(self, parts: DoormanParts) -> None:
        self._parts = parts
        self._rules: dict[str, AccessRules] = {}
        self._knocks = Knocks()
        self._seen = SeenPasswords()
        self._waits = Waits()
        self._closed: deque[SocketId] = deque(maxlen=_MOST_CLOSED)

    # ---- the lists --------------------------------------------------------------------------

    def set_lists(self, lists: Sequence[AccessList]) -> None:
        """These lists hold from now on; who waits and fits them now is answered."""
        self._rules = {each.name: AccessRules(each) for each in lists}
        for found in self._knocks:
            decision = self._rules_of(found.request.access).judge(found.request.seen)
            if decision.outcome is not Outcome.ASK:
                self._parts.put_knock(self._knocks.close(found))
                self._carry_out(decision, found.request, tuple(found.held))
        self._knocks.drop_verdicts(
            lambda access, mechanism, name: self._rules_of(access).names(mechanism, name)
        )

    def _rules_of(self, access: str) -> AccessRules:
        found = self._rules.get(access)
        # A list that nobody has made yet lets nobody in unasked.
        return AccessRules(AccessList(access)) if found is None else found

    # ---- requests ---------------------------------------------------------------------------

    def on_request(self, request: ZapRequest | ZapFault) -> None:
        """A peer is at the door of one of our sockets."""
        if isinstance(request, ZapFault):
            if request.return_to is not None:
                self._parts.reply(request.return_to, request.status, request.text, "")
            return
        if request.socket_id in self._closed:
            # libzmq asked before it was. Refused, the peer would not come again to the next one.
            return
        self._consider(self._with_outer(request))

    def _with_outer(self, request: ZapRequest) -> ZapRequest:
        """A request through a link, with what is known of where it comes from."""
        if not request.seen.is_own:
            return request
        outer = self._parts.outer_address(request.socket_id)
        seen = replace(request.seen, outer=outer or "", is_judged=outer is not None)
        return replace(request, seen=seen)

    def _consider(self, request: ZapRequest) -> None:
        decision = self._rules_of(request.access).judge(request.seen)
        if decision.outcome is Outcome.ASK:
            self._ask(decision, request)
        else:
            self._carry_out(decision, request, (request.return_to,))

    def _carry_out(
        self, decision: Decision, request: ZapRequest, returns: tuple[ReturnTo, ...]
    ) -> None:
        if decision.outcome is Outcome.CHECK and decision.password is not None:
            self._check(decision, decision.password, request, returns)
        elif decision.outcome is Outcome.LET_IN:
            self._finish(request, returns, ZapStatus.SUCCESS, user_id=decision.user_id)
        else:
            self._finish(request, returns, ZapStatus.REFUSED, decision.reason)

    def _check(
        self,
        decision: Decision,
        kept: PasswordHash,
        request: ZapRequest,
        returns: tuple[ReturnTo, ...],
    ) -> None:
        password = request.seen.password
        known = self._seen.look(kept, password)
        if known is not None:
            self.on_checked(Checked(request, returns, kept, known))
            return

        def done(is_right: bool, kept: PasswordHash) -> None:
            self._parts.checked(Checked(request, returns, kept, is_right))

        if not self._parts.checker.check(password, kept, done):
            self._put_off(request, returns, _TOO_MANY_PASSWORDS)

    def on_checked(self, checked: Checked) -> None:
        """Scrypt has said whether a password is right."""
        request = checked.request
        self._seen.note(checked.kept, request.seen.password, checked.is_right)
        decision = self._rules_of(request.access).judge(request.seen)
        if decision.outcome is Outcome.CHECK and decision.password != checked.kept:
            # The list has changed in the meantime.
            self._carry_out(decision, request, checked.returns)
        elif decision.outcome is not Outcome.CHECK:
            for return_to in checked.returns:
                self._consider(replace(request, return_to=return_to))
        elif checked.is_right:
            user_id = decision.user_id
            self._finish(request, checked.returns, ZapStatus.SUCCESS, user_id=user_id)
        else:
            self._finish(request, checked.returns, ZapStatus.REFUSED, decision.reason)

    def _put_off(self, request: ZapRequest, returns: tuple[ReturnTo, ...], reason: str) -> None:
        """There is no room for it now: it may come again, if not too many wait for that."""
        for return_to in returns:
            may_wait = self._waits.may_wait(self._parts.now_ns())
            status = ZapStatus.TEMPORARY if may_wait else ZapStatus.REFUSED
            self._finish(request, (return_to,), status, reason)

    def _finish(
        self,
        request: ZapRequest,
        returns: Sequence[ReturnTo],
        status: ZapStatus,
        reason: str = "",
        user_id: str = "",
    ) -> None:
        """Reply, and tell, unless nobody is there any more."""
        is_there = [self._parts.reply(each, status, reason, user_id) for each in returns]
        if any(is_there):
            self._record(request, status, reason, user_id)

    def _record(
        self, request: ZapRequest, status: ZapStatus | None, reason: str, user_id: str
    ) -> None:
        seen = request.seen
        self._parts.record(
            AccessRecord(
                self._parts.now_ns(),
                request.socket_id,
                request.access,
                seen.mechanism,
                _ip_address(seen),
                user_id or seen.user or seen.key,
                seen.key,
                status,
                reason,
                _process(seen),
            )
        )

    # ---- asking -----------------------------------------------------------------------------

    def _ask(self, decision: Decision, request: ZapRequest) -> None:
        now_ns = self._parts.now_ns()
        credential = credential_of(request, self._seen.digest)
        verdict = self._knocks.verdict(credential, now_ns)
        if verdict is not None:
            self._answer(request, (request.return_to,), verdict, decision.user_id)
            return
        found = self._knocks.again(credential, request, now_ns)
        if found is not None:
            self._hold(found, request.return_to, now_ns)
        else:
            self._make_room(now_ns)
            found = self._knocks.add(credential, request, _ip_address(request.seen), now_ns)
            if found is None:
                self._put_off(request, (request.return_to,), _TOO_MANY_KNOCK)
                return
            self._record(request, None, decision.reason, "")
        self._parts.put_knock(found.knock)

    def _hold(self, found: OpenKnock, return_to: ReturnTo, now_ns: int) -> None:
        """Hold one more try; the oldest of too many hangs on unanswered, but not for anybody."""
        oldest = found.hold(return_to)
        if oldest is not None and not self._waits.may_wait(now_ns):
            self._parts.reply(oldest, ZapStatus.REFUSED, _TOO_MANY_KNOCK, "")

    def _make_room(self, now_ns: int) -> None:
        quiet = self._knocks.quiet(now_ns)
        if quiet is not None:
            self._parts.put_knock(self._knocks.close(quiet))

    def answer(self, knock_id: KnockId, verdict: Verdict) -> None:
        """The user has answered; also where the peer has left in the meantime."""
        found = self._knocks.find(knock_id)
        if found is None:
            return
        self._knocks.remember(found.credential, verdict, self._parts.now_ns())
        request, returns = found.request, tuple(found.held)
        user_id = request.seen.user or request.seen.key
        self._parts.put_knock(self._knocks.close(found))
        self._answer(request, returns, verdict, user_id)
        if verdict is Verdict.LET_IN and request.seen.mechanism is Mechanism.PLAIN:
            self._hash(found)

    def _answer(
        self, request: ZapRequest, returns: Sequence[ReturnTo], verdict: Verdict, user_id: str
    ) -> None:
        if verdict is Verdict.LET_IN:
            self._finish(request, returns, ZapStatus.SUCCESS, user_id=user_id)
        else:
            self._finish(request, returns, ZapStatus.REFUSED, _REFUSED_BY_USER)

    def _hash(self, found: OpenKnock) -> None:
        """Tell what stands for the password of who was let in, so that it can go on the list."""
        knock, put_knock = found.knock, self._parts.put_knock

        def done(_is_right: bool, password: PasswordHash) -> None:
            put_knock(replace(knock, password=password))

        self._parts.checker.hash(found.request.seen.password, done)

    # ---- sockets ----------------------------------------------------------------------------

    def expect(self, socket_id: SocketId) -> None:
        """A socket is about to be opened."""
        if socket_id in self._closed:
            self._closed.remove(socket_id)

    def forget(self, socket_id: SocketId) -> None:
        """A socket was closed: nobody waits at its door any more."""
        self.expect(socket_id)
        self._closed.append(socket_id)
        for found in self._knocks.forget(socket_id):
            self._parts.put_knock(self._knocks.close(found))


def _ip_address(seen: AccessRequest) -> str:
    """Its IP address; empty where it has none that is known."""
    address = parse_address(seen.outer if seen.is_own else seen.address)
    return _NO_ADDRESS if address is None else str(address)


def _process(seen: AccessRequest) -> int | None:
    """Of an ipc peer in another process; libzmq tells it where the system does."""
    parts = seen.address.split(":")
    is_known = parts[0] == "localhost" and len(parts) == 4 and parts[3].isdigit()
    return int(parts[3]) if is_known and not seen.is_own else None
