"""The links under findings on the real engine, with real peers: pressed, the cause is gone."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import zmq
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.diagnosis.finding import Finding, Fix, FixKind, Rule
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import (
    Message,
    SendReport,
    Severity,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
)
from zmqscope.models.doctor.edit_target import EditPlace, EditTarget
from zmqscope.models.security.lock_draft import LockChoice
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.doctor.card import FindingCard
from zmqscope.ui.security.access_dialog import AccessDialog
from zmqscope.ui.security.lock_dialog import LockDialog
from zmqscope.ui.security.lock_form import LockForm
from zmqscope.ui.settings import Settings
from zmqscope.ui.sockets.detail_sections import EndpointsSection
from zmqscope.ui.sockets.details import SocketDetails
from zmqscope.ui.sockets.new_socket_dialog import NewSocketDialog
from zmqscope.ui.sockets.options.row import OptionRow
from zmqscope.ui.sockets.panel import SocketsPanel
from zmqscope.ui.theme import Theme, ThemeMode

_TIMEOUT_MS = 60_000

Peer = zmq.Socket[bytes]
W = TypeVar("W", bound=QWidget)


class Live:
    """The sockets panel on an engine, and a context for peers."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self._qtbot = qtbot
        self.store = CaptureStore(32 * 1024 * 1024)
        self.controller = EngineController(self.store, CaptureClock())
        self.controller.start()
        theme = Theme(ThemeMode.DARK)
        settings = Settings(QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat))
        actions = ActionRegistry(theme)
        self.panel = SocketsPanel(self.store, self.controller, theme, actions, settings)
        qtbot.addWidget(self.panel)
        self.panel.resize(300, 700)
        self.panel.show()
        self.reports: list[SendReport] = []
        self.controller.send_finished.connect(self.reports.append)
        self._context: zmq.Context[Peer] = zmq.Context()
        self._peers: list[Peer] = []
        self._before: SocketSpec | None = None

    def peer(self, kind: int, address: str = "tcp://127.0.0.1:*") -> tuple[Peer, str]:
        peer = self._context.socket(kind)
        self._peers.append(peer)
        peer.set(zmq.LINGER, 0)
        peer.set(zmq.RCVTIMEO, _TIMEOUT_MS)
        peer.bind(address)
        actual = peer.get(zmq.LAST_ENDPOINT)
        assert isinstance(actual, bytes)
        return peer, actual.rstrip(b"\0").decode()

    def leave(self, peer: Peer, address: str) -> None:
        """Have a peer unbind, and wait until the port is free: libzmq takes its time."""
        host, _, port = address.removeprefix("tcp://").rpartition(":")
        peer.unbind(address)

        def is_free() -> bool:
            try:
                socket.create_server((host, int(port))).close()
            except OSError:
                return False
            return True

        self.until(is_free)

    def until(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=_TIMEOUT_MS)

    def open(self, spec: str, state: SocketState) -> SocketId:
        socket_id = self.controller.open_socket(parse_spec(spec))
        self.until(lambda: self.snapshot(socket_id).state is state)
        return socket_id

    def snapshot(self, socket_id: SocketId) -> SocketSnapshot:
        return self.controller.snapshots[socket_id]

    def press(self, socket_id: SocketId, rule: Rule, kind: FixKind, value: int = 0) -> None:
        """Have the doctor find something, and press the link at once."""
        self._before = self.snapshot(socket_id).spec
        endpoints = self.snapshot(socket_id).spec.endpoints
        fix = Fix(kind, endpoints[0] if endpoints else None, value)
        found = Finding(socket_id, rule, Severity.ERROR, "It fails.", "Because.", (fix,))
        self.controller.findings_changed.emit((found,))
        link = self.panel.strip.cards[0].links[0]
        QTest.mouseClick(link, Qt.MouseButton.LeftButton)

    def found(self, rule: Rule) -> FindingCard:
        """Wait until the doctor has found it."""
        self.until(lambda: [c for c in self.panel.strip.cards if c.finding.rule is rule])
        return next(c for c in self.panel.strip.cards if c.finding.rule is rule)

    def cure(self, rule: Rule, words: str) -> None:
        """Wait for a finding, press its link, and wait until there is no finding any more."""
        links = self.found(rule).links
        link = next(link for link in links if link.text() == words)
        QTest.mouseClick(link, Qt.MouseButton.LeftButton)
        self.until(lambda: not self.panel.strip.cards)
        assert not self.panel.strip.isVisible()

    def reconnected(self, socket_id: SocketId) -> None:
        """The socket was opened again with another spec, and its peer is back."""
        self.until(lambda: self.snapshot(socket_id).spec != self._before)
        self.until(lambda: self.snapshot(socket_id).state is SocketState.CONNECTED)

    def send(self, socket_id: SocketId, *frames: bytes) -> SendReport:
        count = len(self.reports)
        self.controller.send(socket_id, frames)
        self.until(lambda: len(self.reports) > count)
        return self.reports[-1]

    def messages(self) -> list[Message]:
        rows = range(self.store.first_row, self.store.end_row)
        return [message for message in map(self.store.message, rows) if message is not None]

    def client(self, server: SocketId, user: bytes) -> Peer:
        """A PUSH that shows a name and a password."""
        peer = self._context.socket(zmq.PUSH)
        self._peers.append(peer)
        peer.set(zmq.LINGER, 0)
        peer.set(zmq.IMMEDIATE, 1)
        peer.set(zmq.PLAIN_USERNAME, user)
        peer.set(zmq.PLAIN_PASSWORD, b"lovelace")
        peer.connect(self.snapshot(server).endpoints[0].actual)
        return peer

    def deliver(self, peer: Peer, *frames: bytes) -> None:
        """Have a peer send until it arrives whole: the first may go to the old connection."""

        def arrived() -> bool:
            if peer.poll(0, zmq.POLLOUT):
                peer.send_multipart(frames)
            return frames in [message.frames for message in self.messages()]

        self.until(arrived)

    def close(self) -> None:
        for peer in self._peers:
            peer.close()
        self._context.term()
        assert self.controller.stop(_TIMEOUT_MS)


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    made = Live(qtbot, tmp_path)
    yield made
    made.close()


