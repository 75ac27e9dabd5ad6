"""The doctor: examines sockets, waits before it speaks, and says each thing once. One thread; pure.

A rule gives candidates. One that has lasted for its grace time is told, unless another that is told
says more about the same; it goes in the moment in which its rule does not find it any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from zmqscope.core.diagnosis.asking import Question
from zmqscope.core.diagnosis.case import Candidate, Case
from zmqscope.core.diagnosis.finding import Finding, Rule
from zmqscope.core.diagnosis.observation import Observation, Scene
from zmqscope.core.diagnosis.patience import Patience
from zmqscope.core.diagnosis.rules import CLOSED_RULES, HIDES, SOCKET_RULES, checks_of
from zmqscope.core.types import Endpoint, SocketId

_Key = tuple[Rule, Endpoint | None]

_ASK_AFTER_NS = 1_000_000_000
"""Handshakes end within moments: who is there is asked only where one does not."""
_WORDS_NS = 1_000_000_000
"""Words that only tell how long change no more often than this."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the doctor has to say.

    Attributes:
        findings: All that last now, the worst first, then the oldest.
        begun: Those that were not among them before.
        gone: Those that were, as told last.
    """

    findings: tuple[Finding, ...]
    begun: tuple[Finding, ...]
    gone: tuple[Finding, ...]


@dataclass(slots=True)
class _Lasting:
    """A candidate that has lasted for some time."""

    candidate: Candidate
    since_ns: int
    told: Finding | None = None
    told_ns: int = 0


class Doctor:
    """Holds what was found of each socket.

    Args:
        offset_ns: Capture clock minus monotonic clock.
        patience: How long to wait before speaking.
    """

    def __init__(self, offset_ns: int = 0, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self._offset_ns = offset_ns
        self._sockets: dict[SocketId, dict[_Key, _Lasting]] = {}
        self._told: dict[SocketId, tuple[Finding, ...]] = {}
        self._begun: list[Finding] = []
        self._gone: list[Finding] = []
        self._is_changed = False

    # ---- examining --------------------------------------------------------------------------

    def is_calm(self, socket_id: SocketId) -> bool:
        """Whether nothing was found of a socket, so that time alone changes nothing."""
        return not self._sockets.get(socket_id)

    def examine(self, seen: Observation, scene: Scene, now_ns: int) -> None:
        """Look at a socket.

        Args:
            seen: As it is now.
            scene: All of them.
            now_ns: Now, on the monotonic clock.
        """
        case = Case(seen, scene, now_ns, self.patience)
        before = self._sockets.get(seen.socket_id, {})
        lasting: dict[_Key, _Lasting] = {}
        for candidate in self._candidates(case):
            finding = candidate.finding
            key = (finding.rule, finding.endpoint)
            if key in lasting:
                continue  # the first rule that finds it says most
            known = before.get(key)
            if known is None:
                since_ns = min(candidate.since_ns or now_ns, now_ns)
                known = _Lasting(candidate, since_ns)
            else:
                known.candidate = candidate
                if candidate.since_ns:
                    known.since_ns = min(candidate.since_ns, now_ns)
            lasting[key] = known
        self._sockets[seen.socket_id] = lasting
        if lasting or before:
            self._tell(seen.socket_id, lasting, now_ns)

    def forget(self, socket_id: SocketId) -> None:
        """A socket is gone."""
        self._sockets.pop(socket_id, None)
        told = self._told.pop(socket_id, ())
        self._gone += told
        self._is_changed |= bool(told)

    def _candidates(self, case: Case) -> Iterator[Candidate]:
        seen = case.seen
        for check in SOCKET_RULES[seen.type] if seen.is_open else CLOSED_RULES:
            yield from check(case)
        for view in seen.endpoints if seen.is_open else ():
            for check_endpoint in checks_of(seen.type, view):
                found = check_endpoint(case, view)
                if found is not None:
                    yield found

    # ---- asking -----------------------------------------------------------------------------

    def questions(self, now_ns: int) -> dict[tuple[SocketId, Endpoint], Question]:
        """What to ask at which endpoint, so as to know more of what was found.

        Args:
            now_ns: Now, on the monotonic clock.
        """
        found: dict[tuple[SocketId, Endpoint], Question] = {}
        for socket_id, lasting in self._sockets.items():
            for each in lasting.values():
                asked, endpoint = each.candidate.question, each.candidate.finding.endpoint
                if asked is None or endpoint is None:
                    continue
                if now_ns - each.since_ns < min(each.candidate.grace_ns, _ASK_AFTER_NS):
                    continue
                known = found.get((socket_id, endpoint))
                if known is None or asked.plan.tries_lock:
                    found[socket_id, endpoint] = asked
        return found

    # ---- telling ----------------------------------------------------------------------------

    def _tell(self, socket_id: SocketId, lasting: dict[_Key, _Lasting], now_ns: int) -> None:
        ripe = [each for each in lasting.values() if _is_ripe(each, now_ns)]
        shown = [each for each in ripe if not _is_hidden(each, ripe, lasting.values())]
        for each in lasting.values():
            if each not in shown:
                each.told = None
        told = tuple(self._worded(each, now_ns) for each in shown)
        before = self._told.get(socket_id, ())
        if told == before:
            return
        self._is_changed = True
        keys_before, keys = {f.key for f in before}, {f.key for f in told}
        self._begun += [f for f in told if f.key not in keys_before]
        self._gone += [f for f in before if f.key not in keys]
        if told:
            self._told[socket_id] = told
        else:
            self._told.pop(socket_id, None)

    def _worded(self, each: _Lasting, now_ns: int) -> Finding:
        """The finding as it is to be told; new words only once in a while."""
        finding, told = each.candidate.finding, each.told
        if told is None:
            each.told = replace(finding, since_ns=each.since_ns + self._offset_ns)
            each.told_ns = now_ns
            return each.told
        is_same = (told.severity, told.fixes) == (finding.severity, finding.fixes)
        if is_same and (told.text, told.why) == (finding.text, finding.why):
            return told
        if is_same and now_ns - each.told_ns < _WORDS_NS:
            return told
        each.told, each.told_ns = replace(finding, since_ns=told.since_ns), now_ns
        return each.told

    def conclude(self) -> Conclusion | None:
        """What there is to say now; None if it is what was said last."""
        if not self._is_changed:
            return None
        self._is_changed = False
        findings = [finding for told in self._told.values() for finding in told]
        findings.sort(key=lambda f: (-f.severity, f.since_ns, f.socket_id, f.rule.value))
        begun, gone = tuple(self._begun), tuple(self._gone)
        self._begun.clear()
        self._gone.clear()
        return Conclusion(tuple(findings), begun, gone)


def _is_ripe(each: _Lasting, now_ns: int) -> bool:
    return now_ns - each.since_ns >= each.candidate.grace_ns


def _is_hidden(each: _Lasting, ripe: Iterable[_Lasting], found: Iterable[_Lasting]) -> bool:
    """Whether another finding says more about the same."""
    finding = each.candidate.finding
    if finding.rule is Rule.ENDPOINT_PROBLEM:
        # That something is wrong is all it says; any rule knows more, or soon will.
        return any(
            other is not each
            and other.candidate.finding.endpoint in (finding.endpoint, None)
            and _explains_endpoint(other.candidate.finding)
            for other in found
        )
    for other in ripe:
        told = other.candidate.finding
        if other is each or finding.rule not in HIDES.get(told.rule, ()):
            continue
        if told.endpoint is None or finding.endpoint in (told.endpoint, None):
            return True
    return False


def _explains_endpoint(finding: Finding) -> bool:
    return finding.endpoint is not None and finding.rule is not Rule.ENDPOINT_PROBLEM
