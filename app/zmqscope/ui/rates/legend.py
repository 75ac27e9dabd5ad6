"""The legend: one button a curve with its figures, in at most two lines. GUI thread.

Every figure has a field of fixed width, so that nothing moves when numbers do; what does not fit
is in a menu at the end of the second line.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from zmqscope.models.rates.axis import RateUnit
from zmqscope.models.rates.curves import Curve, CurveKey
from zmqscope.models.rates.rates import Figures
from zmqscope.ui.quiet_button import QuietButton
from zmqscope.ui.rates.legend_entry import LegendEntry, LegendStyle, figures_text
from zmqscope.ui.theme import Theme

_MOST_LINES = 2
_LINE_PX = 22
_MARGIN_LEFT_PX = 6
_MARGIN_RIGHT_PX = 8
_MARGIN_TOP_PX = 5
_GAP_PX = 6


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where entries go: their numbers in each line, their widths, with mean and peak or not."""

    lines: tuple[tuple[int, ...], ...]
    widths_px: tuple[int, ...]
    is_full: bool


class Legend(QWidget):
    """All curves with their figures; a click switches one on or off.

    Args:
        theme: Colours and fonts.
        parent: Owner.
    """

    toggled = Signal(object, bool)
    """CurveKey, and whether it is to be shown."""
    emphasised = Signal(object)
    """CurveKey under the mouse or with the focus; None when there is none any more."""
    menu_requested = Signal(object, QPoint)
    """CurveKey that was right-clicked, and where on the screen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._style = LegendStyle(theme)
        self._unit = RateUnit.MESSAGES
        self._entries: dict[CurveKey, LegendEntry] = {}
        self._hidden_keys: list[CurveKey] = []
        self._is_low = False
        self._more = QuietButton(theme, self._style.font, self)
        self._more.set_chevron()
        self._more.reserve("+888")
        self._more.setAccessibleName(self.tr("More curves"))
        self._more.setToolTip(self.tr("The curves that have no room here"))
        self._more.clicked.connect(self.on_more_clicked)
        self._more.hide()
        self._menu: QMenu | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Curves"))
        self.setFixedHeight(_LINE_PX + _MARGIN_TOP_PX)
        theme.changed.connect(self.on_theme_changed)

    # ---- what it shows ----------------------------------------------------------------------

    def set_curves(self, curves: list[Curve]) -> None:
        """Show these curves, in this order."""
        wanted = {curve.key: curve for curve in curves}
        for key in [key for key in self._entries if key not in wanted]:
            entry = self._entries.pop(key)
            entry.hide()
            entry.deleteLater()
        before = self._entries
        self._entries = {}
        for key, curve in wanted.items():
            self._entries[key] = before.get(key) or self._make_entry(curve)
            self._entries[key].set_curve(curve)
        self._lay_out()

    def set_figures(self, key: CurveKey, figures: Figures, unit: RateUnit) -> None:
        """Write a curve's figures."""
        if key in self._entries:
            self._entries[key].set_figures(figures, unit)

    def set_unit(self, unit: RateUnit) -> None:
        """Make room for figures of this unit."""
        self._unit = unit
        self._lay_out()

    def set_low(self, is_low: bool) -> None:
        """Say whether the panel is so low that every line counts."""
        if is_low != self._is_low:
            self._is_low = is_low
            self._lay_out()

    def _make_entry(self, curve: Curve) -> LegendEntry:
        entry = LegendEntry(curve, self._style, self)
        entry.toggled_by_user.connect(self.toggled)
        entry.entered.connect(self.emphasised)
        entry.menu_requested.connect(self.menu_requested)
        return entry

    # ---- layout -----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(400, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _plan(self) -> _Plan:
        room = self.width() - _MARGIN_LEFT_PX - _MARGIN_RIGHT_PX
        entries = list(self._entries.values())
        if not entries:
            return _Plan((), (), is_full=True)
        for is_full in (True, False):
            widths = [entry.width_px(self._unit, is_full=is_full) for entry in entries]
            # In a low panel the plot needs the second line more than mean and peak do.
            most = 1 if is_full and self._is_low else _MOST_LINES
            if len(_flow(widths, room)) == 1:
                return _Plan((tuple(range(len(entries))),), tuple(widths), is_full)
            # Two lines stand in columns if there is room for that.
            for tried in ([max(widths)] * len(widths), widths):
                lines = _flow(tried, room)
                if len(lines) <= most:
                    return _Plan(tuple(map(tuple, lines)), tuple(tried), is_full)
        lines = _flow(widths, room)
        last = lines[1]
        for_more = self._more.sizeHint().width()
        while last and sum(widths[i] + _GAP_PX for i in last) + for_more > room:
            last.pop()
        return _Plan((tuple(lines[0]), tuple(last)), tuple(widths), is_full=False)

    def _lay_out(self) -> None:
        plan = self._plan()
        entries = list(self._entries.items())
        placed: set[CurveKey] = set()
        x, y = _MARGIN_LEFT_PX, _MARGIN_TOP_PX
        for number, line in enumerate(plan.lines):
            x, y = _MARGIN_LEFT_PX, _MARGIN_TOP_PX + number * _LINE_PX
            for i in line:
                key, entry = entries[i]
                entry.set_full(plan.is_full)
                width = min(plan.widths_px[i], self.width() - _MARGIN_LEFT_PX)
                entry.setGeometry(x, y, width, _LINE_PX)
                entry.show()
                placed.add(key)
                x += width + _GAP_PX
        self._hidden_keys = [key for key in self._entries if key not in placed]
        for key in self._hidden_keys:
            self._entries[key].hide()
        self._more.setVisible(bool(self._hidden_keys))
        self._more.setText(f"+{len(self._hidden_keys)}")
        self._more.setGeometry(x, y, self._more.sizeHint().width(), _LINE_PX)
        self.setFixedHeight(max(len(plan.lines), 1) * _LINE_PX + _MARGIN_TOP_PX)

    # ---- what comes in ----------------------------------------------------------------------

    @Slot()
    def on_more_clicked(self) -> None:
        """Show the curves that have no room, each with a tick and its figures."""
        menu = _StayingMenu(self)
        for key in self._hidden_keys:
            entry = self._entries[key]
            action = menu.addAction(f"{entry.curve.label}\t{figures_text(entry)}")
            action.setCheckable(True)
            action.setChecked(entry.curve.shown)
            action.setData(key)
        menu.triggered.connect(self.on_menu_triggered)
        menu.aboutToHide.connect(menu.deleteLater)
        self._menu = menu
        menu.popup(self._more.below)

    @Slot(QAction)
    def on_menu_triggered(self, action: QAction) -> None:
        """Switch a curve that has no room in the lines."""
        key = action.data()
        for own in self._hidden_keys:
            if own == key:
                self.toggled.emit(own, action.isChecked())

    @Slot()
    def on_theme_changed(self) -> None:
        """Recolour everything at once."""
        self._style.take_theme()
        for entry in self._entries.values():
            entry.update()


class _StayingMenu(QMenu):
    """A menu that stays open while one ticks several of its entries with the mouse."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.actionAt(event.position().toPoint())
        # PySide's stubs do not say that there may be none.
        if isinstance(action, QAction):
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()


def _flow(widths: list[int], room: int) -> list[list[int]]:
    """Numbers of the entries in each line; an entry wider than a line gets one of its own."""
    lines: list[list[int]] = []
    x = room + 1
    for i, width in enumerate(widths):
        if x + width > room:
            lines.append([])
            x = 0
        lines[-1].append(i)
        x += width + _GAP_PX
    return lines