def test_reconnect_binds_once_the_port_is_free(live: Live) -> None:
    other, address = live.peer(zmq.PULL)
    ours = live.open(f"pull:@{address}", SocketState.FAILED)
    live.leave(other, address)
    live.press(ours, Rule.ADDRESS_IN_USE, FixKind.RECONNECT)
    live.until(lambda: live.snapshot(ours).state is SocketState.LISTENING)


def test_close_and_reopen(live: Live) -> None:
    _, address = live.peer(zmq.PUSH)
    ours = live.open(f"pull:{address}", SocketState.CONNECTED)
    live.press(ours, Rule.FLAPPING, FixKind.CLOSE)
    live.until(lambda: live.snapshot(ours).state is SocketState.CLOSED)
    live.press(ours, Rule.FLAPPING, FixKind.REOPEN)
    live.until(lambda: live.snapshot(ours).state is SocketState.CONNECTED)


def test_remove_endpoint(live: Live) -> None:
    _, address = live.peer(zmq.PUSH)
    ours = live.open(f"pull:{address}", SocketState.CONNECTED)
    live.press(ours, Rule.NOBODY_LISTENS, FixKind.REMOVE_ENDPOINT)
    live.until(lambda: not live.snapshot(ours).spec.endpoints)


def test_subscribe_to_everything(live: Live) -> None:
    publisher, address = live.peer(zmq.XPUB)
    ours = live.open(f"sub:{address},topics=none", SocketState.CONNECTED)
    live.press(ours, Rule.NO_SUBSCRIPTION, FixKind.SUBSCRIBE_ALL)
    assert publisher.recv() == b"\x01"
    publisher.send_multipart([b"EUR", b"1.08"])
    live.until(lambda: [m.frames for m in live.messages()] == [(b"EUR", b"1.08")])


