"""The inspector's actions as records: keys, menus and palette are made of these."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.ui.actions import Action

VIEW_ACTIONS: tuple[str, ...] = (
    "inspector.auto",
    "inspector.json",
    "inspector.text",
    "inspector.hex",
    "inspector.raw",
    "inspector.next_view",
)
"""The actions that say how frames are shown."""

LETTER_ACTIONS: tuple[str, ...] = (*VIEW_ACTIONS, "inspector.decoder", "inspector.bytes")
"""All whose key is a plain letter."""

NEEDS_FRAME: tuple[str, ...] = (
    *LETTER_ACTIONS,
    "inspector.copy",
    "inspector.copy_hex",
    "inspector.save",
    "inspector.find_text",
)
"""Actions that need a frame to be shown."""

NEEDS_FIELDS: tuple[str, ...] = (
    "inspector.copy_value",
    "inspector.copy_path",
    "inspector.copy_json",
    "inspector.copy_fields",
    "inspector.open_value",
    "inspector.expand_below",
    "inspector.collapse",
    "inspector.find_field",
    "inspector.fit_columns",
    "inspector.reset_columns",
)
"""Actions that need fields in sight."""

FIELD_MENU: tuple[str, ...] = (
    "inspector.copy_value",
    "inspector.copy_path",
    "inspector.copy_json",
    "inspector.copy_fields",
    "",
    "inspector.open_value",
    "inspector.expand_below",
    "inspector.collapse",
    "inspector.find_field",
    "",
    "inspector.fit_columns",
    "inspector.reset_columns",
)
"""What a field's menu offers; empty for a line."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("InspectorActions", text)


def _action(
    name: str, title: str, help_words: str, icon: str, shortcut: str, *, checkable: bool = False
) -> Action:
    return Action(f"inspector.{name}", title, "Inspect", shortcut, icon, checkable, help_words)


def view_actions() -> tuple[Action, ...]:
    """How frames are shown, in the order of the menu."""
    return (*_forms(), *_bytes_and_decoder())


def _forms() -> tuple[Action, ...]:
    return (
        _action(
            "focus",
            _tr("Go to the inspector"),
            _tr("Read the frame with the keyboard; F6 leads back to the messages"),
            "",
            "Shift+F6",
        ),
        _action(
            "auto",
            _tr("Show frames as what they are"),
            _tr("Choose the view by what each frame holds; A in the inspector"),
            "",
            "A",
            checkable=True,
        ),
        _action(
            "json",
            _tr("Show frames as fields"),
            _tr("Show fields as a tree, again for JSON laid out; J in the inspector"),
            "",
            "J",
        ),
        _action(
            "text",
            _tr("Show frames as text"),
            _tr("Show the frames of this socket as text; T in the inspector"),
            "",
            "T",
        ),
        _action(
            "hex",
            _tr("Show frames as hex"),
            _tr("Show the frames of this socket as hex; H in the inspector"),
            "",
            "H",
        ),
    )


def _bytes_and_decoder() -> tuple[Action, ...]:
    return (
        _action(
            "raw",
            _tr("Show the frame’s own bytes"),
            _tr("Leave compressions on: hex shows what came over the wire; R in the inspector"),
            "",
            "R",
            checkable=True,
        ),
        _action(
            "next_view",
            _tr("Next view of the frame"),
            _tr("Go from one way to look at the frame to the next; V in the inspector"),
            "",
            "V",
        ),
        _action(
            "bytes",
            _tr("Bytes below the frame"),
            _tr("Show the bytes as hex below every other view; B in the inspector"),
            "panel-bottom",
            "B",
            checkable=True,
        ),
        _action(
            "decoder",
            _tr("Read the frame as…"),
            _tr("Choose decoder, compression and encoding of the frame; D in the inspector"),
            "layers",
            "D",
        ),
    )


def frame_actions() -> tuple[Action, ...]:
    """What is done with a frame."""
    return (
        _action(
            "copy",
            _tr("Copy frame"),
            _tr("Copy the whole frame as it is shown"),
            "copy",
            "Ctrl+Alt+F",
        ),
        _action(
            "copy_hex",
            _tr("Copy frame as hex"),
            _tr("Copy the bytes of the frame as hex"),
            "binary",
            "Ctrl+Alt+H",
        ),
        _action(
            "save",
            _tr("Save frame to file…"),
            _tr("Write the bytes of the frame to a file, as they are"),
            "save",
            "Ctrl+Alt+S",
        ),
        _action(
            "find_text",
            _tr("Find in the text…"),
            _tr("Look through the frame as text, all of it; Ctrl+F in the text"),
            "search",
            "Ctrl+Alt+J",
        ),
    )


def field_actions() -> tuple[Action, ...]:
    """What is done with a field, in the order of the menu."""
    return (*_field_copies(), *_field_looks(), *_columns())


def _field_copies() -> tuple[Action, ...]:
    return (
        _action(
            "copy_value",
            _tr("Copy value of field"),
            _tr("Copy the selected field’s value, whole; Ctrl+C in the tree"),
            "copy",
            "Shift+C",
        ),
        _action(
            "copy_path",
            _tr("Copy path of field"),
            _tr("Copy where the field is, as filters take it; Ctrl+Shift+C in the tree"),
            "",
            "Shift+P",
        ),
        _action(
            "copy_json",
            _tr("Copy field as JSON"),
            _tr("Copy the selected field and all below it as JSON"),
            "braces",
            "Shift+J",
        ),
        _action(
            "copy_fields",
            _tr("Copy fields as lines"),
            _tr("Copy the selected field and all below it, a line each"),
            "list",
            "Shift+L",
        ),
    )


def _field_looks() -> tuple[Action, ...]:
    return (
        _action(
            "open_value",
            _tr("Open value of field"),
            _tr("Show the selected field’s value in full; Enter in the tree"),
            "eye",
            "Shift+O",
        ),
        _action(
            "expand_below",
            _tr("Open all fields below"),
            _tr("Open the selected field and what is in it; * in the tree"),
            "",
            "Shift+E",
        ),
        _action(
            "collapse", _tr("Close all fields"), _tr("Close everything but the root"), "", "Shift+W"
        ),
        _action(
            "find_field",
            _tr("Find a field or value…"),
            _tr("Look through names and values of the frame; Ctrl+F in the tree"),
            "search",
            "Shift+F",
        ),
    )


def _columns() -> tuple[Action, ...]:
    return (
        _action(
            "fit_columns",
            _tr("Fit columns of fields"),
            _tr("Make names, types and sizes as wide as what is in sight needs"),
            "columns-3",
            "Shift+K",
        ),
        _action(
            "reset_columns",
            _tr("Reset columns of fields"),
            _tr("Share the tree’s room out as at first"),
            "",
            "Shift+U",
        ),
    )
