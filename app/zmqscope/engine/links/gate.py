"""One endpoint that links serve: who knocks there, and the links that came of it. Links' thread."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.security.access_rules import AddressRules
from zmqscope.core.types import Problem, Role
from zmqscope.engine.access.lobby import Lobby
from zmqscope.engine.context import MORE_ROOM, descriptor_reserve, spare_descriptors
from zmqscope.engine.links.bridge import WrongPeerError
from zmqscope.engine.links.causes import rule_of
from zmqscope.engine.links.flow import Scratch
from zmqscope.engine.links.link import Link, Progress
from zmqscope.engine.links.plan import GateId, GatePlan, GateReport
from zmqscope.engine.links.socks import ProxyFailedError
from zmqscope.engine.links.threshold import Threshold
from zmqscope.engine.links.udp import UdpLink
from zmqscope.engine.links.wire import Wire
from zmqscope.engine.reasons import FITTING_PEERS

_A_TURN = 64
# A link has two descriptors, and libzmq's side one more; libzmq may end the process without any.
_A_LINK = 3
_ABOVE_RESERVE = 32
_LOOKS_EVERY = 16


class AnyLink(Protocol):
    """What a link's owner needs of it."""

    failure: Exception | None
    deadline_s: float
    was_reached: bool

    @property
    def is_open(self) -> bool:
        """Whether both sides have shaken hands."""
        ...

    @property
    def is_leaving(self) -> bool:
        """Whether it only waits for the peer to leave."""
        ...

    @property
    def pause_s(self) -> float | None:
        """How long it wants to wait; None if it waits for a wire."""
        ...

    def advance(self) -> Progress:
        """Go on."""
        ...

    def waits_for(self) -> list[tuple[Wire, int]]:
        """Wires and what they have to be ready for."""
        ...

    def explain(self) -> tuple[str, str] | None:
        """Why it ended."""
        ...

    def close(self) -> None:
        """Close its connections."""
        ...


