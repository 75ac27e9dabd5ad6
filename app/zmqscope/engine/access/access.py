"""Who may come in, as the engine's loop sees it: lists in, decisions out. Loop thread."""

from __future__ import annotations

from collections.abc import Callable

import zmq

from zmqscope.core.endpoints import transport_of
from zmqscope.core.security.access import AccessList, Knock, KnockId, Verdict
from zmqscope.core.types import Problem, SocketId, SocketSpec
from zmqscope.engine.access.authenticator import Authenticator
from zmqscope.engine.access.checker import PasswordChecker
from zmqscope.engine.access.doorman import Checked, Doorman, DoormanParts, Reply
from zmqscope.engine.access.lobby import Lobby
from zmqscope.engine.access.record import AccessRecord, AccessRecords
from zmqscope.engine.access.telling import AccessTeller, TellEvent

ZmqContext = zmq.Context[zmq.Socket[bytes]]


class Access:
    """Starts the authenticator with the first socket that needs it.

    Args:
        context: The app's.
        put_knock: Takes each knock, new or changed; any thread.
        tell: Takes what happened: socket, kind, severity, text, hint, address; any thread.
        now_ns: The capture clock.

    Attributes:
        lobby: Peers of our own links that have not shaken hands yet.
    """

    def __init__(
        self,
        context: ZmqContext,
        put_knock: Callable[[Knock], None],
        tell: TellEvent,
        now_ns: Callable[[], int],
    ) -> None:
        self._context = context
        self._put_knock = put_knock
        self._now_ns = now_ns
        self._teller = AccessTeller(tell)
        self._records = AccessRecords()
        self._lists: tuple[AccessList, ...] = ()
        self._checker = PasswordChecker()
        self._authenticator: Authenticator | None = None
        # Written by the authenticator's thread alone.
        self._asking: dict[KnockId, SocketId] = {}
        self.lobby = Lobby()

    def see_to(self, socket_id: SocketId, spec: SocketSpec) -> Problem | None:
        """Have somebody there whom libzmq can ask, before a socket is opened that does.

        Returns:
            Why there is nobody: libzmq then lets nobody in.
        """
        if not spec.lock.asks_access:
            return None
        # Also where ipc goes through links, as with draft types: they have no address to judge.
        is_ambiguous = any(transport_of(endpoint) == "ipc" for endpoint in spec.endpoints)
        self.lobby.set_ambiguous(socket_id, is_ambiguous)
        problem = None if self._authenticator is not None else self._start()
        if self._authenticator is not None:
            self._authenticator.ask(lambda doorman: doorman.expect(socket_id))
        return problem

    def _start(self) -> Problem | None:
        authenticator = Authenticator(self._context, self._make_doorman)
        problem = authenticator.start()
        if problem is not None:
            authenticator.close()
            return problem
        self._authenticator = authenticator
        lists = self._lists
        authenticator.ask(lambda doorman: doorman.set_lists(lists))
        return None

    def _make_doorman(self, reply: Reply) -> Doorman:
        return Doorman(
            DoormanParts(
                reply,
                self._on_record,
                self._on_knock,
                self._checker,
                self._on_checked,
                self.lobby.only_address,
                self._now_ns,
            )
        )

    def _on_knock(self, knock: Knock) -> None:
        if knock.is_open:
            self._asking[knock.knock_id] = knock.socket_id
        else:
            self._asking.pop(knock.knock_id, None)
        self._put_knock(knock)

    def _on_record(self, record: AccessRecord) -> None:
        self._records.add(record)
        self._teller.told(record)

    def _on_checked(self, checked: Checked) -> None:
        """A password was checked; on the checker's thread."""
        authenticator = self._authenticator
        if authenticator is not None:
            authenticator.ask(lambda doorman: doorman.on_checked(checked))

    # ---- the lists --------------------------------------------------------------------------

    def set_lists(self, lists: tuple[AccessList, ...]) -> None:
        """These access lists hold from now on, and no others."""
        self._lists = lists
        if self._authenticator is not None:
            self._authenticator.ask(lambda doorman: doorman.set_lists(lists))

    def answer(self, knock_id: KnockId, verdict: Verdict) -> None:
        """Let an unknown peer in, or refuse it."""
        if self._authenticator is not None:
            self._authenticator.ask(lambda doorman: doorman.answer(knock_id, verdict))

    # ---- decisions --------------------------------------------------------------------------

    def is_asking(self, socket_id: SocketId) -> bool:
        """Whether somebody waits at a socket's door for the user's answer."""
        return bool(self._asking) and socket_id in tuple(self._asking.values())

    def recent(self, socket_id: SocketId) -> tuple[AccessRecord, ...]:
        """The last decisions at a socket's door, oldest first; at most 256. Any thread, cheap."""
        return self._records.recent(socket_id)

    # ---- sockets ----------------------------------------------------------------------------

    def on_closed(self, socket_id: SocketId) -> None:
        """A socket was closed: nobody waits at its door any more."""
        if self._authenticator is not None:
            self._authenticator.ask(lambda doorman: doorman.forget(socket_id))

    def on_removed(self, socket_id: SocketId) -> None:
        """A socket is gone for good."""
        self._records.forget(socket_id)
        self.lobby.set_ambiguous(socket_id, False)

    def close(self) -> None:
        """End the authenticator; all sockets are closed already, and the context is not yet."""
        if self._authenticator is not None:
            self._authenticator.close()
            self._authenticator = None
        self._checker.close()