def test_relax_req(live: Live) -> None:
    server, address = live.peer(zmq.ROUTER)
    ours = live.open(f"req:{address}", SocketState.CONNECTED)
    assert live.send(ours, b"one").accepted
    assert not live.send(ours, b"two").accepted
    live.press(ours, Rule.REQ_WAITS, FixKind.RELAX_REQ)
    live.reconnected(ours)
    assert live.send(ours, b"three").accepted
    assert live.send(ours, b"four").accepted
    bodies = [server.recv_multipart()[-1] for _ in range(3)]
    assert bodies == [b"one", b"three", b"four"]


def test_raise_the_high_water_mark(live: Live) -> None:
    _, address = live.peer(zmq.PULL)
    ours = live.open(f"push:{address},sndhwm=3", SocketState.CONNECTED)
    live.press(ours, Rule.HIGH_WATER_MARK, FixKind.RAISE_HIGH_WATER_MARK, 5_000)
    live.reconnected(ours)
    assert dict(live.snapshot(ours).spec.options) == {"sndhwm": 5_000}


def test_raise_the_largest_message(live: Live) -> None:
    pusher, address = live.peer(zmq.PUSH)
    ours = live.open(f"pull:{address},maxmsgsize=200", SocketState.CONNECTED)
    live.press(ours, Rule.MESSAGE_TOO_LARGE, FixKind.RAISE_MAX_MESSAGE_SIZE, 2_000)
    live.reconnected(ours)
    live.deliver(pusher, bytes(2_000))


def test_turn_conflate_off(live: Live) -> None:
    pusher, address = live.peer(zmq.PUSH)
    ours = live.open(f"pull:{address},conflate=1", SocketState.CONNECTED)
    live.press(ours, Rule.CONFLATE_MULTIPART, FixKind.TURN_CONFLATE_OFF)
    live.reconnected(ours)
    assert live.snapshot(ours).spec.options == ()
    live.deliver(pusher, b"topic", b"body")


# ---- with the real doctor -------------------------------------------------------------------


def test_the_doctor_finds_a_port_in_use_and_reconnect_cures_it(live: Live) -> None:
    other, address = live.peer(zmq.PULL)
    ours = live.open(f"pull:@{address},name=work", SocketState.FAILED)
    card = live.found(Rule.ADDRESS_IN_USE)
    assert card.accessibleName().startswith("Error: work: ")
    assert live.panel.model.item(0).findings == (card.finding,)
    live.leave(other, address)
    live.cure(Rule.ADDRESS_IN_USE, "Reconnect")
    assert live.snapshot(ours).state is SocketState.LISTENING


def test_the_doctor_finds_a_missing_subscription_and_everything_cures_it(live: Live) -> None:
    publisher, address = live.peer(zmq.XPUB)
    live.open(f"sub:{address},topics=none", SocketState.CONNECTED)
    live.cure(Rule.NO_SUBSCRIPTION, "Subscribe to everything")
    assert publisher.recv() == b"\x01"


def test_the_doctor_finds_a_send_out_of_turn_and_relaxing_cures_it(live: Live) -> None:
    _, address = live.peer(zmq.ROUTER)
    ours = live.open(f"req:{address}", SocketState.CONNECTED)
    assert live.send(ours, b"one").accepted
    assert not live.send(ours, b"two").accepted
    live.cure(Rule.OUT_OF_TURN, "Relax REQ")


def test_the_doctor_finds_conflated_frames_and_turning_it_off_cures_it(live: Live) -> None:
    worker, address = live.peer(zmq.PULL)
    ours = live.open(f"push:{address},conflate=1", SocketState.CONNECTED)
    live.send(ours, b"topic", b"body")
    live.cure(Rule.CONFLATE_MULTIPART, "Turn conflate off")
    live.until(lambda: live.snapshot(ours).spec.options == ())
    live.until(lambda: live.snapshot(ours).state is SocketState.CONNECTED)
    assert live.send(ours, b"another", b"body").accepted
    came: list[list[bytes]] = []

    def has_come() -> bool:
        while worker.poll(0):
            came.append(worker.recv_multipart())
        return [b"another", b"body"] in came

    live.until(has_come)


