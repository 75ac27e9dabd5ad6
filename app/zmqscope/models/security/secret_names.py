"""Names for secrets where the user gives none: short, printable, without anything secret. Pure."""

from __future__ import annotations

import os
import re
from collections.abc import Collection

from PySide6.QtCore import QCoreApplication

from zmqscope.core.security.lock import SecretPlace, SecretRef
from zmqscope.core.security.secrets import secret_ref_problem
from zmqscope.core.types import Problem

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
_MOST = 40
PASSWORD_SUFFIX = ".password"


def _tr(text: str) -> str:
    return QCoreApplication.translate("SecretNames", text)


def stem_of(text: str) -> str:
    """A text as the beginning of a file or entry name; may be empty."""
    return _NOT_IN_NAMES.sub("-", text.strip()).strip("-.")[:_MOST]


def password_path(folder: str, name: str) -> str:
    """Where a password's file is proposed."""
    return os.path.join(folder, f"{name}{PASSWORD_SUFFIX}")


def pair_name_problem(
    name: str, place: SecretPlace, taken: Collection[SecretRef]
) -> Problem | None:
    """What is wrong with the name of a new key pair.

    Args:
        name: As typed.
        place: Where it is to be kept.
        taken: Where the pairs are that are known; a file that is there shows when it is written.
    """
    if place is SecretPlace.FILE:
        if not name or name != os.path.basename(name) or name.startswith("."):
            text = _tr("This is no name for a file.")
            return Problem(text, _tr("Type one without slashes that does not begin with a dot."))
        return None
    if SecretRef(place, name) in taken:
        text = _tr("There is a pair with this name.")
        return Problem(text, _tr("Choose another name; the old pair would be lost."))
    return secret_ref_problem(SecretRef(place, name))
