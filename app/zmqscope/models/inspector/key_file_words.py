"""Connection files in Jupyter's runtime folder as a menu offers them. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from zmqscope.core.envelopes.jupyter_keys import runtime_files
from zmqscope.models.format import one_line

_MOST_OFFERED = 12
_MAX_NAME = 48
_MINUTE, _HOUR, _DAY = 60.0, 3_600.0, 86_400.0


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A connection file to choose.

    Attributes:
        path: Where it is.
        title: Its name, in the middle shortened where it is long.
        age: How long ago it was written, in words.
    """

    path: str
    title: str
    age: str


def offered_files() -> list[OfferedFile]:
    """The newest connection files, newest first; reads a folder, no file."""
    return [
        OfferedFile(str(path), _title(path), age_words(age_s))
        for path, age_s in runtime_files()[:_MOST_OFFERED]
    ]


def age_words(age_s: float) -> str:
    """How long ago something was, roughly."""
    if age_s < _MINUTE:
        return _tr("just now")
    if age_s < _HOUR:
        return _tr("{0} min ago").format(int(age_s // _MINUTE))
    if age_s < _DAY:
        return _tr("{0} h ago").format(int(age_s // _HOUR))
    return _tr("{0} d ago").format(int(age_s // _DAY))


def _title(path: Path) -> str:
    name = one_line(path.name)
    if len(name) > _MAX_NAME:
        half = _MAX_NAME // 2
        name = f"{name[:half]}…{name[-half:]}"
    return name


def _tr(text: str) -> str:
    return QCoreApplication.translate("KeyFileWords", text)
