from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zmq
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMessageBox, QRadioButton, QTabWidget
from pytestqt.qtbot import QtBot

from tests.gui.security_rig import (
    SECRET_WORD,
    SecurityRig,
    button,
    choose,
    combo,
    line,
    named,
    notes,
    problems,
    unnamed,
)
from zmqscope.core.security.access import (
    AccessList,
    AccessMode,
    Knock,
    KnockId,
    PasswordHash,
    Verdict,
)
from zmqscope.core.security.access_file import read_access
from zmqscope.core.security.lock import Lock, Mechanism
from zmqscope.core.security.passwords import is_password
from zmqscope.core.types import SocketId, SocketSnapshot, SocketSpec, SocketState, SocketType
from zmqscope.models.security.access_edit import list_named
from zmqscope.ui.security.access_dialog import AccessDialog
from zmqscope.ui.security.entry_list import EntryList
from zmqscope.ui.security.name_dialog import NameDialog
from zmqscope.ui.security.password_dialog import PasswordDialog

Q = Qt.Key
KEY = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"


class Rig(SecurityRig):
    """The access lists."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        super().__init__(folder)
        self.qtbot = qtbot
        qtbot.addWidget(self.window)
        self.access = AccessDialog(self.theme, self.desk, "default", self.window)
        self.access.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.access.show()

    def turn_to(self, words: str) -> None:
        tabs = self.access.findChild(QTabWidget)
        assert isinstance(tabs, QTabWidget)
        texts = [tabs.tabText(at).replace("&", "") for at in range(tabs.count())]
        tabs.setCurrentIndex(next(at for at, text in enumerate(texts) if text.startswith(words)))

    def visible_button(self, words: str) -> None:
        page = self.access.findChild(QTabWidget)
        assert isinstance(page, QTabWidget)
        button(page.currentWidget(), words).click()

    def list(self, name: str = "default") -> AccessList:
        """As the engine was told last, and as it is kept."""
        told = [call[1] for call in self.controller.calls if call[0] == "set_access"][-1]
        kept = read_access(self.settings.access_path)
        assert told == kept
        return list_named(kept, name)


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(qtbot, tmp_path)
    yield rig
    rig.access.close()


def test_a_mode_counts_at_once(rig: Rig) -> None:
    modes = rig.access.findChildren(QRadioButton)
    assert [mode.isChecked() for mode in modes] == [False, False, True]
    modes[1].click()
    assert rig.list().mode is AccessMode.LISTED


def test_of_a_users_password_only_a_hash_is_kept(rig: Rig) -> None:
    QTest.keyClicks(line(rig.access, "Name of the new user"), "ann")
    password = line(rig.access, "Password of the new user")
    assert password.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClicks(password, SECRET_WORD)
    QTest.keyClick(password, Q.Key_Return)
    (user,) = rig.list().users
    assert user.name == "ann"
    assert is_password(user.password, SECRET_WORD)
    assert password.text() == ""
    assert not password.isUndoAvailable()
    assert SECRET_WORD not in rig.everything_written() + repr(rig.list())


def test_a_password_is_changed_and_a_user_removed(rig: Rig) -> None:
    for name in ("ann", "bob"):
        QTest.keyClicks(line(rig.access, "Name of the new user"), name)
        QTest.keyClicks(line(rig.access, "Password of the new user"), "first")
        rig.visible_button("Add")
    rig.visible_button("Change password…")
    dialog = rig.dialog(PasswordDialog)
    assert not button(dialog, "Change").isEnabled()
    QTest.keyClicks(line(dialog, "New password"), "second")
    QTest.keyClick(dialog, Q.Key_Return)
    users = {user.name: user.password for user in rig.list().users}
    assert is_password(users["bob"], "second")
    assert is_password(users["ann"], "first")
    rig.visible_button("Remove")
    assert [user.name for user in rig.list().users] == ["ann"]


def test_a_user_that_is_there_is_not_replaced_by_accident(rig: Rig) -> None:
    for _ in range(2):
        line(rig.access, "Name of the new user").setText("ann")
        line(rig.access, "Password of the new user").setText("first")
        rig.visible_button("Add")
    assert any("on the list already" in text for text in problems(rig.access))
    assert len(rig.list().users) == 1


def test_client_keys_are_checked_as_typed(rig: Rig) -> None:
    rig.turn_to("Client keys")
    field = line(rig.access, "Public key of a client")
    QTest.keyClicks(field, KEY[:38])
    assert any("2 letters are missing" in text for text in problems(rig.access))
    assert not any("server" in text for text in problems(rig.access))
    QTest.keyClicks(field, KEY[38:])
    assert problems(rig.access) == []
    QTest.keyClicks(line(rig.access, "Whose key it is"), "robot 7")
    QTest.keyClick(field, Q.Key_Return)
    (key,) = rig.list().keys
    assert (key.public, key.label) == (KEY, "robot 7")
    rig.visible_button("Remove")
    assert rig.list().keys == ()


def test_addresses_are_checked_as_typed(rig: Rig) -> None:
    rig.turn_to("Addresses")
    field = line(rig.access, "Address or network")
    QTest.keyClicks(field, "10.0.0.1:5555")
    assert any("Leave out the port" in text for text in problems(rig.access))
    QTest.keyClick(field, Q.Key_Return)
    assert field.text() == "10.0.0.1:5555"
    field.setText("10.0.0.0/24")
    QTest.keyClick(field, Q.Key_Return)
    choose(combo(rig.access, "Allow or deny"), "deny")
    field.setText("10.0.0.9")
    rig.visible_button("Add")
    assert (rig.list().allow, rig.list().deny) == (("10.0.0.0/24",), ("10.0.0.9",))


def test_wrong_input_never_closes_it_silently(rig: Rig) -> None:
    rig.turn_to("Addresses")
    field = line(rig.access, "Address or network")
    field.setText("nonsense")
    rig.turn_to("Users")
    button(rig.access, "Done").click()
    assert rig.access.isVisible()
    assert field.isVisible()
    assert problems(rig.access)
    field.setText("10.0.0.1")
    button(rig.access, "Done").click()
    assert not rig.access.isVisible()
    assert rig.list().allow == ("10.0.0.1",)


def test_esc_tells_once_of_what_is_half_typed(rig: Rig) -> None:
    line(rig.access, "Name of the new user").setText("ann")
    QTest.keyClick(rig.access, Q.Key_Escape)
    assert rig.access.isVisible()
    assert any("not on the list" in text for text in problems(rig.access))
    QTest.keyClick(rig.access, Q.Key_Escape)
    assert not rig.access.isVisible()


def test_lists_are_made_shown_and_deleted(rig: Rig) -> None:
    named(rig.access, "Make a new access list").click()
    dialog = rig.dialog(NameDialog)
    QTest.keyClicks(line(dialog, "Name"), "default")
    assert any("a list with this name" in text for text in problems(dialog))
    line(dialog, "Name").setText("lab")
    QTest.keyClick(dialog, Q.Key_Return)
    assert rig.access.shown == "lab"
    rig.access.findChildren(QRadioButton)[0].click()
    assert rig.list("lab").mode is AccessMode.ANYONE
    choose(combo(rig.access, "Access list"), "default")
    assert rig.access.findChildren(QRadioButton)[2].isChecked()
    assert not named(rig.access, "Delete this access list").isEnabled()
    choose(combo(rig.access, "Access list"), "lab")
    named(rig.access, "Delete this access list").click()
    box = rig.dialog(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert "are lost" in box.informativeText()
    next(b for b in box.buttons() if "Delete" in b.text()).click()
    assert rig.access.shown == "default"
    assert "lab" not in [each.name for each in rig.desk.access.lists()]


def test_what_cannot_be_saved_is_told(rig: Rig) -> None:
    rig.settings.access_path.mkdir()
    rig.access.findChildren(QRadioButton)[0].click()
    assert any("cannot be saved" in text for text in problems(rig.access))


def test_everything_has_a_name_and_a_tooltip(rig: Rig) -> None:
    for words in ("Users", "Client keys", "Addresses"):
        rig.turn_to(words)
        assert [w for w in unnamed(rig.access) if w.objectName() != "ScrollLeftButton"] == []


# ---- knocks ---------------------------------------------------------------------------------

KNOCK = Knock(KnockId(7), SocketId(1), "lab", Mechanism.CURVE, "10.0.0.5", b"", "", KEY, 0)


def test_a_peer_is_let_in_for_good(rig: Rig) -> None:
    rig.controller.knock_changed.emit(KNOCK)
    rig.desk.on_always_requested(KnockId(7))
    assert [key.public for key in rig.list("lab").keys] == [KEY]
    assert ("answer_knock", KnockId(7), Verdict.LET_IN) in rig.controller.calls


def test_a_user_is_let_in_for_good_once_its_password_is_known(rig: Rig) -> None:
    knock = replace(KNOCK, mechanism=Mechanism.PLAIN, user="ann", key="")
    rig.controller.knock_changed.emit(knock)
    rig.desk.on_always_requested(KnockId(7))
    assert ("answer_knock", KnockId(7), Verdict.LET_IN) in rig.controller.calls
    kept = PasswordHash(b"s" * 16, b"d" * 32)
    for _ in range(2):
        rig.controller.knock_changed.emit(replace(knock, is_open=False, password=kept))
    (user,) = rig.list("lab").users
    assert (user.name, user.password) == ("ann", kept)


def test_one_that_shows_nothing_is_let_in_once_and_that_is_told(rig: Rig) -> None:
    told: list[str] = []
    rig.controller.notice_posted.connect(lambda notice: told.append(notice.text))
    rig.controller.knock_changed.emit(replace(KNOCK, mechanism=Mechanism.NULL, key=""))
    rig.desk.on_always_requested(KnockId(7))
    assert "this time only" in told[0]
    assert rig.controller.calls == [("answer_knock", KnockId(7), Verdict.LET_IN)]


def test_many_that_have_come_and_gone_push_out_nobody_who_waits(rig: Rig) -> None:
    rig.controller.knock_changed.emit(KNOCK)
    for number in range(100, 1_200):
        other = replace(KNOCK, knock_id=KnockId(number), key="o" * 40)
        rig.controller.knock_changed.emit(other)
        rig.controller.knock_changed.emit(replace(other, is_open=False))
    rig.desk.on_always_requested(KNOCK.knock_id)
    assert ("answer_knock", KNOCK.knock_id, Verdict.LET_IN) in rig.controller.calls


@pytest.mark.parametrize("name", ["\udcff\udcfe", "\u202eadmin", "<img src='/dev/zero'>", ""])
def test_whatever_a_stranger_calls_itself_it_can_be_struck_off(rig: Rig, name: str) -> None:
    knock = replace(KNOCK, access="default", mechanism=Mechanism.PLAIN, user=name, key="")
    rig.controller.knock_changed.emit(knock)
    rig.desk.on_always_requested(KnockId(7))
    kept = PasswordHash(b"s" * 16, b"d" * 32)
    rig.controller.knock_changed.emit(replace(knock, is_open=False, password=kept))
    rig.turn_to("Users")
    (shown,) = [each for each in rig.access.findChildren(EntryList) if each.isVisible()]
    assert shown.keys() == [name]
    item = shown.currentItem()
    assert item is not None
    assert item.text(0).isprintable()
    assert "<img" not in item.toolTip(0)
    rig.visible_button("Change password…")
    dialog = rig.access.findChild(PasswordDialog)
    assert isinstance(dialog, PasswordDialog)
    dialog.field.setText(SECRET_WORD)
    dialog.accept()
    assert is_password(rig.list().users[0].password, SECRET_WORD)
    rig.visible_button("Remove")
    assert rig.list().users == ()


def test_a_knock_that_is_not_known_is_left_alone(rig: Rig) -> None:
    rig.desk.on_always_requested(KnockId(99))
    assert rig.controller.calls == []


def test_the_key_of_a_client_of_pyzmq_is_taken(rig: Rig) -> None:
    public = zmq.curve_keypair()[0].decode()
    rig.turn_to("Client keys")
    line(rig.access, "Public key of a client").setText(f'public-key = "{public}"')
    rig.visible_button("Add")
    assert rig.list().keys[0].public == public


# ---- another name for a list ----------------------------------------------------------------


def locked(number: int, access: str, state: SocketState) -> SocketSnapshot:
    lock = Lock(Mechanism.PLAIN, is_server=True, access=access)
    spec = SocketSpec(SocketType.PULL, (), f"s{number}", lock=lock)
    return SocketSnapshot(SocketId(number), spec, state)


def rename(rig: Rig, name: str) -> NameDialog:
    named(rig.access, "Rename this access list").click()
    dialog = rig.dialog(NameDialog)
    assert isinstance(dialog, NameDialog)
    line(dialog, "Name").setText(name)
    return dialog


def test_sockets_follow_a_list_to_its_new_name(rig: Rig) -> None:
    rig.desk.change_access(AccessList("lab", AccessMode.LISTED, allow=("10.0.0.0/8",)))
    rig.desk.change_access(AccessList("other"))
    choose(combo(rig.access, "Access list"), "lab")
    rig.controller.show(locked(1, "lab", SocketState.LISTENING))
    rig.controller.show(locked(2, "lab", SocketState.CLOSED))
    rig.controller.show(locked(3, "other", SocketState.LISTENING))
    rig.controller.calls.clear()
    dialog = rename(rig, "laboratory")
    assert line(dialog, "Name").text() == "laboratory"
    assert "2 sockets go by it" in notes(dialog)
    QTest.keyClick(dialog, Q.Key_Return)
    calls = rig.controller.calls
    assert [call[0] for call in calls] == ["set_access", "change", "change closed", "set_access"]
    # The new name holds before the first socket goes by it.
    assert [each.name for each in told_lists(calls[0])] == ["lab", "other", "laboratory"]
    assert [each.name for each in told_lists(calls[3])] == ["laboratory", "other"]
    specs = [call[2] for call in calls[1:3]]
    assert [spec.lock.access for spec in specs if isinstance(spec, SocketSpec)] == [
        "laboratory", "laboratory",
    ]  # fmt: skip
    assert [call[1] for call in calls[1:3]] == [1, 2]
    assert rig.access.shown == "laboratory"
    assert rig.list("laboratory").allow == ("10.0.0.0/8",)
    assert combo(rig.access, "Access list").findText("lab") == -1


def told_lists(call: tuple[object, ...]) -> tuple[AccessList, ...]:
    lists = call[1]
    assert isinstance(lists, tuple)
    return lists


def test_a_name_that_is_taken_or_the_same_renames_nothing(rig: Rig) -> None:
    rig.desk.change_access(AccessList("lab"))
    choose(combo(rig.access, "Access list"), "lab")
    dialog = rename(rig, "default")
    assert any("a list with this name" in text for text in problems(dialog))
    rig.controller.calls.clear()
    line(dialog, "Name").setText("lab")
    QTest.keyClick(dialog, Q.Key_Return)
    assert rig.controller.calls == []
    assert rig.access.shown == "lab"


def test_the_default_list_keeps_its_name(rig: Rig) -> None:
    assert not named(rig.access, "Rename this access list").isEnabled()
