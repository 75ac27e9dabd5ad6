"""Keys, access lists and knocks: what the forms ask. GUI thread."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from zmqscope.core.errors import UserError
from zmqscope.core.security.access import AccessList, Knock, KnockId, Verdict
from zmqscope.core.security.certificates import SECRET_SUFFIX
from zmqscope.core.security.lock import SecretPlace, SecretRef
from zmqscope.core.security.secret import Secret
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.types import (
    Notice,
    Problem,
    Severity,
    SocketId,
    SocketSnapshot,
    SocketState,
)
from zmqscope.models.errands import ErrandId, Errands
from zmqscope.models.security import access_edit
from zmqscope.models.security.access_book import AccessBook
from zmqscope.models.security.key_book import KeyBook, KeyEntry
from zmqscope.models.security.let_in import let_in_always
from zmqscope.models.security.vault import Vault

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController
    from zmqscope.ui.settings import Settings

_KEY_BOOK = "key_book"
_MOST_KNOCKS = 1_000


class SecurityDesk(QObject):
    """Where everything about locks comes together.

    Args:
        controller: Told who may come in; None where nobody is asked.
        settings: Where names and places of keys are kept.
        secrets: Those that last until the app ends, as the engine reads them.
        parent: Owner.

    Attributes:
        book: The keys that are known.
        access: The access lists.
        vault: Keeps secrets.
        errands: Where what may take long is run.
    """

    access_changed = Signal()
    """The access lists are others."""
    keyring_known = Signal()
    """Whether the system has a keyring is known now."""
    public_found = Signal(object)
    """SecretRef: the public key of this pair was read, or could not be."""

    def __init__(
        self,
        controller: EngineController | None,
        settings: Settings,
        secrets: SessionSecrets,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self.folder = str(settings.folder / "keys")
        self.vault = Vault(secrets)
        self.errands = Errands(self)
        self.book = KeyBook(
            lambda: settings.get_text(_KEY_BOOK), partial(settings.set_text, _KEY_BOOK), self
        )
        apply = controller.set_access if controller is not None else _apply_nowhere
        self.access = AccessBook(settings.access_path, apply, self)
        self.access.changed.connect(self.access_changed)
        self._keyring: str | None = None
        self._keyring_errand: ErrandId | None = None
        self._publics: dict[SecretRef, str] = {}
        self._unreadable: dict[SecretRef, Problem] = {}
        self._reading: dict[ErrandId, SecretRef] = {}
        self._knocks: dict[KnockId, Knock] = {}
        self._always: set[KnockId] = set()
        self.errands.finished.connect(self.on_errands_finished)
        if controller is not None:
            controller.knock_changed.connect(self.on_controller_knock_changed)
        if self.access.problem is not None:
            self._say(self.access.problem, Severity.WARNING)

    # ---- secrets ----------------------------------------------------------------------------

    def keyring_reason(self) -> str:
        """Why the keyring cannot be used, as far as it is known; empty if it can."""
        if self._keyring is not None:
            return self._keyring
        return self.tr("Still looking for the system’s keyring.")

    def look_for_keyring(self) -> None:
        """Find out whether there is one, once; ``keyring_known`` tells."""
        if self._keyring is None and self._keyring_errand is None:
            # It takes a third of a second.
            self._keyring_errand = self.errands.run(self.vault.keyring_reason)

    def keep_password(self, ref: SecretRef, password: Secret, *, replaces: bool) -> ErrandId:
        """Keep a password; ``errands.finished`` tells how that ended."""
        return self.errands.run(partial(self.vault.keep_password, ref, password, replaces=replaces))

    def public_of(self, ref: SecretRef) -> str:
        """The public key of a pair; empty until it was read, which ``public_found`` tells."""
        entry = self.book.of(ref)
        known = entry.public if entry is not None else self._publics.get(ref)
        if known is None and ref not in self._reading.values():
            errand = self.errands.run(partial(self.vault.public_of, ref))
            self._reading[errand] = ref
        return known or ""

    @Slot(int, object, object)
    def on_errands_finished(self, number: int, result: object, problem: Problem | None) -> None:
        """Take what was looked for."""
        errand = ErrandId(number)
        if errand == self._keyring_errand:
            self._keyring = result if isinstance(result, str) else _sentence(problem)
            self.keyring_known.emit()
        ref = self._reading.pop(errand, None)
        if ref is not None:
            self._take_public(ref, result if isinstance(result, str) else "", problem)

    def _take_public(self, ref: SecretRef, public: str, problem: Problem | None) -> None:
        self._publics[ref] = public
        if problem is not None:
            self._unreadable[ref] = problem
        elif ref.place is SecretPlace.FILE and self.book.of(ref) is None:
            name = os.path.basename(ref.name).removesuffix(SECRET_SUFFIX)
            self.book.add(KeyEntry(name, public, ref))
        self.public_found.emit(ref)

    def unreadable(self, ref: SecretRef) -> Problem | None:
        """Why a pair could not be read; None if it could, or was not tried."""
        return self._unreadable.get(ref)

    def look_again(self, ref: SecretRef) -> None:
        """Read a pair anew that could not be read before."""
        if self._unreadable.pop(ref, None) is not None:
            self._publics.pop(ref, None)

    def add_key(self, entry: KeyEntry) -> None:
        """Put a key into the book."""
        self.book.add(entry)

    # ---- access lists -----------------------------------------------------------------------

    def change_access(self, access: AccessList) -> Problem | None:
        """Put a list in force; why it could not be saved, or None."""
        return self._set_lists(access_edit.with_list(self.access.lists(), access))

    def remove_access(self, name: str) -> Problem | None:
        """Take a list out of force; why that could not be saved, or None."""
        lists = self.access.lists()
        return self._set_lists(tuple(each for each in lists if each.name != name))

    def going_by(self, name: str) -> list[SocketSnapshot]:
        """The sockets that ask a list about their peers."""
        snapshots = self._controller.snapshots.values() if self._controller is not None else ()
        return [one for one in snapshots if access_edit.goes_by(one.spec.lock, name)]

    def rename_access(self, old: str, new: str) -> Problem | None:
        """Give a list another name, and the sockets that go by it with it.

        A list is found by its name, which is part of what libzmq is told when a socket opens: those
        that are open are opened anew. Left as they are they would go by a list that is not there.

        Returns:
            Why the lists could not be saved, or None.
        """
        before = self.access.lists()
        renamed = access_edit.with_name(before, old, new)
        if renamed == before:
            # A list that nobody has changed yet is not kept.
            renamed = (*before, AccessList(new))
        # Both names hold until the last socket has the new one: nobody is let in by neither.
        self._set_lists((*before, *(each for each in renamed if each not in before)))
        for one in self.going_by(old):
            lock = replace(one.spec.lock, access=new)
            opens = one.state is not SocketState.CLOSED
            if self._controller is not None:
                spec = replace(one.spec, lock=lock)
                self._controller.change_spec(one.socket_id, spec, opens=opens)
        return self._set_lists(renamed)

    def _set_lists(self, lists: tuple[AccessList, ...]) -> Problem | None:
        try:
            self.access.set_lists(lists)
        except UserError as error:
            return error.problem
        return None

    # ---- knocks -----------------------------------------------------------------------------

    @Slot(object)
    def on_controller_knock_changed(self, knock: Knock) -> None:
        """Somebody knocks, or a knock was answered."""
        if knock.is_open:
            self._knocks[knock.knock_id] = knock
            if len(self._knocks) > _MOST_KNOCKS:
                self._knocks.pop(next(iter(self._knocks)))
        else:
            self._knocks.pop(knock.knock_id, None)
        if knock.knock_id in self._always and knock.password is not None:
            self._always.discard(knock.knock_id)
            self._put_on_list(knock)

    @Slot(object)
    def on_always_requested(self, knock_id: KnockId) -> None:
        """Let a peer in now and whenever it comes again."""
        knock = self._knocks.get(knock_id)
        if knock is None or self._controller is None:
            return
        self._put_on_list(knock)
        self._controller.answer_knock(knock_id, Verdict.LET_IN)

    def _put_on_list(self, knock: Knock) -> None:
        answer = let_in_always(knock, self.access.lists())
        problem = answer.problem
        if answer.waits:
            self._always.add(knock.knock_id)
            while len(self._always) > _MOST_KNOCKS:
                self._always.pop()
        if answer.access is not None:
            problem = self.change_access(answer.access)
        if problem is not None:
            self._say(problem, Severity.WARNING, knock.socket_id)

    def _say(self, problem: Problem, severity: Severity, socket_id: SocketId | None = None) -> None:
        if self._controller is not None:
            now_ns = self._controller.clock.now_ns()
            notice = Notice(now_ns, socket_id, severity, problem.text, problem.hint)
            self._controller.notice_posted.emit(notice)


def _apply_nowhere(_lists: tuple[AccessList, ...]) -> None:
    """There is no engine."""


def _sentence(problem: Problem | None) -> str:
    return problem.text if problem is not None else ""
