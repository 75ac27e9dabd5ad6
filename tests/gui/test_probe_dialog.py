from __future__ import annotations

from collections.abc import Iterator

import pytest
import zmq
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from tests.peers.launch import PeerProcess
from zmqscope.core.probe import Answer
from zmqscope.core.security.lock import Lock, Mechanism
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    EndpointStatus,
    Role,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
    SocketType,
)
from zmqscope.ui.probe.dialog import ProbeDialog
from zmqscope.ui.probe.facts import FactLabel, FactsView
from zmqscope.ui.sockets.data_field import DataField
from zmqscope.ui.theme import Theme, ThemeMode


@pytest.fixture
def dialog(qtbot: QtBot, dressed: QApplication) -> Iterator[ProbeDialog]:
    theme = Theme(ThemeMode.DARK)
    theme.apply(dressed)
    made = ProbeDialog(theme)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()


@pytest.fixture
def publisher() -> Iterator[str]:
    with PeerProcess("twelve.py", "PUB", "--bind", "tcp://127.0.0.1:*") as peer:
        yield peer.endpoint


def button(dialog: ProbeDialog, text: str) -> QPushButton:
    return next(b for b in dialog.findChildren(QPushButton) if b.text() == text)


def shown(dialog: ProbeDialog) -> str:
    return "\n".join(each.text() for each in dialog.findChildren(QLabel) if each.isVisible())


def test_keyboard_alone_leads_to_an_answer(
    qtbot: QtBot, dialog: ProbeDialog, publisher: str
) -> None:
    assert not button(dialog, "&Probe").isEnabled()
    QTest.keyClicks(dialog.focusWidget(), publisher)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.found is not None)
    assert dialog.found is not None
    assert dialog.found.type_name == "PUB"
    assert "is a PUB socket" in dialog.headline
    assert "PUB" in shown(dialog)


def test_a_socket_asks_with_its_own_type(qtbot: QtBot, dialog: ProbeDialog, publisher: str) -> None:
    spec = SocketSpec(SocketType.PULL)
    dialog.ask(publisher, SocketSnapshot(SocketId(1), spec, SocketState.RETRYING))
    qtbot.waitUntil(lambda: dialog.found is not None)
    assert "A PULL does not talk with it." in dialog.headline
    combo = dialog.findChildren(QComboBox)[0]
    assert combo.currentText() == "PULL"


def test_the_result_can_be_copied(qtbot: QtBot, dialog: ProbeDialog, publisher: str) -> None:
    assert not button(dialog, "&Copy result").isEnabled()
    dialog.ask(publisher)
    qtbot.waitUntil(lambda: dialog.found is not None)
    copy = button(dialog, "&Copy result")
    width = copy.width()
    copy.click()
    assert copy.text() == "Copied"
    assert copy.width() == width
    text = QGuiApplication.clipboard().text()
    assert "Socket type: PUB" in text
    assert "Mechanism: NULL" in text


def test_what_cannot_be_probed_says_why(qtbot: QtBot, dialog: ProbeDialog) -> None:
    dialog.ask("inproc://a")
    qtbot.waitUntil(lambda: "cannot be probed" in shown(dialog).replace("\u200b", ""))
    assert dialog.found is None
    dialog.ask("tcp://127.0.0.1")
    qtbot.waitUntil(lambda: "port" in shown(dialog))


def test_only_the_newest_question_is_answered(
    qtbot: QtBot, dialog: ProbeDialog, publisher: str
) -> None:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    with context.socket(zmq.PULL) as other:
        other.set(zmq.LINGER, 0)
        port = other.bind_to_random_port("tcp://127.0.0.1")
        dialog.ask(f"tcp://127.0.0.1:{port}")
        dialog.ask(publisher)
        qtbot.waitUntil(lambda: dialog.found is not None)
        assert dialog.found is not None
        assert dialog.found.type_name == "PUB"
    context.term()


def test_nobody_there(qtbot: QtBot, dialog: ProbeDialog) -> None:
    dialog.ask("tcp://127.0.0.1:1")
    qtbot.waitUntil(lambda: dialog.found is not None)
    assert dialog.found is not None
    assert dialog.found.answer is Answer.REFUSED
    assert "Nobody listens" in dialog.headline


def test_a_password_is_shown_at_the_sockets_own_endpoints_only(
    qtbot: QtBot, dialog: ProbeDialog, publisher: str
) -> None:
    lock = Lock(Mechanism.PLAIN, user="mia")
    own = EndpointStatus(Endpoint(Role.CONNECT, publisher), publisher, EndpointState.CONNECTING)
    spec = SocketSpec(SocketType.SUB, lock=lock)
    dialog.ask(publisher, SocketSnapshot(SocketId(1), spec, SocketState.RETRYING, (own,)))
    assert "who answers is shown name and password" in shown(dialog)
    qtbot.waitUntil(lambda: dialog.found is not None)
    assert dialog.found is not None
    assert dialog.found.plan.tries_lock
    field = dialog.findChild(DataField)
    assert field is not None
    field.setText(publisher.replace("127.0.0.1", "localhost"))
    assert "at its own endpoints only" in shown(dialog)
    button(dialog, "&Probe").click()
    qtbot.waitUntil(lambda: dialog.found is not None)
    assert not dialog.found.plan.tries_lock


def test_a_value_is_copied_as_it_is(qtbot: QtBot, dressed: QApplication) -> None:
    """Not with the marks that it is wrapped at, which no program would take for an endpoint."""
    value = "ipc:///tmp/a-folder/with-a-long-name/and-a-file"
    view = FactsView(Theme(ThemeMode.DARK))
    qtbot.addWidget(view)
    view.show_facts([("Endpoint", value)])
    with qtbot.waitExposed(view):
        view.show()
    (label,) = view.findChildren(FactLabel)
    label.setFocus()
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    QTest.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "before"
    label.on_select_all()
    QTest.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == value
    place = label.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, label.mapToGlobal(place))
    QApplication.sendEvent(label, event)
    (menu,) = label.findChildren(QMenu)
    clipboard.setText("before")
    menu.actions()[0].trigger()
    menu.close()
    assert clipboard.text() == value
