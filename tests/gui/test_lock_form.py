from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
import zmq.auth
from keyring.backend import KeyringBackend
from keyring.backends import fail
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.security_rig import (
    SECRET_WORD,
    MemoryKeyring,
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
from zmqscope.core.security.lock import Lock, Mechanism, SecretPlace, SecretRef
from zmqscope.core.security.secret import Secret
from zmqscope.core.spec import format_spec, parse_spec
from zmqscope.core.types import SocketSpec, SocketType
from zmqscope.models.security.key_book import KeyEntry
from zmqscope.models.security.lock_draft import LockChoice
from zmqscope.ui.security.access_dialog import AccessDialog
from zmqscope.ui.security.known_keys import KnownKeysButton
from zmqscope.ui.security.lock_form import LockForm
from zmqscope.ui.security.pair_dialog import PairDialog
from zmqscope.ui.security.pair_field import PairField
from zmqscope.ui.sockets.new_socket_dialog import NewSocketDialog

Q = Qt.Key
KEY = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"


class Rig(SecurityRig):
    """The dialog for a new socket."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        super().__init__(folder)
        self.qtbot = qtbot
        qtbot.addWidget(self.window)
        self.new = self.open(None)

    def open(self, spec: SocketSpec | None) -> NewSocketDialog:
        dialog = NewSocketDialog(self.theme, self.settings, spec, None, self.window, self.desk)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        dialog.show()
        self.opened = QSignalSpy(dialog.spec_accepted)
        return dialog

    @property
    def form(self) -> LockForm:
        form = self.new.findChild(LockForm)
        assert isinstance(form, LockForm)
        return form

    @property
    def spec(self) -> str:
        return line(self.new, "Socket spec").text()

    def type_spec(self, text: str) -> None:
        field = line(self.new, "Socket spec")
        field.selectAll()
        QTest.keyClicks(field, text)

    def choose_lock(self, words: str) -> None:
        choose(combo(self.new, "Lock"), words)

    def press_open(self) -> SocketSpec:
        button(self.new, "Open").click()
        self.qtbot.waitUntil(lambda: self.opened.count() == 1)
        spec = self.opened.at(0)[0]
        assert isinstance(spec, SocketSpec)
        return spec

    def visible_fields(self) -> list[str]:
        fields = self.form.findChildren(QLineEdit)
        return [f.accessibleName() for f in fields if f.isVisible() and f.accessibleName()]


@pytest.fixture
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    make: Callable[[], KeyringBackend] = fail.Keyring
    keyring.set_keyring(make())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def memory_keyring() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    backend = MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path, no_keyring: None) -> Iterator[Rig]:
    rig = Rig(qtbot, tmp_path)
    rig.type_spec("sub:tcp://a:1")
    yield rig
    rig.new.close()


# ---- the choice -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("none", []),
        ("PLAIN client", ["User name", "Password"]),
        ("PLAIN server", []),
        ("CURVE client", ["Public key of the server"]),
        ("CURVE server", []),
        ("access list", []),
    ],
)
def test_only_the_fields_that_matter_are_shown(rig: Rig, words: str, fields: list[str]) -> None:
    rig.choose_lock(words)
    assert rig.visible_fields() == fields


def test_the_line_and_the_form_are_in_step(rig: Rig) -> None:
    rig.choose_lock("PLAIN server")
    assert rig.spec == "sub:tcp://a:1,lock=plain-server"
    rig.type_spec("sub:tcp://a:1,lock=curve-client,server_key=" + "0" * 40)
    assert rig.form.choice is LockChoice.CURVE_CLIENT
    assert line(rig.new, "Public key of the server").text() == "0" * 40
    rig.choose_lock("none")
    assert rig.spec == "sub:tcp://a:1"


def test_what_is_missing_is_said_calmly(rig: Rig) -> None:
    rig.choose_lock("CURVE server")
    assert "Still missing: a key pair." in notes(rig.new)
    assert problems(rig.new) == []
    assert not button(rig.new, "Open").isEnabled()


def test_types_that_cannot_have_a_lock_say_so(rig: Rig) -> None:
    rig.choose_lock("PLAIN server")
    kinds = combo(rig.new, "Socket type")
    kinds.setCurrentIndex(kinds.findData(SocketType.STREAM))
    assert any("STREAM cannot be locked" in text for text in problems(rig.new))
    assert not button(rig.new, "Open").isEnabled()
    lock = combo(rig.new, "Lock")
    row = lock.findText("CURVE server")
    assert not lock.model().index(row, 0).flags() & Qt.ItemFlag.ItemIsEnabled
    rig.choose_lock("none")
    assert problems(rig.new) == []


# ---- passwords ------------------------------------------------------------------------------


def test_a_password_goes_where_it_is_kept_and_nowhere_else(rig: Rig) -> None:
    rig.choose_lock("PLAIN client")
    QTest.keyClicks(line(rig.new, "User name"), "ann")
    password = line(rig.new, "Password")
    assert password.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClicks(password, SECRET_WORD)
    password.selectAll()
    password.copy()
    assert "user=ann,secret=session:ann-" in rig.spec
    shown = (rig.spec, repr(rig.form.draft()), repr(rig.new), notes(rig.new))
    assert SECRET_WORD not in " ".join(shown)
    spec = rig.press_open()
    assert SECRET_WORD not in repr(spec) + format_spec(spec) + rig.everything_written()
    assert spec.lock.secret is not None
    assert rig.secrets.get(spec.lock.secret.name) == Secret(SECRET_WORD.encode())
    assert password.text() == ""
    assert not password.isUndoAvailable()
    assert rig.settings.recent_specs == [format_spec(spec)]


def test_without_a_keyring_its_choice_is_greyed_with_the_reason(rig: Rig) -> None:
    rig.choose_lock("PLAIN client")
    place = combo(rig.new, "Where to keep it")
    rig.qtbot.waitUntil(lambda: rig.desk.keyring_reason().startswith("This system"))
    index = place.model().index(place.findData(SecretPlace.KEYRING), 0)
    assert not index.flags() & Qt.ItemFlag.ItemIsEnabled
    assert "no keyring" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert place.currentData() is SecretPlace.SESSION


def test_with_a_keyring_that_is_the_first_choice(
    qtbot: QtBot, tmp_path: Path, memory_keyring: MemoryKeyring
) -> None:
    rig = Rig(qtbot, tmp_path)
    rig.type_spec("sub:tcp://a:1,lock=plain-client,user=ann")
    place = combo(rig.new, "Where to keep it")
    qtbot.waitUntil(lambda: place.currentData() is SecretPlace.KEYRING)
    QTest.keyClicks(line(rig.new, "Password"), SECRET_WORD)
    spec = rig.press_open()
    assert spec.lock.secret is not None
    assert spec.lock.secret.place is SecretPlace.KEYRING
    assert memory_keyring.entries == {("zmqscope", spec.lock.secret.name): SECRET_WORD}
    assert SECRET_WORD not in rig.everything_written()
    rig.new.close()


def test_a_file_is_for_its_owner_alone_and_never_replaced(rig: Rig) -> None:
    rig.choose_lock("PLAIN client")
    QTest.keyClicks(line(rig.new, "User name"), "ann")
    QTest.keyClicks(line(rig.new, "Password"), SECRET_WORD)
    choose(combo(rig.new, "Where to keep it"), "A file")
    path = rig.folder / "ann.password"
    path.write_text("precious")
    field = line(rig.new, "File for the password")
    field.setText(str(path))
    button(rig.new, "Open").click()
    rig.qtbot.waitUntil(lambda: any("there already" in text for text in problems(rig.new)))
    assert rig.new.isVisible()
    assert rig.opened.count() == 0
    assert path.read_text() == "precious"
    field.setText(str(rig.folder / "other.password"))
    spec = rig.press_open()
    assert spec.lock.secret == SecretRef(SecretPlace.FILE, str(rig.folder / "other.password"))
    mode = (rig.folder / "other.password").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_password_that_plain_cannot_carry_keeps_the_dialog_open(rig: Rig) -> None:
    rig.choose_lock("PLAIN client")
    QTest.keyClicks(line(rig.new, "User name"), "ann")
    line(rig.new, "Password").setText("x" * 300)
    assert any("300 bytes" in text for text in problems(rig.new))
    assert not button(rig.new, "Open").isEnabled()


def test_a_kept_password_is_not_shown_only_replaced(qtbot: QtBot, tmp_path: Path) -> None:
    rig = Rig(qtbot, tmp_path)
    rig.new.close()
    kept = SecretRef(SecretPlace.SESSION, "ann-1")
    spec = parse_spec("sub:tcp://a:1,lock=plain-client,user=ann,secret=session:ann-1")
    rig.new = rig.open(spec)
    assert not line(rig.new, "Password").isVisible()
    assert "Kept in memory until you quit, as “ann-1”." in notes(rig.new)
    QTest.keyClick(named(rig.new, "Replace…"), Q.Key_Space)
    assert line(rig.new, "Password").isVisible()
    assert rig.form.draft().secret is None
    QTest.keyClick(named(rig.new, "Leave it as it is"), Q.Key_Space)
    assert rig.form.draft().secret == kept
    QTest.keyClick(named(rig.new, "Replace…"), Q.Key_Space)
    QTest.keyClicks(line(rig.new, "Password"), "other")
    again = rig.press_open()
    assert again.lock.secret == kept
    assert rig.secrets.get(kept.name) == Secret(b"other")
    rig.new.close()


# ---- the server's key -----------------------------------------------------------------------


def test_missing_letters_are_counted_as_one_types(rig: Rig) -> None:
    rig.choose_lock("CURVE client")
    field = line(rig.new, "Public key of the server")
    QTest.keyClicks(field, KEY[:39])
    assert any("1 letter is missing" in text for text in problems(rig.new))
    assert field.property("problem") is True
    QTest.keyClicks(field, KEY[39:])
    assert problems(rig.new) == []
    assert button(rig.new, "Open").isEnabled()
    assert parse_spec(rig.spec).lock.server_key == KEY


def test_a_pasted_certificate_and_hex_become_letters(rig: Rig) -> None:
    rig.choose_lock("CURVE client")
    public_path, secret_path = zmq.auth.create_certificates(rig.folder, "server")
    public = zmq.auth.load_certificate(public_path)[0].decode()
    field = line(rig.new, "Public key of the server")
    for path in (public_path, secret_path):
        field.clear()
        QGuiApplication.clipboard().setText(Path(path).read_text())
        field.paste()
        assert field.text() == public
    QGuiApplication.clipboard().clear()
    field.setText("00" * 32)
    assert field.text() == "0" * 40
    assert "40 letters" in notes(rig.new)


def test_a_pasted_secret_key_goes_at_once(rig: Rig) -> None:
    rig.choose_lock("CURVE client")
    field = line(rig.new, "Public key of the server")
    secret = zmq.curve_keypair()[1].decode()
    for pasted in (f'secret-key = "{secret}"', f'client.curve_secretkey = b"{secret}"'):
        field.setText(pasted)
        assert field.text() == ""
        assert any("secret key" in text for text in problems(rig.new))
        assert secret not in rig.spec + repr(rig.form.draft())
    field.setText("file:/keys/secret-key.key")
    assert field.text() == "file:/keys/secret-key.key"


def test_a_known_key_and_a_file_are_offered(rig: Rig) -> None:
    rig.desk.add_key(KeyEntry("R&D server", KEY))
    rig.choose_lock("CURVE client")
    known = rig.form.findChild(KnownKeysButton)
    assert isinstance(known, KnownKeysButton)
    known.menu().aboutToShow.emit()
    actions = [action for action in known.menu().actions() if not action.isSeparator()]
    assert actions[1].text().startswith("R&&D server · ")
    actions[1].trigger()
    assert line(rig.new, "Public key of the server").text() == KEY
    path, _ = zmq.auth.create_certificates(rig.folder, "server")
    known.on_dialog_file_selected(str(path))
    public = zmq.auth.load_certificate(path)[0].decode()
    rig.qtbot.waitUntil(lambda: line(rig.new, "Public key of the server").text() == public)
    known.on_dialog_file_selected(str(rig.folder / "nowhere"))
    rig.qtbot.waitUntil(lambda: any("There is no file" in text for text in problems(rig.new)))


# ---- the own key pair -----------------------------------------------------------------------


def test_a_pair_is_made_and_its_public_key_copied(rig: Rig) -> None:
    rig.choose_lock("CURVE server")
    named(rig.new, "Make a new key pair").click()
    dialog = rig.dialog(PairDialog)
    assert not button(dialog, "Make").isEnabled()
    QTest.keyClicks(line(dialog, "Name of the key pair"), "server")
    QTest.keyClick(dialog, Q.Key_Return)
    rig.qtbot.waitUntil(lambda: rig.form.draft().pair is not None)
    path = rig.folder / "keys" / "server.key_secret"
    assert rig.form.draft().pair == SecretRef(SecretPlace.FILE, str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    named(rig.new, "Copy this socket’s public key").click()
    public, secret = zmq.auth.load_certificate(path)
    assert QGuiApplication.clipboard().text() == public.decode()
    assert secret is not None
    rig.settings.save()
    assert secret.decode() not in repr(rig.form.draft()) + rig.spec + rig.ini.read_text()
    assert button(rig.new, "Open").isEnabled()


def test_a_name_that_is_there_keeps_the_pair_dialog_open(rig: Rig) -> None:
    folder = rig.folder / "keys"
    rig.desk.vault.make_pair("server", SecretPlace.FILE, str(folder))
    rig.choose_lock("CURVE server")
    named(rig.new, "Make a new key pair").click()
    dialog = rig.dialog(PairDialog)
    QTest.keyClicks(line(dialog, "Name of the key pair"), "server")
    button(dialog, "Make").click()
    rig.qtbot.waitUntil(lambda: any("there already" in text for text in problems(dialog)))
    assert dialog.isVisible()
    QTest.keyClicks(line(dialog, "Name of the key pair"), "/x")
    assert any("no name for a file" in text for text in problems(dialog))
    QTest.keyClick(dialog, Q.Key_Escape)
    assert not dialog.isVisible()


def test_a_pair_is_chosen_from_a_file(rig: Rig) -> None:
    _, path = zmq.auth.create_certificates(rig.folder, "mine")
    rig.choose_lock("CURVE client")
    line(rig.new, "Public key of the server").setText(KEY)
    named(rig.new, "Choose a .key_secret file").click()
    dialog = rig.form.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    rig.qtbot.waitUntil(lambda: rig.form.findChild(QFileDialog) is None)
    spec = rig.press_open()
    assert spec.lock == Lock(
        Mechanism.CURVE, server_key=KEY, secret=SecretRef(SecretPlace.FILE, str(path))
    )
    public = zmq.auth.load_certificate(path)[0].decode()
    ref = SecretRef(SecretPlace.FILE, str(path))
    rig.qtbot.waitUntil(lambda: rig.desk.public_of(ref) == public)
    assert rig.desk.book.of(ref) is not None


def test_a_file_that_is_no_pair_is_told_at_once(rig: Rig) -> None:
    path, _ = zmq.auth.create_certificates(rig.folder, "mine")
    rig.choose_lock("CURVE server")
    field = rig.form.findChild(PairField)
    assert isinstance(field, PairField)
    field.on_dialog_file_selected(str(path))
    rig.qtbot.waitUntil(lambda: any("only a public key" in text for text in problems(rig.new)))


def test_a_fresh_pair_is_for_clients_alone(rig: Rig) -> None:
    rig.choose_lock("CURVE client")
    pair = combo(rig.new, "Own key pair")
    assert pair.currentText() == "a fresh pair each time it opens"
    rig.choose_lock("CURVE server")
    assert pair.currentText() == "choose or make one"


# ---- the access list ------------------------------------------------------------------------


def test_the_access_list_is_chosen_and_edited(rig: Rig) -> None:
    rig.choose_lock("access list")
    assert "You are asked about unknown peers." in notes(rig.new)
    named(rig.new, "Edit the access list").click()
    access = rig.dialog(AccessDialog)
    assert isinstance(access, AccessDialog)
    access.chooser.on_dialog_name_chosen("lab")
    access.accept()
    choose(combo(rig.new, "Access list"), "lab")
    assert rig.spec == "sub:tcp://a:1,lock=null-server,access=lab"
    assert rig.press_open().lock.access == "lab"


def test_a_list_that_is_not_there_stays_chosen(rig: Rig) -> None:
    rig.type_spec("sub:tcp://a:1,lock=plain-server,access=elsewhere")
    assert combo(rig.new, "Access list").currentText() == "elsewhere"
    assert rig.press_open().lock.access == "elsewhere"


# ---- keyboard and names ---------------------------------------------------------------------


def test_it_is_filled_in_by_keyboard_alone(rig: Rig) -> None:
    rig.new.activateWindow()
    rig.choose_lock("PLAIN client")
    combo(rig.new, "Lock").setFocus()
    seen: list[str] = []
    for _ in range(3):
        QTest.keyClick(rig.new.focusWidget(), Q.Key_Tab)
        focused = QApplication.focusWidget() or rig.new.focusWidget()
        assert isinstance(focused, QWidget)
        seen.append(focused.accessibleName())
    assert seen == ["User name", "Password", "Where to keep it"]


@pytest.mark.parametrize("choice", list(LockChoice))
def test_everything_has_a_name_and_a_tooltip(rig: Rig, choice: LockChoice) -> None:
    lock = combo(rig.new, "Lock")
    lock.setCurrentIndex(lock.findData(choice))
    assert unnamed(rig.form) == []
