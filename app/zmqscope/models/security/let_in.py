"""Puts a peer that knocked on its access list. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from zmqscope.core.security.access import AccessList, Knock
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import Problem
from zmqscope.models.format import one_line
from zmqscope.models.security import access_edit

_CONTEXT = "LetIn"
_SHORT_KEY = 5


@dataclass(frozen=True, slots=True)
class LetIn:
    """What it takes to let a peer in for good.

    Attributes:
        access: The list with the peer on it; None if it cannot be on it (yet).
        waits: Whether it can once the peer is in, when its password is known to be right.
        problem: Why it is let in this time only; None if it is for good.
    """

    access: AccessList | None = None
    waits: bool = False
    problem: Problem | None = None


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def let_in_always(knock: Knock, lists: Sequence[AccessList]) -> LetIn:
    """What the list of a knock becomes if the peer is to come in whenever it wants.

    Args:
        knock: The peer.
        lists: All access lists as they are.
    """
    access = access_edit.list_named(lists, knock.access)
    match knock.mechanism:
        case Mechanism.CURVE:
            known = next((key.label for key in access.keys if key.public == knock.key), "")
            return LetIn(access_edit.with_key(access, knock.key, known or _label(knock)))
        case Mechanism.PLAIN:
            if knock.password is None:
                return LetIn(waits=True)
            return LetIn(access_edit.with_user(access, knock.user, knock.password))
        case Mechanism.NULL:
            return _by_address(knock, access)


def _label(knock: Knock) -> str:
    """Tells it from others of the same machine until the user calls it something."""
    if not knock.address:
        return ""
    return _tr("peer at {0} ({1}…)").format(knock.address, knock.key[:_SHORT_KEY])


def _by_address(knock: Knock, access: AccessList) -> LetIn:
    """With NULL only the address tells peers apart, and the first one allowed is the only one."""
    if not knock.address:
        text = _tr("It is let in this time only: it shows no name, no key and no address.")
        return LetIn(problem=Problem(text, _tr("Lock the socket with CURVE to know it again.")))
    if not access.allow:
        text = _tr(
            "{0} is let in this time only: once one address is allowed on the list “{1}”, all "
            "others are shut out."
        ).format(knock.address, one_line(access.name))
        hint = _tr("If that is wanted, allow it under Access lists; CURVE tells peers apart.")
        return LetIn(problem=Problem(text, hint))
    return LetIn(access_edit.with_address(access, knock.address, allowed=True))