def test_the_doctor_finds_nobody_there_and_closing_cures_it(
    live: Live,
) -> None:
    other, address = live.peer(zmq.PULL)
    other.unbind(address)
    ours = live.open(f"push:{address}", SocketState.RETRYING)
    live.found(Rule.NOBODY_LISTENS)
    live.controller.close_socket(ours)
    live.until(lambda: not live.panel.strip.cards)


def test_a_peer_that_knocks_is_let_in(live: Live) -> None:
    ours = live.open("pull:@tcp://127.0.0.1:*,lock=plain-server", SocketState.LISTENING)
    client = live.client(ours, b"ada")
    card = live.found(Rule.KNOCKING)
    assert [link.text() for link in card.links] == [
        "Let in", "Always let in", "Refuse", "Edit access…", "Why?",
    ]  # fmt: skip
    live.cure(Rule.KNOCKING, "Let in")
    live.deliver(client, b"hello")
    assert live.panel.security.access.lists() == ()


def test_a_peer_that_knocks_is_refused(live: Live) -> None:
    ours = live.open("pull:@tcp://127.0.0.1:*,lock=plain-server", SocketState.LISTENING)
    live.client(ours, b"ada")
    links = live.found(Rule.KNOCKING).links
    next(link for link in links if link.text() == "Refuse").click()
    live.found(Rule.CREDENTIALS_REFUSED)
    assert Rule.KNOCKING not in [card.finding.rule for card in live.panel.strip.cards]
    assert live.snapshot(ours).peer_count == 0
    assert live.messages() == []


def test_a_peer_that_knocks_is_let_in_always(live: Live) -> None:
    ours = live.open("pull:@tcp://127.0.0.1:*,lock=plain-server", SocketState.LISTENING)
    client = live.client(ours, b"ada")
    live.cure(Rule.KNOCKING, "Always let in")
    live.deliver(client, b"hello")
    assert [user.name for user in live.panel.security.access.lists()[0].users] == ["ada"]
    live.deliver(live.client(ours, b"ada"), b"again")
    assert not live.panel.strip.cards


def test_findings_come_through_the_outbox(live: Live) -> None:
    ours = live.open("pull:@tcp://127.0.0.1:*", SocketState.LISTENING)
    found = Finding(ours, Rule.STRANGERS, Severity.INFO, "A stranger came.", "Let it.")
    live.controller._outbox.put_findings((found,))
    live.until(lambda: live.panel.strip.cards)
    assert live.panel.strip.cards[0].accessibleName() == "Note: pull 1: A stranger came."
    live.controller._outbox.put_findings(())
    live.until(lambda: not live.panel.strip.cards)


# ---- links that lead to a dialog ------------------------------------------------------------


def press_words(card: FindingCard, words: str) -> None:
    link = next(link for link in card.links if link.text() == words)
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)


def shown(live: Live, kind: type[W]) -> W:
    """The dialog of a kind, once it is there."""
    live.until(lambda: any(one.isVisible() for one in live.panel.window().findChildren(kind)))
    return next(one for one in live.panel.window().findChildren(kind) if one.isVisible())


def focused_option(live: Live, details: SocketDetails) -> str:
    """The name of the option that the cursor is in, in sight."""
    area = details.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)

    def row() -> OptionRow | None:
        return next((r for r in details.findChildren(OptionRow) if holds_focus(r)), None)

    def is_in_sight() -> bool:
        found = row()
        if found is None:
            return False
        top = found.mapTo(area.viewport(), QPoint(0, 0)).y()
        return top >= 0 and top + found.height() <= area.viewport().height()

    def holds_focus(one: OptionRow) -> bool:
        return one.isAncestorOf(details.focusWidget())

    live.until(is_in_sight)
    found = row()
    return "" if found is None else found.option.name


def test_edit_access_shows_the_list_that_the_socket_goes_by(live: Live) -> None:
    live.open("pull:@tcp://127.0.0.1:*,name=other", SocketState.LISTENING)
    spec = "pull:@tcp://127.0.0.1:*,lock=plain-server,access=lab"
    ours = live.open(spec, SocketState.LISTENING)
    live.client(ours, b"ada")
    press_words(live.found(Rule.KNOCKING), "Edit access…")
    dialog = shown(live, AccessDialog)
    assert live.panel.selected == ours
    assert dialog.shown == "lab"
    dialog.close()


