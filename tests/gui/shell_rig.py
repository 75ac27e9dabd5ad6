"""A place for actions to go, and settings that nobody else reads."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Slot

from zmqscope.ui.actions import Action, ActionRegistry
from zmqscope.ui.settings import Settings


class Recorder(QObject):
    """Remembers what was triggered."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[object] = []

    @Slot()
    def on_triggered(self) -> None:
        self.calls.append("triggered")

    @Slot(bool)
    def on_toggled(self, on: bool) -> None:
        self.calls.append(on)

    def plain_method(self) -> None:
        self.calls.append("plain")


def settings_in(folder: Path) -> Settings:
    """Settings in a file of their own."""
    return Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))


def add(registry: ActionRegistry, recorder: Recorder, action_id: str, **more: object) -> Action:
    """Register an action that the recorder hears of."""
    values: dict[str, object] = {"title": action_id.title(), "menu": "Socket", **more}
    action = Action(action_id, **values)  # type: ignore[arg-type]
    slot = recorder.on_toggled if action.checkable else recorder.on_triggered
    registry.add(action, slot)
    return action
