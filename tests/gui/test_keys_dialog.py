from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
import zmq.auth
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from tests.gui.security_rig import (
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
from zmqscope.core.security.lock import SecretPlace, SecretRef
from zmqscope.models.security.key_book import KeyEntry
from zmqscope.ui.copy_button import CopyButton
from zmqscope.ui.security.key_label import KeyLabel
from zmqscope.ui.security.keys_dialog import KeysDialog
from zmqscope.ui.security.pair_dialog import PairDialog

Q = Qt.Key


class Rig(SecurityRig):
    """The key manager."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        super().__init__(folder)
        self.qtbot = qtbot
        qtbot.addWidget(self.window)
        self.keys = KeysDialog(self.theme, self.desk, self.window)
        self.keys.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.keys.show()

    def add(self, name: str, place: SecretPlace = SecretPlace.FILE) -> KeyEntry:
        entry = self.desk.vault.make_pair(name, place, str(self.folder / "keys"))
        self.desk.add_key(entry)
        return entry

    def choose_file(self, path: Path | str) -> None:
        dialog = self.keys.findChild(QFileDialog)
        assert isinstance(dialog, QFileDialog)
        dialog.fileSelected.emit(str(path))
        dialog.close()
        self.qtbot.waitUntil(lambda: self.keys.findChild(QFileDialog) is None)

    def confirm(self, words: str) -> str:
        """Answer the question that is open; what it says."""
        box = self.dialog(QMessageBox)
        assert isinstance(box, QMessageBox)
        said = box.informativeText()
        next(b for b in box.buttons() if b.text().replace("&", "") == words).click()
        return said


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())
    rig = Rig(qtbot, tmp_path)
    yield rig
    rig.keys.close()
    keyring.set_keyring(before)


def test_empty_it_says_what_keys_are_for(rig: Rig) -> None:
    assert "No keys yet." in notes(rig.keys)
    assert "Make a pair, or import" in notes(rig.keys)
    assert not button(rig.keys, "Delete…").isVisible()
    assert not rig.keys.list.isVisible()


def test_a_pair_is_made_in_the_keyring(rig: Rig) -> None:
    button(rig.keys, "New pair…").click()
    dialog = rig.dialog(PairDialog)
    QTest.keyClicks(line(dialog, "Name of the key pair"), "camera")
    place = combo(dialog, "Where to keep it")
    index = place.model().index(place.findData(SecretPlace.KEYRING), 0)
    rig.qtbot.waitUntil(lambda: bool(index.flags() & Qt.ItemFlag.ItemIsEnabled))
    choose(place, "System keyring")
    assert not line(dialog, "Folder for the key pair").isVisible()
    button(dialog, "Make").click()
    rig.qtbot.waitUntil(lambda: rig.keys.current is not None)
    entry = rig.keys.current
    assert entry is not None
    assert entry.secret == SecretRef(SecretPlace.KEYRING, "camera")
    label = rig.keys.findChild(KeyLabel)
    assert isinstance(label, KeyLabel)
    assert label.key == entry.public
    assert "“camera”" in notes(rig.keys)
    assert "camera" in rig.settings.get_text("key_book")


def test_only_the_public_key_is_copied(rig: Rig) -> None:
    entry = rig.add("camera")
    copy = named(rig.keys, "Copy the public key")
    copy.click()
    assert QGuiApplication.clipboard().text() == entry.public
    # What it has done can be seen, until another key is there.
    assert isinstance(copy, CopyButton)
    assert copy.has_copied
    assert (copy.toolTip(), copy.accessibleName()) == ("Copied", "Copied")
    rig.add("robot")
    before = rig.keys.current
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
        if rig.keys.current == before:
            QTest.keyClick(rig.keys.list, key)
    assert not copy.has_copied
    assert copy.toolTip() == "Copy the public key"
    copy.click()
    rig.qtbot.waitUntil(lambda: not copy.has_copied, timeout=10_000)
    assert entry.secret is not None
    secret = zmq.auth.load_certificate(entry.secret.name)[1]
    assert secret is not None
    rig.settings.save()
    assert secret.decode() not in rig.ini.read_text()


def test_files_of_pyzmq_are_imported(rig: Rig) -> None:
    public_path, secret_path = zmq.auth.create_certificates(rig.folder, "robot")
    for path in (public_path, secret_path):
        button(rig.keys, "Import…").click()
        rig.choose_file(path)
        rig.qtbot.waitUntil(lambda: rig.desk.errands.running == 0)
    assert [e.secret is None for e in rig.desk.book.entries] == [False, True]
    button(rig.keys, "Import…").click()
    (rig.folder / "junk").write_text("junk")
    rig.choose_file(rig.folder / "junk")
    rig.qtbot.waitUntil(lambda: any("no certificate" in text for text in problems(rig.keys)))


def test_a_pair_is_exported(rig: Rig) -> None:
    entry = rig.add("lab", SecretPlace.SESSION)
    button(rig.keys, "Export secret…").click()
    path = rig.folder / "out.key_secret"
    rig.choose_file(path)
    rig.qtbot.waitUntil(path.exists)
    rig.qtbot.waitUntil(lambda: f"Written to {path}." in notes(rig.keys))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert zmq.auth.load_certificate(path)[0].decode() == entry.public
    button(rig.keys, "Export public…").click()
    path = rig.folder / "out.key"
    rig.choose_file(path)
    rig.qtbot.waitUntil(lambda: f"Written to {path}." in notes(rig.keys))
    assert zmq.auth.load_certificate(path)[1] is None
    button(rig.keys, "Export public…").click()
    rig.choose_file(rig.folder / "nowhere" / "out.key")
    rig.qtbot.waitUntil(lambda: any("cannot be written" in text for text in problems(rig.keys)))


def test_a_foreign_key_has_nothing_secret_to_export(rig: Rig) -> None:
    rig.desk.add_key(KeyEntry("theirs", "a" * 40))
    assert not button(rig.keys, "Export secret…").isVisible()
    assert "somebody else’s" in notes(rig.keys)


def test_deleting_says_what_is_lost_and_asks(rig: Rig) -> None:
    lab = rig.add("lab", SecretPlace.SESSION)
    QTest.keyClick(rig.keys.list, Q.Key_Delete)
    assert "lost for good" in rig.confirm("Cancel")
    assert rig.desk.book.entries == (lab,)
    assert lab.secret is not None
    assert rig.secrets.get("lab") is not None
    QTest.keyClick(rig.keys.list, Q.Key_Delete)
    rig.confirm("Delete")
    rig.qtbot.waitUntil(lambda: rig.desk.book.entries == ())
    assert rig.secrets.get("lab") is None


def test_files_stay_when_their_line_is_deleted(rig: Rig) -> None:
    entry = rig.add("camera")
    button(rig.keys, "Delete…").click()
    assert "Its files stay" in rig.confirm("Delete")
    rig.qtbot.waitUntil(lambda: rig.desk.book.entries == ())
    assert entry.secret is not None
    assert Path(entry.secret.name).exists()


def test_everything_has_a_name_and_a_tooltip(rig: Rig) -> None:
    rig.add("camera")
    assert unnamed(rig.keys) == []
    QTest.keyClick(rig.keys, Q.Key_Escape)
    assert not rig.keys.isVisible()