def test_edit_lock_shows_the_lock_of_the_socket(live: Live) -> None:
    live.open("pull:@tcp://127.0.0.1:*,name=other", SocketState.LISTENING)
    ours = live.open(
        "pull:@tcp://127.0.0.1:*,name=safe,lock=plain-server,access=lab", SocketState.LISTENING
    )
    live.press(ours, Rule.MECHANISMS_DIFFER, FixKind.EDIT_LOCK)
    dialog = shown(live, LockDialog)
    assert live.panel.selected == ours
    assert "safe" in dialog.windowTitle()
    form = dialog.findChild(LockForm)
    assert isinstance(form, LockForm)
    assert (form.choice, form.draft().access) == (LockChoice.PLAIN_SERVER, "lab")
    dialog.close()


def test_edit_under_an_untrusted_certificate_leads_to_the_option(live: Live) -> None:
    ours = live.open("sub:wss://127.0.0.1:1", SocketState.RETRYING)
    live.press(ours, Rule.UNTRUSTED_CERTIFICATE, FixKind.EDIT)
    details = shown(live, SocketDetails)
    assert details.socket_id == ours
    assert focused_option(live, details) == "wss_trust_pem"
    # The second time it is there already.
    details.findChildren(QLineEdit)[0].setFocus()
    live.panel.dialogs.show_details(ours, EditTarget(EditPlace.OPTION, "rcvhwm"))
    assert focused_option(live, details) == "rcvhwm"
    details.close()


def test_edit_under_types_that_do_not_fit_leads_to_the_type(live: Live) -> None:
    _, address = live.peer(zmq.PULL)
    ours = live.open(f"sub:{address},name=wrong", SocketState.FAILED)
    press_words(live.found(Rule.TYPES_DO_NOT_FIT), "Edit…")
    dialog = shown(live, NewSocketDialog)
    assert live.panel.selected == ours
    assert dialog.windowTitle() == "Edit socket"
    assert "name=wrong" in dialog.spec_text
    dialog.reject()


def test_edit_under_nobody_listens_leads_to_the_endpoints(live: Live) -> None:
    other, address = live.peer(zmq.PULL)
    live.leave(other, address)
    ours = live.open(f"push:{address}", SocketState.RETRYING)
    press_words(live.found(Rule.NOBODY_LISTENS), "Edit…")
    details = shown(live, SocketDetails)
    assert details.socket_id == ours
    focused = details.focusWidget()
    section = details.findChild(EndpointsSection)
    assert isinstance(section, EndpointsSection)
    assert focused is not None
    assert section.isAncestorOf(focused)
    details.close()


def test_peers_come_in_under_the_new_name_of_a_list_too(live: Live) -> None:
    spec = "pull:@tcp://127.0.0.1:*,lock=plain-server,access=lab"
    ours = live.open(spec, SocketState.LISTENING)
    closed = live.open(spec, SocketState.LISTENING)
    live.controller.close_socket(closed)
    live.until(lambda: live.snapshot(closed).state is SocketState.CLOSED)
    client = live.client(ours, b"ada")
    live.cure(Rule.KNOCKING, "Always let in")
    live.deliver(client, b"hello")
    desk = live.panel.security
    # Let in at once, but on the list once the password is hashed.
    live.until(lambda: any(each.users for each in desk.access.lists()))
    assert desk.rename_access("lab", "laboratory") is None
    live.until(lambda: not desk.going_by("lab"))
    assert len(desk.going_by("laboratory")) == 2
    assert live.snapshot(closed).state is SocketState.CLOSED
    live.until(lambda: live.snapshot(ours).state is SocketState.LISTENING)
    again = live.client(ours, b"ada")
    live.deliver(again, b"again")
    assert not live.panel.strip.cards
    assert [each.name for each in desk.access.lists()] == ["laboratory"]
