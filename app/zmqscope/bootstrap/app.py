"""Builds and wires everything in stages, and takes it down in stages. GUI thread.

The window paints before numpy, zmq and pyqtgraph are imported (each costs 50 to 500 ms), so those
imports stand inside the stage that needs them.
"""

from __future__ import annotations

import gc
import linecache
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLoggingCategory, QObject, QSettings, QThreadPool, QTimer, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QDialog

from zmqscope import __version__
from zmqscope.bootstrap.options import LaunchOptions
from zmqscope.core.clock import CaptureClock
from zmqscope.demo.child import DemoChild
from zmqscope.ui.actions import Action, ActionRegistry
from zmqscope.ui.resources import resource_path
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme, ThemeMode
from zmqscope.ui.window import MainWindow

if TYPE_CHECKING:
    from zmqscope.bootstrap.workbench import Workbench

log = logging.getLogger("zmqscope")

_ENGINE_STOP_MS = 1_500
_POOL_STOP_MS = 200
# Between two passes the engine waits for the GIL: by default up to 5 ms of the window's Python.
_SWITCH_INTERVAL_S = 0.001
_SIGNAL_POLL_MS = 200
_PLOT_DELAY_MS = 20
_KERNELS_DELAY_MS = 400
_SETTLED_DELAY_MS = 3_000


def _forget_sources() -> None:
    """Give back the source lines of what was imported.

    PySide looks for its own name in the source of each module that is imported after it, and Python
    keeps the lines: 16 MiB. Given back after each stage, the next one takes their place.
    """
    linecache.clearcache()


class App(QObject):
    """The running app: the shell first, then the workbench, at the end the way out.

    Args:
        application: Qt's application object.
        options: What the command line asked for.
        observer: Called once with the workbench when the engine runs; for measurements.
    """

    def __init__(
        self,
        application: QApplication,
        options: LaunchOptions,
        observer: Callable[[Workbench], None] | None = None,
    ) -> None:
        super().__init__()
        self._application = application
        self._options = options
        self._observer = observer
        self._first_painted_s: float | None = None
        self._workbench: Workbench | None = None
        self._quitting = False
        self.engine_stopped = True
        self.exit_status = 0
        self.settings = Settings(_settings_store(options))
        self.theme = Theme(ThemeMode(options.theme) if options.theme else self.settings.theme_mode)
        self.theme.apply(application)
        self.actions = ActionRegistry()
        self.demo = DemoChild()
        self.window = MainWindow(self.theme, self.actions, self.settings)
        if options.size is not None:
            self.window.resize(*options.size)
        self._add_actions()
        self.window.first_painted.connect(self.on_window_first_painted)
        self.window.close_requested.connect(self.on_quit_triggered)

    def start(self) -> None:
        """Show the shell; everything else follows its first paint."""
        if self._options.demo:
            self.demo.start()
        if self._options.demo or self._options.specs:
            self.window.show_welcome(False)
        self.window.show()
        if self._options.exit_after_s is not None:
            delay_ms = int(self._options.exit_after_s * 1000)
            QTimer.singleShot(delay_ms, self, self.on_exit_due)

    def _add_actions(self) -> None:
        for action, slot in (
            (Action("file.demo", "Open the demo", "File", "Ctrl+D"), self.on_demo_triggered),
            (Action("file.quit", "Quit", "File", "Ctrl+Q", "log-out"), self.on_quit_triggered),
        ):
            self.actions.add(action, slot)

    # ---- stages -----------------------------------------------------------------------------

    @Slot()
    def on_window_first_painted(self) -> None:
        """The shell is on screen: note when, and go on once it has reached the display."""
        self._first_painted_s = time.time()
        _forget_sources()
        QTimer.singleShot(0, self, self.on_engine_due)

    @Slot()
    def on_engine_due(self) -> None:
        """Second stage: engine, store and the panels that need numpy."""
        if self._quitting:
            return
        from zmqscope.bootstrap.workbench import Workbench

        self._workbench = Workbench(
            self.window, self.theme, self.actions, self.settings, CaptureClock(), self.demo
        )
        self.engine_stopped = False
        if self._observer is not None:
            self._observer(self._workbench)
        for spec in self._options.specs:
            self._workbench.open_spec(spec)
        if self._options.demo:
            self._workbench.open_demo()
        _forget_sources()
        # The panels are painted first: importing the plot's library holds the window still.
        QTimer.singleShot(_PLOT_DELAY_MS, self, self.on_plot_due)

    @Slot()
    def on_plot_due(self) -> None:
        """Third stage: the plot, whose library is the slowest import of all."""
        if not self._quitting and self._workbench is not None:
            self._workbench.add_plot()
            _forget_sources()
            # What start-up has made stays for good: without this, each full collection of garbage
            # walks over it, which holds the window up for 50 ms and more.
            gc.freeze()
            QTimer.singleShot(_KERNELS_DELAY_MS, self, self.on_kernels_due)

    @Slot()
    def on_kernels_due(self) -> None:
        """Fourth stage: kernels and decoders, once there is something to look at meanwhile."""
        if not self._quitting and self._workbench is not None:
            from zmqscope.core.decode.warm import warm_up

            self._workbench.controller.load_kernels()
            warm_up()
            QTimer.singleShot(_SETTLED_DELAY_MS, _forget_sources)

    @Slot()
    def on_demo_triggered(self) -> None:
        """Start the demo's peers and open the sockets that talk with them."""
        if self._workbench is not None:
            self._workbench.open_demo()

    # ---- the way out ------------------------------------------------------------------------

    @Slot()
    def on_signal_poll(self) -> None:
        """Nothing to do: running Python at all lets pending signal handlers run."""

    @Slot()
    def on_exit_due(self) -> None:
        """``--exit-after``: the same way out as a click on the window's close button."""
        self.window.close()

    @Slot()
    def on_quit_triggered(self) -> None:
        """Staged quit: window gone, engine stopped, report, demo stopped, event loop ended."""
        if self._quitting:
            return
        self._quitting = True
        try:
            self._take_down()
        finally:
            self._application.quit()

    def _take_down(self) -> None:
        self.window.save_state()
        # Dialogs too, and first: Qt closes them at the end, and would complain of what is still to
        # be painted in them by then.
        for widget in self._application.topLevelWidgets():
            if isinstance(widget, QDialog):
                widget.hide()
        self.window.hide()
        if self._workbench is not None:
            self._workbench.ticker.stop()
            self._workbench.messages.stop_search()
            self._workbench.topology.stop()
            self.engine_stopped = self._workbench.controller.stop(_ENGINE_STOP_MS)
        if self._options.report is not None:
            # After the engine's end, so that all its figures are of the same moment.
            self._write_report(self._options.report)
        self.demo.stop()
        self.settings.save()

    def _write_report(self, path: Path) -> None:
        reason: str | None = "the app was closed before there was anything to measure"
        if self._workbench is not None:
            from zmqscope.bootstrap.report import write_report

            reason = write_report(path, self._workbench, self._first_painted_s)
        if reason is not None:
            print(f"zmqscope: no report in {path}: {reason}.", file=sys.stderr)
            self.exit_status = 1


