"""A line that still lacks something: the form follows it as far as it goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.gui.new_socket_rig import NewSocketRig, Q, focus_chain, opened_dialog
from zmqscope.core.spec import parse_spec
from zmqscope.models.security.lock_draft import LockChoice
from zmqscope.models.security.lock_words import choice_title

KEY = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[NewSocketRig]:
    with opened_dialog(qtbot, tmp_path) as made:
        yield made


def is_marked(field: QWidget) -> bool:
    return bool(field.property("problem"))


def lacking_line(rig: NewSocketRig, qtbot: QtBot, line: str) -> None:
    """Type a line and wait until it is told what it lacks."""
    rig.type_spec(line)
    assert rig.spec.text() == line
    assert not rig.button("Open").isEnabled()
    qtbot.waitUntil(lambda: any("lacks" in text for text in rig.problems()))


def test_the_form_follows_a_line_whose_lock_lacks_the_server_key(
    rig: NewSocketRig, qtbot: QtBot
) -> None:
    lacking_line(rig, qtbot, "push:tcp://a:1,name=load,sndhwm=5,lock=curve-client")
    assert rig.type.currentText() == "PUSH"
    assert rig.field("Name of the socket").text() == "load"
    assert rig.field("Address of the endpoint").text() == "tcp://a:1"
    assert rig.combo("Lock").currentText() == choice_title(LockChoice.CURVE_CLIENT)
    key = rig.field("Public key of the server")
    assert is_marked(key)
    assert key in list(focus_chain(rig.spec))
    assert any("Still missing: the server" in note for note in rig.notes())
    QTest.keyClick(rig.spec, Q.Key_Return)
    assert rig.dialog.focusWidget() is key
    key.setText(KEY)
    assert parse_spec(rig.spec.text()).lock.server_key == KEY
    assert rig.problems() == []
    assert not is_marked(key)
    assert rig.button("Open").isEnabled()


def test_a_plain_client_lacks_its_name(rig: NewSocketRig, qtbot: QtBot) -> None:
    lacking_line(rig, qtbot, "sub:tcp://a:1,topic=EUR,lock=plain-client")
    user = rig.field("User name")
    assert is_marked(user)
    QTest.keyClick(rig.spec, Q.Key_Return)
    QTest.keyClicks(rig.dialog.focusWidget(), "ann")
    assert rig.spec.text() == "sub:tcp://a:1,topic=EUR,lock=plain-client,user=ann"
    assert rig.button("Open").isEnabled()


def test_a_curve_server_lacks_its_pair(rig: NewSocketRig, qtbot: QtBot) -> None:
    lacking_line(rig, qtbot, "pub:@tcp://127.0.0.1:5556,lock=curve-server")
    pair = rig.combo("Own key pair")
    assert is_marked(pair)
    QTest.keyClick(rig.spec, Q.Key_Return)
    assert rig.dialog.focusWidget() is pair
    assert not rig.button("Open").isEnabled()


def test_what_cannot_be_read_stays_in_the_line_while_the_form_changes(
    rig: NewSocketRig, qtbot: QtBot
) -> None:
    rig.type_spec("push:tcp://a:1,nonsense")
    qtbot.waitUntil(lambda: len(rig.problems()) == 1)
    QTest.keyClicks(rig.field("Name of the socket"), "load")
    assert rig.spec.text() == "push:tcp://a:1,name=load,nonsense"
    assert "nonsense" in rig.problems()[0]
    assert not rig.button("Open").isEnabled()
    rig.type_spec("push:tcp://a:1,name=load")
    assert rig.problems() == []
    assert rig.button("Open").isEnabled()


def test_an_endpoint_half_typed_is_in_the_form_and_told_once(
    rig: NewSocketRig, qtbot: QtBot
) -> None:
    rig.type_spec("push:tcp://localhost,name=load")
    qtbot.waitUntil(lambda: len(rig.problems()) == 1)
    assert rig.field("Address of the endpoint").text() == "tcp://localhost"
    QTest.keyClicks(rig.field("Address of the endpoint"), ":5557")
    assert rig.spec.text() == "push:tcp://localhost:5557,name=load"
    assert rig.button("Open").isEnabled()