class Gate:
    """A listener, and the links of those that it let in.

    Args:
        gate_id: Its number.
        plan: What its links do.
        listener: Where peers knock if the endpoint is bound, else where our own socket does.
        datagrams: The datagram socket of a udp endpoint.
        scratch: Buffers.
        report: Takes what is worth telling.
        lobby: Told of peers that have not shaken hands yet.

    Attributes:
        plan: What its links do.
        listener: See above.
        threshold: Who may come in; None if its socket goes by no access list.
        links: Those that are not closed.
    """

    def __init__(
        self,
        gate_id: GateId,
        plan: GatePlan,
        listener: socket.socket,
        datagrams: socket.socket | None,
        scratch: Scratch,
        report: Callable[[GateReport], None],
        lobby: Lobby,
    ) -> None:
        listener.setblocking(False)
        self.threshold = None if plan.door is None else Threshold(plan.door, lobby)
        self.gate_id = gate_id
        self.plan = plan
        self.listener = listener
        self.links: set[AnyLink] = set()
        self._datagrams = datagrams
        self._scratch = scratch
        self._report = report
        self._surely_left = 0

    def accept(self) -> list[AnyLink]:
        """Let in who knocks, up to a bound."""
        found: list[AnyLink] = []
        self._surely_left = 0
        for _ in range(_A_TURN):
            try:
                connection, address = self.listener.accept()
            except BlockingIOError:
                break
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE):
                    self._tell_full()
                break
            if self._is_full():
                connection.close()
                self._tell_full()
                continue
            if (link := self._admit(connection, address)) is not None:
                found.append(link)
        self.links.update(found)
        return found

    def _admit(self, connection: socket.socket, address: object) -> AnyLink | None:
        """A link, unless the access list turns its peer away."""
        threshold, plan = self.threshold, self.plan
        if threshold is None or plan.scheme in ("ipc", "inproc"):
            return self._make(connection, plan)
        if isinstance(address, tuple):
            where = str(address[0])
            refusal = threshold.refusal(where)
        else:
            plan, refusal = self._judged(threshold)
            # Of several, nobody knows yet which one will answer.
            where = plan.addresses[0] if plan.proxy is None and len(plan.addresses) == 1 else ""
        if refusal is not None:
            connection.close()
            self._tell_refusal(refusal)
            return None
        link = self._make(connection, plan)
        threshold.enter(link, where)
        return link

    def _judged(self, threshold: Threshold) -> tuple[GatePlan, str | None]:
        """A plan to connect to those addresses alone that may come in, or why none of them may."""
        plan = self.plan
        if plan.proxy is not None:
            return plan, threshold.refusal(plan.host)
        refusals = {address: threshold.refusal(address) for address in plan.addresses}
        allowed = tuple(address for address in refusals if refusals[address] is None)
        refusal = next(iter(refusals.values()), None)
        return replace(plan, addresses=allowed), None if allowed else refusal

    def _make(self, connection: socket.socket, plan: GatePlan) -> AnyLink:
        if self._datagrams is not None:
            return UdpLink(plan, self._datagrams, connection)
        link = Link(plan, self._scratch, connection)
        link.on_facts = lambda facts: self._report(GateReport(self.gate_id, None, facts))
        return link

    def set_rules(self, rules: AddressRules) -> list[AnyLink]:
        """An access list has changed; links to be ended, if it is this one's."""
        threshold = self.threshold
        if threshold is None or threshold.access != rules.access:
            return []
        refused = dict(threshold.set_rules(rules))
        ended = [link for link in self.links if link in refused]
        for link in ended:
            self._tell_refusal(refused[link])
        return ended

    def forget(self, link: AnyLink) -> None:
        """A link is closed."""
        self.links.discard(link)
        if self.threshold is not None:
            self.threshold.leave(link)

    def _is_full(self) -> bool:
        """Whether there is no room for another link; not counted for each one of a turn."""
        if not self._surely_left:
            spare = spare_descriptors()
            room = 1 << 30 if spare is None else spare - descriptor_reserve() - _ABOVE_RESERVE
            self._surely_left = max(0, min(room // _A_LINK, _LOOKS_EVERY))
        if not self._surely_left:
            return True
        self._surely_left -= 1
        return False

    def set_addresses(self, addresses: tuple[str, ...]) -> None:
        """The host of a connect has other addresses now."""
        self.plan = replace(self.plan, addresses=addresses)

    # ---- telling ----------------------------------------------------------------------------

    def tell_of(self, link: AnyLink) -> None:
        """Tell why a link has ended, if there is anything to tell."""
        if not link.was_reached:
            self._put(self._unreached(link), Rule.NOBODY_LISTENS)
            return
        subject = self._subject(link)
        if isinstance(link.failure, WrongPeerError):
            kind = self.plan.kind
            fitting = FITTING_PEERS[kind]
            self._put(
                Problem(
                    f"{subject} {link.failure}, and this is a {kind.name}.",
                    f"A {kind.name} talks with {fitting}.",
                ),
                Rule.TYPES_DO_NOT_FIT,
            )
            return
        explained = link.explain()
        if explained is not None:
            self._put(Problem(f"{subject} {explained[0]}", explained[1]), rule_of(link.failure))
        elif link.failure is not None and not link.is_open:
            reason = getattr(link.failure, "strerror", None) or str(link.failure)
            text = f"{subject} left during the handshake: {reason.lower()}."
            self._put(Problem(text), Rule.CLOSES_AT_ONCE)

    def _subject(self, link: AnyLink) -> str:
        """Who is at the other end of a link."""
        where, proxy = self.plan.where, self.plan.proxy
        if self.plan.endpoint.role is Role.BIND:
            return f"A peer of {where}"
        is_at_proxy = isinstance(link, Link) and link.is_at_proxy
        if proxy is not None and (is_at_proxy or isinstance(link.failure, ProxyFailedError)):
            return f"The SOCKS proxy {proxy.address} for {where}"
        return where

    def tell_of_progress(self, link: AnyLink) -> None:
        """Tell what a link that goes on has to tell: of a message, or that a tunnel leads there."""
        threshold = self.threshold
        if threshold is not None and link.is_open:
            threshold.leave(link)
        if isinstance(link, UdpLink):
            if link.problem is not None:
                problem, link.problem = link.problem, None
                self._put(problem)
        elif isinstance(link, Link) and link.is_newly_through():
            self._report(GateReport(self.gate_id, None))

    def _unreached(self, link: AnyLink) -> Problem:
        where, proxy = self.plan.where, self.plan.proxy
        if self.plan.scheme == "inproc":
            return Problem(
                f"No {FITTING_PEERS[self.plan.kind]} of this app is bound to {where}.",
                "inproc never leaves the program: bind it here, or use ipc or tcp.",
            )
        number = getattr(link.failure, "errno", 0) or 0
        if isinstance(link.failure, TimeoutError) or number in (0, errno.ECONNREFUSED):
            reason = ""
        else:
            reason = f" ({os.strerror(number).lower()})"
        if proxy is not None:
            return Problem(
                f"Nobody answers at {proxy.address}, the SOCKS proxy for {where}{reason}; it is "
                "tried again and again.",
                "Check that the proxy runs, and that socks_proxy is its address.",
            )
        return Problem(
            f"Nobody answers at {where}{reason}; it is tried again and again.",
            "Check that the other program runs, and that the address is right.",
        )

    def _tell_full(self) -> None:
        where = self.plan.where
        is_bind = self.plan.endpoint.role is Role.BIND
        what = f"A peer of {where} was turned away" if is_bind else f"{where} is not connected to"
        self._put(
            Problem(
                f"{what}: only a few file descriptors are left.",
                MORE_ROOM,
            )
        )

    def _tell_refusal(self, refusal: str) -> None:
        hint = f"See the access list of the socket at {self.plan.where}."
        self._put(Problem(refusal, hint), Rule.CREDENTIALS_REFUSED)

    def _put(self, problem: Problem, rule: Rule | None = None) -> None:
        self._report(GateReport(self.gate_id, problem, rule=rule))

    # ---- the end ----------------------------------------------------------------------------

    def close(self) -> None:
        """Close the listener; links are closed by their owner."""
        self.listener.close()
        if self._datagrams is not None:
            self._datagrams.close()