def run_app(options: LaunchOptions, observer: Callable[[Workbench], None] | None = None) -> int:
    """Run the app until it is closed; the exit status.

    Args:
        options: What the command line asked for.
        observer: See ``App``.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    # What is wrong with a picture is said beside it, and there may be thousands of them.
    QLoggingCategory.setFilterRules("qt.gui.imageio*=false")
    application = QApplication([sys.argv[0]])
    application.setApplicationName("zmqscope")
    application.setApplicationDisplayName("ZMQ Scope")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("zmqscope")
    application.setWindowIcon(QIcon(str(resource_path("icons", "app", "zmqscope.svg"))))
    app = App(application, options, observer)
    signals = _quit_on_signals(app)
    app.start()
    status = application.exec() or app.exit_status
    signals.stop()
    if not app.engine_stopped:
        # libzmq hangs (a name look-up on its I/O thread, say). Waiting would hang us too, and a
        # running QThread must not be destroyed.
        log.error("the engine did not stop in %d ms; leaving it behind", _ENGINE_STOP_MS)
    # A large picture may still be decoded. Nobody waits for it any more, and Python must not end
    # below a thread that runs it.
    is_idle = QThreadPool.globalInstance().waitForDone(_POOL_STOP_MS)
    if not (app.engine_stopped and is_idle):
        logging.shutdown()
        os._exit(status)
    return status


def _quit_on_signals(app: App) -> QTimer:
    """Leave by the ordinary way on SIGINT and SIGTERM.

    Python runs signal handlers between bytecodes only, and Qt's loop runs none while idle: a slow
    timer gives Python its turn.
    """

    def on_signal(_number: int, _frame: object) -> None:
        app.window.close()

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, on_signal)
    timer = QTimer(app)
    timer.setInterval(_SIGNAL_POLL_MS)
    timer.timeout.connect(app.on_signal_poll)
    timer.start()
    return timer


def _settings_store(options: LaunchOptions) -> QSettings:
    if options.settings is not None:
        return QSettings(str(options.settings.absolute()), QSettings.Format.IniFormat)
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "zmqscope", "zmqscope")
