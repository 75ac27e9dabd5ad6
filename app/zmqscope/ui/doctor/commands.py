"""The doctor's actions: go to the findings, read why nothing arrives. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from zmqscope.ui.actions import Action, ActionRegistry


class DoctorCommands(QObject):
    """Registers the actions and says when one is wanted.

    Args:
        actions: Where they are registered.
        parent: Owner.
    """

    findings_asked = Signal()
    help_asked = Signal()

    def __init__(self, actions: ActionRegistry, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._findings = actions.add(self._findings_action(), self.on_findings)
        actions.add(self._help_action(), self.on_help)

    def _findings_action(self) -> Action:
        title = self.tr("Go to the findings")
        words = self.tr("What is wrong with which socket, why, and what can be done")
        return Action("view.findings", title, "View", "Ctrl+Shift+M", "stethoscope", help=words)

    def _help_action(self) -> Action:
        title = self.tr("Why nothing arrives")
        words = self.tr("What keeps ZeroMQ’s messages from arriving, by what one sees")
        return Action("help.doctor", title, "Help", "Ctrl+Shift+F1", "book-open", help=words)

    def show_count(self, count: int) -> None:
        """There is nowhere to go without findings."""
        self._findings.setEnabled(bool(count))

    @Slot()
    def on_findings(self) -> None:
        """Go to the findings."""
        self.findings_asked.emit()

    @Slot()
    def on_help(self) -> None:
        """Open the help."""
        self.help_asked.emit()
