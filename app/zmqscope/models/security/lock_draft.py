"""A socket's lock as a form holds it while one types, and what is wrong with each field. Pure.

What is typed as a password is never in here: only where it is, or will be, kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication

from zmqscope.core.errors import UserError
from zmqscope.core.security.keys import names_secret_key
from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism, SecretRef
from zmqscope.core.security.lock_check import LONGEST_USER_BYTES
from zmqscope.core.security.secrets import parse_server_key, secret_ref_problem
from zmqscope.core.types import Problem

_CONTEXT = "LockDraft"


class LockChoice(Enum):
    """What can be chosen: mechanism and side in one."""

    NONE = auto()
    PLAIN_CLIENT = auto()
    PLAIN_SERVER = auto()
    CURVE_CLIENT = auto()
    CURVE_SERVER = auto()
    ACCESS = auto()

    @property
    def mechanism(self) -> Mechanism:
        """ZMTP's name for it."""
        if self in (LockChoice.PLAIN_CLIENT, LockChoice.PLAIN_SERVER):
            return Mechanism.PLAIN
        if self in (LockChoice.CURVE_CLIENT, LockChoice.CURVE_SERVER):
            return Mechanism.CURVE
        return Mechanism.NULL

    @property
    def is_server(self) -> bool:
        """Whether it is the side that asks."""
        return self in (LockChoice.PLAIN_SERVER, LockChoice.CURVE_SERVER, LockChoice.ACCESS)


class LockField(Enum):
    """The fields of the form; values number them among a draft's problems."""

    CHOICE = 0
    USER = 1
    SECRET = 2
    SERVER_KEY = 3
    PAIR = 4
    ACCESS = 5


FIELDS: dict[LockChoice, tuple[LockField, ...]] = {
    LockChoice.NONE: (),
    LockChoice.PLAIN_CLIENT: (LockField.USER, LockField.SECRET),
    LockChoice.PLAIN_SERVER: (LockField.ACCESS,),
    LockChoice.CURVE_CLIENT: (LockField.SERVER_KEY, LockField.PAIR),
    LockChoice.CURVE_SERVER: (LockField.PAIR, LockField.ACCESS),
    LockChoice.ACCESS: (LockField.ACCESS,),
}
"""The fields that matter for each choice."""


@dataclass(frozen=True, slots=True)
class LockDraft:
    """All fields; those that the choice has no use for are kept until it has one again.

    Attributes:
        choice: Mechanism and side.
        user: The name that a PLAIN client shows.
        secret: Where its password is, or will be kept once the form is accepted.
        server_key: The server's public key as typed.
        pair: Where the own key pair is; None makes one at each opening.
        access: Name of the access list; empty is the default one.
    """

    choice: LockChoice = LockChoice.NONE
    user: str = ""
    secret: SecretRef | None = None
    server_key: str = ""
    pair: SecretRef | None = None
    access: str = ""


@dataclass(frozen=True, slots=True)
class LockCheck:
    """What a draft amounts to.

    Attributes:
        lock: The lock, with what is typed so far.
        problems: What is wrong; a field that is still empty is not.
        missing: What is still empty, in one sentence; empty if nothing is.
        lacking: The fields that are still empty.
    """

    lock: Lock
    problems: dict[LockField, Problem] = field(default_factory=dict)
    missing: str = ""
    lacking: tuple[LockField, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether a socket can be opened like this."""
        return not self.problems and not self.missing


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def choice_of(lock: Lock) -> LockChoice:
    """What was chosen to get this lock."""
    if lock.mechanism is Mechanism.NULL:
        return LockChoice.ACCESS if lock.is_server else LockChoice.NONE
    return next(
        choice
        for choice in LockChoice
        if choice.mechanism is lock.mechanism and choice.is_server == lock.is_server
    )


def draft_of_lock(lock: Lock) -> LockDraft:
    """A lock as someone would have chosen it."""
    is_plain = lock.mechanism is Mechanism.PLAIN
    return LockDraft(
        choice_of(lock),
        lock.user,
        lock.secret if is_plain else None,
        lock.server_key,
        None if is_plain else lock.secret,
        lock.access,
    )


def lock_of(draft: LockDraft) -> Lock:
    """The lock, with what is typed so far and without what the choice has no use for."""
    choice, used = draft.choice, FIELDS[draft.choice]
    if choice is LockChoice.NONE:
        return NO_LOCK
    secret = draft.secret if LockField.SECRET in used else None
    if LockField.PAIR in used:
        secret = draft.pair
    return Lock(
        choice.mechanism,
        choice.is_server,
        draft.user if LockField.USER in used else "",
        secret,
        _server_key(draft.server_key) if LockField.SERVER_KEY in used else "",
        draft.access if LockField.ACCESS in used else "",
    )


def _server_key(text: str) -> str:
    try:
        return parse_server_key(text)
    except UserError:
        # It may be a secret key, and a lock is shown as a spec.
        return "" if names_secret_key(text) else text.strip()


def server_key_problem(text: str) -> Problem | None:
    """What is wrong with the server's public key, or with the file that it is in."""
    try:
        parse_server_key(text)
    except UserError as error:
        return error.problem
    return None


def check_lock(draft: LockDraft) -> LockCheck:
    """What a draft amounts to, what is wrong with it, and what it lacks."""
    used = FIELDS[draft.choice]
    problems: dict[LockField, Problem] = {}
    missing: dict[LockField, str] = {}
    if LockField.USER in used:
        problem = user_problem(draft.user) if draft.user else None
        if problem is not None:
            problems[LockField.USER] = problem
        if not draft.user:
            missing[LockField.USER] = _tr("the user’s name")
    for part, ref in ((LockField.SECRET, draft.secret), (LockField.PAIR, draft.pair)):
        problem = secret_ref_problem(ref) if part in used and ref is not None else None
        if problem is not None:
            problems[part] = problem
    if LockField.SERVER_KEY in used:
        problem = server_key_problem(draft.server_key) if draft.server_key.strip() else None
        if problem is not None:
            problems[LockField.SERVER_KEY] = problem
        if not draft.server_key.strip():
            missing[LockField.SERVER_KEY] = _tr("the server’s public key")
    if draft.choice is LockChoice.CURVE_SERVER and draft.pair is None:
        missing[LockField.PAIR] = _tr("a key pair")
    words = _missing_words(list(missing.values()))
    return LockCheck(lock_of(draft), problems, words, tuple(missing))


def _missing_words(missing: list[str]) -> str:
    if not missing:
        return ""
    return _tr("Still missing: {0}.").format(_tr(" and ").join(missing))


def user_problem(user: str) -> Problem | None:
    """What is wrong with the name of a PLAIN user."""
    try:
        size = len(user.encode())
    except UnicodeEncodeError:
        return Problem(_tr("The name contains half a character."), _tr("Type it anew."))
    if size > LONGEST_USER_BYTES:
        text = _tr("The name has {0} bytes; PLAIN allows {1}.").format(size, LONGEST_USER_BYTES)
        return Problem(text, _tr("Take a shorter one."))
    return None
