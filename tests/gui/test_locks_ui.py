"""Locks in the sockets dock: details, dialogs, actions; on the real engine, with real peers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zmq
import zmq.auth
from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.security_rig import SECRET_WORD, button, choose, combo, line, named
from tests.gui.socket_rig import RecordingController, snapshot_of
from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.security.access import AccessList, AccessMode, Knock
from zmqscope.core.security.access_file import read_access
from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism, SecretPlace
from zmqscope.core.security.passwords import is_password
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.spec import format_spec, parse_spec
from zmqscope.core.types import SocketId, SocketSnapshot, SocketState, SocketType
from zmqscope.models.security.access_edit import with_key
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.security.access_dialog import AccessDialog
from zmqscope.ui.security.keys_dialog import KeysDialog
from zmqscope.ui.security.lock_dialog import LockDialog
from zmqscope.ui.security.lock_section import LockSection
from zmqscope.ui.settings import Settings
from zmqscope.ui.sockets.details import SocketDetails
from zmqscope.ui.sockets.new_socket_dialog import NewSocketDialog
from zmqscope.ui.sockets.panel import SocketsPanel
from zmqscope.ui.theme import Theme, ThemeMode

_TIMEOUT_MS = 60_000
KEY = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
ONE = SocketId(1)
Peer = zmq.Socket[bytes]


class Bench:
    """A sockets panel with what it depends on."""

    def __init__(
        self,
        qtbot: QtBot,
        folder: Path,
        controller: EngineController,
        secrets: SessionSecrets | None = None,
    ) -> None:
        self.qtbot = qtbot
        self.settings = Settings(QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat))
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        self.controller = controller
        self.panel = SocketsPanel(
            CaptureStore(32 * 1024 * 1024),
            controller,
            self.theme,
            self.actions,
            self.settings,
            secrets=secrets,
        )
        qtbot.addWidget(self.panel)
        self.panel.show()

    def details(self) -> SocketDetails:
        return next(d for d in self.panel.findChildren(SocketDetails) if d.isVisible())

    def lock_dialog(self) -> LockDialog:
        return next(d for d in self.panel.findChildren(LockDialog) if d.isVisible())

    def lock_words(self) -> str:
        section = self.details().findChild(LockSection)
        assert isinstance(section, LockSection)
        return section.words


class Recorded(Bench):
    """On a controller that remembers what it was told."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.recorder = RecordingController()
        super().__init__(qtbot, folder, self.recorder.as_controller())

    def show(self, lock: Lock = NO_LOCK, kind: SocketType = SocketType.PUB) -> SocketSnapshot:
        plain = snapshot_of(1, kind, "feed", "@tcp://*:5", state=SocketState.LISTENING)
        shown = self.recorder.show(replace(plain, spec=replace(plain.spec, lock=lock)))
        self.panel.select(ONE)
        return shown


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Recorded]:
    bench = Recorded(qtbot, tmp_path)
    yield bench
    bench.panel.close()


# ---- details and actions --------------------------------------------------------------------


def test_details_say_what_a_socket_has(bench: Recorded) -> None:
    bench.show()
    bench.panel.dialogs.show_details(ONE)
    assert bench.lock_words().startswith("No lock")
    bench.show(Lock(Mechanism.PLAIN, user="ann"))
    assert "“ann”" in bench.lock_words()
    bench.show(Lock(Mechanism.NULL, is_server=True, access="lab"))
    assert "“lab”: you are asked about unknown peers." in bench.lock_words()
    bench.panel.security.change_access(AccessList("lab", AccessMode.LISTED))
    assert "“lab”: only those listed come in." in bench.lock_words()


def test_a_lock_is_changed_from_the_details(bench: Recorded) -> None:
    snapshot = bench.show()
    bench.panel.dialogs.show_details(ONE)
    named(bench.details(), "Change the lock").click()
    dialog = bench.lock_dialog()
    choose(combo(dialog, "Lock"), "CURVE client")
    assert not button(dialog, "Reopen with it").isEnabled()
    QTest.keyClicks(line(dialog, "Public key of the server"), KEY)
    button(dialog, "Reopen with it").click()
    wanted = replace(snapshot.spec, lock=Lock(Mechanism.CURVE, server_key=KEY))
    assert ("change", ONE, wanted) in bench.recorder.calls


