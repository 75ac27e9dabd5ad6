"""The key manager: key pairs and foreign public keys. GUI thread."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.security.certificates import PUBLIC_SUFFIX, SECRET_SUFFIX
from zmqscope.core.security.lock import SecretPlace, SecretRef
from zmqscope.core.types import Problem
from zmqscope.models.format import one_line
from zmqscope.models.security.key_book import KeyEntry
from zmqscope.models.security.lock_words import ref_words, short_ref
from zmqscope.models.security.secret_names import stem_of
from zmqscope.ui.security.entry_list import Entry, EntryList
from zmqscope.ui.security.key_file_dialog import KeyFileDialog
from zmqscope.ui.security.key_label import KeyLabel
from zmqscope.ui.security.pair_dialog import PairDialog
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.models.errands import ErrandId
    from zmqscope.ui.security.desk import SecurityDesk

_ROOM = QSize(40, 80)
_NAME_COLUMN_PX = 200


class KeysDialog(QDialog):
    """A list of keys, the current one in full, and what can be done with it.

    Args:
        theme: Colours, fonts and icons.
        desk: Knows the keys and keeps them.
        parent: What it belongs to.
    """

    def __init__(self, theme: Theme, desk: SecurityDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keys"))
        self._theme = theme
        self._desk = desk
        self._errand: ErrandId | None = None
        self._subject: KeyEntry | None = None
        self.list = EntryList(theme, self.tr("Keys"), (self.tr("Name"), self.tr("Secret half")))
        self.list.setColumnWidth(0, _NAME_COLUMN_PX)
        self._empty = NoteLabel(
            self.tr(
                "No keys yet. A CURVE socket shows itself with a key pair: the public half is "
                "given to the other side, the secret half stays here.\n\n"
                "Make a pair, or import the certificate files that pyzmq made."
            )
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = QLabel(self.tr("Public key"))
        self._public = KeyLabel(theme, self.tr("Copy the public key"))
        self._words = NoteLabel()
        self._problem = ProblemLabel()
        self._new = self._button(self.tr("&New pair…"), self.tr("Make a new key pair"))
        self._import = self._button(
            self.tr("&Import…"), self.tr("Take in a .key or .key_secret file of pyzmq")
        )
        self._export = self._button(
            self.tr("Export &public…"), self.tr("Write a .key file, to be given away")
        )
        self._export_secret = self._button(
            self.tr("Export &secret…"), self.tr("Write a .key_secret file for you alone (0600)")
        )
        self._delete = self._button(self.tr("&Delete…"), self.tr("Delete this key (Delete)"))
        self._done = self._button(self.tr("Done"), self.tr("Close this dialog (Esc)"))
        self._lay_out()
        self._connect()
        self._show_entries()

    def _button(self, words: str, help_words: str) -> QPushButton:
        button = QPushButton(words)
        button.setToolTip(help_words)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        self._title.setProperty("tone", "title")
        self._title.setFont(self._theme.ui_font(QFont.Weight.DemiBold))
        line = QFrame()
        line.setProperty("role", "line")
        first, second, last = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for layout, widgets in (
            (first, (self._new, self._import)),
            (second, (self._export, self._export_secret, self._delete)),
        ):
            layout.setSpacing(6)
            for widget in widgets:
                layout.addWidget(widget)
            layout.addStretch(1)
        self._done.setProperty("kind", "primary")
        last.addStretch(1)
        last.addWidget(self._done)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(8)
        column.addLayout(first)
        column.addWidget(self.list, 1)
        column.addWidget(self._empty)
        column.addWidget(line)
        for part in (self._title, self._public, self._words):
            column.addWidget(part)
        column.addLayout(second)
        column.addWidget(self._problem)
        column.addLayout(last)
        self.setMinimumSize(460, 400)
        self.resize(self.sizeHint().boundedTo(self.screen().availableSize() - _ROOM))

    def _connect(self) -> None:
        self.list.current_changed.connect(self.on_list_current_changed)
        self.list.remove_asked.connect(self.on_delete_clicked)
        self._new.clicked.connect(self.on_new_clicked)
        self._import.clicked.connect(self.on_import_clicked)
        self._export.clicked.connect(self.on_export_clicked)
        self._export_secret.clicked.connect(self.on_export_secret_clicked)
        self._delete.clicked.connect(self.on_delete_clicked)
        self._done.clicked.connect(self.accept)
        self._desk.book.changed.connect(self.on_book_changed)
        self._desk.errands.finished.connect(self.on_errands_finished)
        stops = [
            *(self._new, self._import, self.list, *self._public.tab_stops()),
            *(self._export, self._export_secret, self._delete, self._done),
        ]
        for first, second in pairwise(stops):
            QWidget.setTabOrder(first, second)

    def sizeHint(self) -> QSize:
        return QSize(600, 500)

    # ---- what is shown ----------------------------------------------------------------------

    @property
    def current(self) -> KeyEntry | None:
        """The entry that can be exported or deleted."""
        key = self.list.current_key
        return key if isinstance(key, KeyEntry) else None

    def _show_entries(self, current: KeyEntry | None = None) -> None:
        entries = self._desk.book.entries
        self.list.set_entries(
            [
                Entry(each, (one_line(each.name), _kept(each, self)), each.public)
                for each in entries
            ],
            current,
        )
        self.list.setVisible(bool(entries))
        self._empty.setVisible(not entries)

    @Slot()
    def on_list_current_changed(self) -> None:
        """Show the current one in full."""
        entry = self.current
        for widget in (self._title, self._words, self._export, self._delete):
            widget.setVisible(entry is not None)
        has_pair = entry is not None and entry.secret is not None
        self._export_secret.setVisible(has_pair)
        self._public.set_key(entry.public if entry is not None else "")
        if entry is not None and entry.secret is not None:
            words = self.tr("Its secret half is {0}.").format(ref_words(entry.secret))
        else:
            words = self.tr("It is somebody else’s: there is no secret half here.")
        self._words.set_words(words)
        self._problem.set_problem(None)

    @Slot()
    def on_book_changed(self) -> None:
        """A key came or went."""
        self._show_entries()

    # ---- making and importing ---------------------------------------------------------------

    @Slot()
    def on_new_clicked(self) -> None:
        """Make a pair."""
        dialog = PairDialog(self._theme, self._desk, self)
        dialog.pair_made.connect(self.on_pair_made)
        dialog.open()

    @Slot(object)
    def on_pair_made(self, ref: SecretRef) -> None:
        """Show it."""
        self._show_entries(self._desk.book.of(ref))

    @Slot()
    def on_import_clicked(self) -> None:
        """Ask for a certificate file."""
        dialog = KeyFileDialog(self, self.tr("Import a key"), self.tr("Keys (*.key *.key_secret)"))
        dialog.fileSelected.connect(self.on_import_file_selected)
        dialog.open()

    @Slot(str)
    def on_import_file_selected(self, path: str) -> None:
        """Read it."""
        self._subject = None
        self._errand = self._desk.errands.run(partial(self._desk.vault.open_file, path))

    @Slot(int, object, object)
    def on_errands_finished(self, number: int, result: object, problem: Problem | None) -> None:
        """A file was read or written, or an entry deleted; or why not."""
        if number != self._errand:
            return
        self._errand = None
        if problem is not None:
            self._problem.set_problem(problem)
        elif isinstance(result, KeyEntry):
            self._desk.add_key(result)
            self._show_entries(result)
        elif isinstance(result, str):
            self._words.set_words(self.tr("Written to {0}.").format(one_line(result)))
        elif self._subject is not None:
            self._desk.book.remove(self._subject)

    # ---- exporting --------------------------------------------------------------------------

    @Slot()
    def on_export_clicked(self) -> None:
        """Ask where the public key goes."""
        self._ask_path(PUBLIC_SUFFIX, self.tr("Export the public key"), is_secret=False)

    @Slot()
    def on_export_secret_clicked(self) -> None:
        """Ask where the pair goes."""
        self._ask_path(SECRET_SUFFIX, self.tr("Export the key pair"), is_secret=True)

    def _ask_path(self, suffix: str, title: str, *, is_secret: bool) -> None:
        entry = self.current
        if entry is None:
            return
        self._subject = entry
        dialog = QFileDialog(self, title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix.removeprefix("."))
        dialog.selectFile(f"{stem_of(entry.name) or 'key'}{suffix}")
        slot = self.on_secret_path_selected if is_secret else self.on_public_path_selected
        dialog.fileSelected.connect(slot)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def on_public_path_selected(self, path: str) -> None:
        """Write it; the dialog has asked before a file is replaced."""
        if self._subject is not None:
            work = partial(self._desk.vault.export_public, self._subject, path, overwrite=True)
            self._errand = self._desk.errands.run(work)

    @Slot(str)
    def on_secret_path_selected(self, path: str) -> None:
        """Write it; the dialog has asked before a file is replaced."""
        if self._subject is not None:
            work = partial(self._desk.vault.export_secret, self._subject, path, overwrite=True)
            self._errand = self._desk.errands.run(work)

    # ---- deleting ---------------------------------------------------------------------------

    @Slot()
    def on_delete_clicked(self) -> None:
        """Say what is lost, and ask."""
        entry = self.current
        if entry is None:
            return
        self._subject = entry
        box = _delete_question(entry, self)
        box.accepted.connect(self.on_delete_confirmed)
        box.open()

    @Slot()
    def on_delete_confirmed(self) -> None:
        """It goes."""
        if self._subject is not None:
            self._errand = self._desk.errands.run(partial(self._desk.vault.forget, self._subject))


def _kept(entry: KeyEntry, widget: QWidget) -> str:
    return short_ref(entry.secret) if entry.secret is not None else widget.tr("not here")


def _delete_question(entry: KeyEntry, parent: QWidget) -> QMessageBox:
    """Says what is lost."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(parent.tr("Delete key"))
    box.setIcon(QMessageBox.Icon.Question)
    box.setText(parent.tr("Delete “{0}”?").format(one_line(entry.name)))
    box.setInformativeText(_lost(entry, parent))
    box.addButton(parent.tr("Delete"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    return box


def _lost(entry: KeyEntry, widget: QWidget) -> str:
    """What deleting an entry loses."""
    if entry.secret is None:
        return widget.tr("It goes from this list. Access lists and sockets that name it keep it.")
    if entry.secret.place is SecretPlace.FILE:
        return widget.tr(
            "It goes from this list alone. Its files stay in {0}; delete them yourself if nobody "
            "needs them."
        ).format(one_line(entry.secret.name.rpartition("/")[0]))
    return widget.tr(
        "Its secret half is lost for good. Sockets with this pair cannot open any more, and peers "
        "that know its public key have to be given another one. Export it first to keep it."
    )
