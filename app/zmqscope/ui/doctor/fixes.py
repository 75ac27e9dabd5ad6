"""Does what the buttons under a finding say. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from zmqscope.core.diagnosis.finding import Finding, Fix, FixKind
from zmqscope.core.security.access import KnockId, Verdict
from zmqscope.core.types import EndpointState, SocketId, SocketSnapshot, SocketState
from zmqscope.models.doctor.edit_target import EditPlace, edit_target
from zmqscope.models.doctor.fix_words import fixed_spec
from zmqscope.ui.actions import ActionRegistry

if TYPE_CHECKING:
    from collections.abc import Callable

    from zmqscope.bridge.controller import EngineController

_ACCESS_ACTION = "socket.access"
_LOCK_ACTION = "socket.lock"
_EVERYTHING = b""
_WORKS = (EndpointState.CONNECTED, EndpointState.LISTENING)


class FixRunner(QObject):
    """Carries fixes out through the controller; what needs a dialog or a panel it asks for.

    Args:
        controller: Told what to do.
        actions: Where the actions on a socket's lock and access list are.
        parent: Owner.
    """

    edit_asked = Signal(object, object)
    """SocketId whose details are wanted, and the EditTarget in them."""
    spec_asked = Signal(object)
    """SocketId: its spec is to be changed as a whole."""
    select_asked = Signal(object)
    """SocketId: it has to be the selected one, before an action."""
    probe_requested = Signal(object, object)
    """SocketId, Endpoint or None."""
    compose_requested = Signal(object)
    """SocketId."""
    peers_requested = Signal(object)
    """SocketId."""
    always_requested = Signal(object)
    """KnockId: this peer is to be on the access list."""

    def __init__(
        self,
        controller: EngineController,
        actions: ActionRegistry,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._actions = actions
        self._ways: dict[FixKind, Callable[[Finding, Fix], None]] = {
            FixKind.RECONNECT: self._reconnect,
            FixKind.REOPEN: self._reopen,
            FixKind.CLOSE: self._close,
            FixKind.EDIT: self._edit,
            FixKind.EDIT_LOCK: self._edit_lock,
            FixKind.EDIT_ACCESS: self._edit_access,
            FixKind.PROBE: self._probe,
            FixKind.REMOVE_ENDPOINT: self._remove_endpoint,
            FixKind.SUBSCRIBE_ALL: self._subscribe_all,
            FixKind.RELAX_REQ: self._respec,
            FixKind.RAISE_HIGH_WATER_MARK: self._respec,
            FixKind.RAISE_MAX_MESSAGE_SIZE: self._respec,
            FixKind.TURN_CONFLATE_OFF: self._respec,
            FixKind.COMPOSE: self._compose,
            FixKind.SHOW_PEERS: self._show_peers,
            FixKind.LET_IN: self._let_in,
            FixKind.LET_IN_ALWAYS: self._let_in_always,
            FixKind.REFUSE: self._refuse,
        }

    def run(self, finding: Finding, fix: Fix) -> None:
        """Do what a button says; nothing if the socket has gone meanwhile."""
        if finding.socket_id in self._controller.snapshots:
            self._ways[fix.kind](finding, fix)

    def _snapshot(self, finding: Finding) -> SocketSnapshot:
        return self._controller.snapshots[finding.socket_id]

    # ---- endpoints and the socket -----------------------------------------------------------

    def _reconnect(self, finding: Finding, fix: Fix) -> None:
        """That endpoint from the start, or all that do not work, or the socket as a whole."""
        snapshot = self._snapshot(finding)
        endpoint = fix.endpoint or finding.endpoint
        known = [status.endpoint for status in snapshot.endpoints]
        if endpoint is not None and endpoint in known:
            wanted = [endpoint]
        else:
            wanted = [one.endpoint for one in snapshot.endpoints if one.state not in _WORKS]
        if not wanted or snapshot.state is SocketState.CLOSED:
            self._controller.reopen_socket(finding.socket_id)
            return
        for one in wanted:
            self._controller.retry_endpoint(finding.socket_id, one)

    def _reopen(self, finding: Finding, _fix: Fix) -> None:
        self._controller.reopen_socket(finding.socket_id)

    def _close(self, finding: Finding, _fix: Fix) -> None:
        self._controller.close_socket(finding.socket_id)

    def _remove_endpoint(self, finding: Finding, fix: Fix) -> None:
        endpoint = fix.endpoint or finding.endpoint
        if endpoint is not None:
            self._controller.remove_endpoint(finding.socket_id, endpoint)

    def _subscribe_all(self, finding: Finding, _fix: Fix) -> None:
        self._controller.subscribe(finding.socket_id, _EVERYTHING)

    def _respec(self, finding: Finding, fix: Fix) -> None:
        spec = fixed_spec(fix, finding, self._snapshot(finding).spec)
        if spec is not None:
            self._controller.change_spec(finding.socket_id, spec)

    # ---- dialogs and panels -----------------------------------------------------------------

    def _edit(self, finding: Finding, _fix: Fix) -> None:
        """What has to be changed; all of it if libzmq refused the socket itself."""
        snapshot = self._snapshot(finding)
        target = edit_target(finding, snapshot.spec)
        if target.place is EditPlace.SPEC or _never_opened(snapshot):
            self.spec_asked.emit(finding.socket_id)
        else:
            self.edit_asked.emit(finding.socket_id, target)

    def _edit_lock(self, finding: Finding, _fix: Fix) -> None:
        if not self._trigger(_LOCK_ACTION, finding.socket_id):
            self.spec_asked.emit(finding.socket_id)

    def _edit_access(self, finding: Finding, _fix: Fix) -> None:
        if not self._trigger(_ACCESS_ACTION, finding.socket_id):
            self.spec_asked.emit(finding.socket_id)

    def _trigger(self, action_id: str, socket_id: SocketId) -> bool:
        """Trigger an action on a socket; False if there is no such action."""
        if action_id not in [action.id for action in self._actions.actions()]:
            return False
        self.select_asked.emit(socket_id)
        self._actions.qaction(action_id).trigger()
        return True

    def _probe(self, finding: Finding, fix: Fix) -> None:
        self.probe_requested.emit(finding.socket_id, fix.endpoint or finding.endpoint)

    def _compose(self, finding: Finding, _fix: Fix) -> None:
        self.compose_requested.emit(finding.socket_id)

    def _show_peers(self, finding: Finding, _fix: Fix) -> None:
        self.peers_requested.emit(finding.socket_id)

    # ---- who knocks -------------------------------------------------------------------------

    def _let_in(self, _finding: Finding, fix: Fix) -> None:
        self._controller.answer_knock(KnockId(fix.value), Verdict.LET_IN)

    def _let_in_always(self, _finding: Finding, fix: Fix) -> None:
        self.always_requested.emit(KnockId(fix.value))

    def _refuse(self, _finding: Finding, fix: Fix) -> None:
        self._controller.answer_knock(KnockId(fix.value), Verdict.REFUSE)


def _never_opened(snapshot: SocketSnapshot) -> bool:
    """Whether libzmq refused the socket itself, not one of its endpoints."""
    return snapshot.state is SocketState.FAILED and all(
        status.problem != snapshot.problem for status in snapshot.endpoints
    )