def test_cancelling_changes_nothing(bench: Recorded) -> None:
    bench.show()
    bench.actions.qaction("socket.lock").trigger()
    dialog = bench.lock_dialog()
    choose(combo(dialog, "Lock"), "PLAIN server")
    button(dialog, "Cancel").click()
    assert [call for call in bench.recorder.calls if call[0] == "change"] == []


def test_the_actions_open_keys_and_the_sockets_own_list(bench: Recorded) -> None:
    assert not bench.actions.qaction("socket.lock").isEnabled()
    bench.actions.qaction("socket.keys").trigger()
    keys = bench.panel.findChild(KeysDialog)
    assert isinstance(keys, KeysDialog)
    keys.accept()
    bench.show(Lock(Mechanism.PLAIN, is_server=True, access="lab"))
    bench.actions.qaction("socket.access").trigger()
    access = bench.panel.findChild(AccessDialog)
    assert isinstance(access, AccessDialog)
    assert access.shown == "lab"
    access.accept()


def test_a_lock_survives_edit_duplicate_and_the_recent_list(bench: Recorded) -> None:
    lock = Lock(Mechanism.CURVE, server_key=KEY)
    snapshot = bench.show(lock, SocketType.SUB)
    bench.panel.dialogs.ask_changed(ONE)
    dialog = bench.panel.findChild(NewSocketDialog)
    assert isinstance(dialog, NewSocketDialog)
    button(dialog, "Reopen").click()
    changed = next(call[2] for call in bench.recorder.calls if call[0] == "change")
    assert changed == snapshot.spec
    assert bench.settings.recent_specs == [format_spec(snapshot.spec)]
    assert parse_spec(bench.settings.recent_specs[0]).lock == lock


# ---- on the real engine ---------------------------------------------------------------------


