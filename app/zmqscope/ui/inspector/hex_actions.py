"""The actions on bytes as records: keys, menus and palette are made of these."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.models.hex.copy import CopyForm
from zmqscope.ui.actions import Action

COPY_ACTIONS: dict[str, CopyForm] = {f"hex.copy_{form.value}": form for form in CopyForm}
"""The form of each action that copies."""

READER, DECIMAL = "hex.reader", "hex.decimal"
"""What is on or off."""

CONTEXT_MENU: tuple[str, ...] = (
    *COPY_ACTIONS,
    "hex.copy_path",
    "",
    "hex.select_all",
    "hex.save_selection",
    "",
    "hex.find",
    "hex.goto",
    "",
    READER,
    DECIMAL,
)
"""Actions of the menu; an empty one is a line."""

NEEDS_BYTES: tuple[str, ...] = (
    *COPY_ACTIONS,
    "hex.copy_path",
    "hex.select_all",
    "hex.save_selection",
    "hex.find",
    "hex.find_next",
    "hex.find_previous",
    "hex.goto",
)
"""Actions that need bytes to be shown."""

_CHORD = "Ctrl+Y, {0}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("HexActions", text)


def _action(name: str, title: str, help_words: str, key: str, icon: str = "") -> Action:
    action_id = f"hex.{name}"
    checkable = action_id in (READER, DECIMAL)
    keys = _CHORD.format(key)
    return Action(action_id, title, "Bytes", keys, icon, checkable, help_words)


def hex_actions() -> tuple[Action, ...]:
    """All of them, in the order of the menu."""
    return (*_going(), *_copying(), *_keeping(), *_showing())


def _going() -> tuple[Action, ...]:
    return (
        _action(
            "find",
            _tr("Find in bytes…"),
            _tr("Find text, hex or a number in the bytes shown; Ctrl+F among them"),
            "F",
            "search",
        ),
        _action(
            "find_next",
            _tr("Next hit in bytes"),
            _tr("Go to the next place where it stands; F3 among bytes"),
            "N",
            "chevron-down",
        ),
        _action(
            "find_previous",
            _tr("Previous hit in bytes"),
            _tr("Go to the place before where it stands; Shift+F3 among bytes"),
            "P",
            "chevron-up",
        ),
        _action(
            "goto",
            _tr("Go to offset…"),
            _tr("Go to a byte: 0x1f, 31, +16, -16, 50%, end; Ctrl+G among bytes"),
            "G",
            "hash",
        ),
        _action(
            "select_all",
            _tr("Select all bytes"),
            _tr("Select every byte shown; Ctrl+A among them"),
            "A",
        ),
    )


def _copying() -> tuple[Action, ...]:
    words = _tr("Copy the selected bytes, or all of them, as {0}")
    forms = (
        (CopyForm.HEX, _tr("Copy bytes as hex"), _tr("hex with blanks"), "H"),
        (CopyForm.HEX_PLAIN, _tr("Copy bytes as plain hex"), _tr("hex without blanks"), "X"),
        (CopyForm.DUMP, _tr("Copy bytes as dump"), _tr("lines with offset, hex and ASCII"), "D"),
        (
            CopyForm.TEXT,
            _tr("Copy bytes as text"),
            _tr("UTF-8, with \\xNN for bytes that are none"),
            "T",
        ),
        (
            CopyForm.ESCAPED,
            _tr("Copy bytes as escaped string"),
            _tr("a string in double quotes, with \\xNN"),
            "E",
        ),
        (CopyForm.PYTHON, _tr("Copy bytes as Python"), _tr("a Python bytes literal"), "Y"),
        (CopyForm.C_ARRAY, _tr("Copy bytes as C array"), _tr("an array in C"), "C"),
        (CopyForm.BASE64, _tr("Copy bytes as Base64"), _tr("Base64 in one line"), "B"),
    )
    return tuple(
        _action(f"copy_{form.value}", title, words.format(what), key, "copy")
        for form, title, what, key in forms
    )


def _keeping() -> tuple[Action, ...]:
    return (
        _action(
            "copy_path",
            _tr("Copy path of bytes"),
            _tr("Copy where the selected bytes stand, such as bytes[4:8].f32le"),
            "L",
            "hash",
        ),
        _action(
            "save_selection",
            _tr("Save selected bytes…"),
            _tr("Write the selected bytes to a file, as they are"),
            "S",
            "download",
        ),
    )


def _showing() -> tuple[Action, ...]:
    return (
        _action(
            "reader",
            _tr("Data inspector"),
            _tr("Read the bytes under the cursor as numbers, times, characters"),
            "V",
        ),
        _action(
            "decimal",
            _tr("Decimal offsets"),
            _tr("Write offsets of bytes in decimal instead of hex"),
            "O",
        ),
    )
