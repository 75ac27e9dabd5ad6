"""Brings the doctor's findings to strip and list, and what is pressed there to its place.

GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from zmqscope.core.diagnosis.finding import Finding, Fix
from zmqscope.models.sockets.socket_list import SocketListModel
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.doctor.commands import DoctorCommands
from zmqscope.ui.doctor.fixes import FixRunner
from zmqscope.ui.doctor.strip import FindingStrip
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController


class FindingsDesk(QObject):
    """The strip with everything around it.

    Args:
        controller: Tells the findings, and is told what to do.
        theme: Colours, fonts and icons.
        actions: Where the doctor's actions are registered.
        model: The list that marks sockets with findings.
        parent: Owner.

    Attributes:
        strip: Where the findings are shown.
        fixes: Carries the fixes out; its signals say what else is wanted.
    """

    front_wanted = Signal()
    """The strip has to be seen."""
    help_requested = Signal(object)
    """Rule, or None for the page that leads to all others."""

    def __init__(
        self,
        controller: EngineController,
        theme: Theme,
        actions: ActionRegistry,
        model: SocketListModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self.strip = FindingStrip(theme, controller.snapshots)
        self.fixes = FixRunner(controller, actions, self)
        self.commands = DoctorCommands(actions, self)
        self.strip.fix_asked.connect(self.on_strip_fix_asked)
        self.strip.why_asked.connect(self.help_requested)
        self.commands.help_asked.connect(self.on_help_asked)
        self.commands.findings_asked.connect(self.on_findings_asked)
        controller.findings_changed.connect(self.on_controller_findings_changed)
        controller.socket_changed.connect(self.strip.show_snapshot)
        self.on_controller_findings_changed(controller.findings.current)

    @Slot(object)
    def on_controller_findings_changed(self, findings: tuple[Finding, ...]) -> None:
        """Show what lasts now."""
        self._model.set_findings(findings)
        self.strip.show_findings(findings)
        self.commands.show_count(len(findings))

    @Slot(object, object)
    def on_strip_fix_asked(self, finding: Finding, fix: Fix) -> None:
        """A button was pressed."""
        self.fixes.run(finding, fix)

    @Slot()
    def on_findings_asked(self) -> None:
        """Come to the front, with the first finding to begin with."""
        self.front_wanted.emit()
        self.strip.take_focus()

    @Slot()
    def on_help_asked(self) -> None:
        """The help's first page is wanted."""
        self.help_requested.emit(None)