class Live(Bench):
    """On the engine, with a context for peers."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        secrets = SessionSecrets()
        controller = EngineController(CaptureStore(32 * 1024 * 1024), CaptureClock(), secrets)
        controller.start()
        super().__init__(qtbot, folder, controller, secrets)
        self.knocks: list[Knock] = []
        controller.knock_changed.connect(self.knocks.append)
        self._context: zmq.Context[Peer] = zmq.Context()
        self._peers: list[Peer] = []

    def peer(self, kind: int) -> Peer:
        peer = self._context.socket(kind)
        self._peers.append(peer)
        peer.set(zmq.LINGER, 0)
        peer.set(zmq.SNDTIMEO, _TIMEOUT_MS)
        return peer

    def snapshot(self) -> SocketSnapshot:
        return self.controller.snapshots[ONE]

    def wait_until_open(self, lock: Lock) -> str:
        """The real address, once the socket has this lock."""

        def is_open() -> bool:
            snapshot = self.snapshot()
            return snapshot.spec.lock == lock and snapshot.state is SocketState.LISTENING

        self.qtbot.waitUntil(is_open, timeout=_TIMEOUT_MS)
        return self.snapshot().endpoints[0].actual

    def received(self) -> int:
        return self.controller.store.counters.of(ONE).received.messages

    def wait_for(self, count: int) -> None:
        self.qtbot.waitUntil(lambda: self.received() == count, timeout=_TIMEOUT_MS)

    def close(self) -> None:
        for peer in self._peers:
            peer.close()
        self._context.term()
        self.panel.close()
        assert self.controller.stop(_TIMEOUT_MS)


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[Live]:
    live = Live(qtbot, tmp_path)
    yield live
    live.close()


def test_a_socket_gets_a_lock_and_keeps_id_and_totals(live: Live, tmp_path: Path) -> None:
    live.controller.open_socket(parse_spec("pull:@tcp://127.0.0.1:*,name=in"))
    address = live.wait_until_open(NO_LOCK)
    push = live.peer(zmq.PUSH)
    push.connect(address)
    push.send(b"in clear")
    live.wait_for(1)
    entry = live.panel.security.vault.make_pair("server", SecretPlace.FILE, str(tmp_path))
    live.panel.security.add_key(entry)
    live.panel.select(ONE)
    live.actions.qaction("socket.lock").trigger()
    dialog = live.lock_dialog()
    choose(combo(dialog, "Lock"), "CURVE server")
    combo(dialog, "Own key pair").setCurrentIndex(1)
    button(dialog, "Reopen with it").click()
    lock = Lock(Mechanism.CURVE, is_server=True, secret=entry.secret)
    address = live.wait_until_open(lock)
    public, secret = zmq.curve_keypair()
    listed = with_key(AccessList(mode=AccessMode.LISTED), public.decode(), "me")
    assert live.panel.security.change_access(listed) is None
    client = live.peer(zmq.PUSH)
    client.setsockopt(zmq.CURVE_SERVERKEY, entry.public.encode())
    client.setsockopt(zmq.CURVE_PUBLICKEY, public)
    client.setsockopt(zmq.CURVE_SECRETKEY, secret)
    client.connect(address)
    client.send(b"in secret")
    live.wait_for(2)


def test_a_password_typed_in_the_form_opens_the_door(live: Live) -> None:
    live.controller.open_socket(
        parse_spec("pull:@tcp://127.0.0.1:*,lock=plain-server,access=lab,name=in")
    )
    address = live.wait_until_open(Lock(Mechanism.PLAIN, is_server=True, access="lab"))
    live.panel.locks.show_access("lab")
    access = live.panel.findChild(AccessDialog)
    assert isinstance(access, AccessDialog)
    line(access, "Name of the new user").setText("ann")
    line(access, "Password of the new user").setText(SECRET_WORD)
    access.accept()
    live.panel.dialogs.ask_new()
    dialog = live.panel.findChild(NewSocketDialog)
    assert isinstance(dialog, NewSocketDialog)
    line(dialog, "Socket spec").setText("")
    QTest.keyClicks(line(dialog, "Socket spec"), f"push:{address},name=out")
    choose(combo(dialog, "Lock"), "PLAIN client")
    QTest.keyClicks(line(dialog, "User name"), "ann")
    choose(combo(dialog, "Where to keep it"), "Only until I quit")
    QTest.keyClicks(line(dialog, "Password"), SECRET_WORD)
    button(dialog, "Open").click()
    out = SocketId(2)
    live.qtbot.waitUntil(lambda: out in live.controller.snapshots)

    def is_in() -> bool:
        return live.controller.snapshots[out].state is SocketState.CONNECTED

    live.qtbot.waitUntil(is_in, timeout=_TIMEOUT_MS)
    live.controller.send(out, (b"hello",))
    live.wait_for(1)
    assert SECRET_WORD not in repr(live.controller.snapshots)


@pytest.mark.parametrize("mechanism", [Mechanism.CURVE, Mechanism.PLAIN])
def test_who_knocks_is_let_in_now_and_for_good(
    live: Live, tmp_path: Path, mechanism: Mechanism
) -> None:
    lock = Lock(mechanism, is_server=True)
    client = live.peer(zmq.PUSH)
    if mechanism is Mechanism.CURVE:
        entry = live.panel.security.vault.make_pair("server", SecretPlace.FILE, str(tmp_path))
        lock = replace(lock, secret=entry.secret)
        public, secret = zmq.curve_keypair()
        client.setsockopt(zmq.CURVE_SERVERKEY, entry.public.encode())
        client.setsockopt(zmq.CURVE_PUBLICKEY, public)
        client.setsockopt(zmq.CURVE_SECRETKEY, secret)
    else:
        client.setsockopt(zmq.PLAIN_USERNAME, b"ann")
        client.setsockopt(zmq.PLAIN_PASSWORD, SECRET_WORD.encode())
    spec = replace(parse_spec("pull:@tcp://127.0.0.1:*,name=in"), lock=lock)
    live.controller.open_socket(spec)
    client.connect(live.wait_until_open(lock))
    client.send(b"let me in")
    live.qtbot.waitUntil(lambda: bool(live.knocks), timeout=_TIMEOUT_MS)
    assert live.received() == 0
    live.panel.security.on_always_requested(live.knocks[0].knock_id)
    live.wait_for(1)

    def is_listed() -> bool:
        lists = live.panel.security.access.lists()
        return any(access.keys or access.users for access in lists)

    live.qtbot.waitUntil(is_listed, timeout=_TIMEOUT_MS)
    kept = read_access(live.settings.access_path)
    assert kept == live.panel.security.access.lists()
    if mechanism is Mechanism.PLAIN:
        (user,) = kept[0].users
        assert user.name == "ann"
        assert is_password(user.password, SECRET_WORD)
    assert SECRET_WORD not in live.settings.access_path.read_text() + repr(live.knocks)
