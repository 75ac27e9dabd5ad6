"""The one style sheet of the app, made from a theme's tokens. Pure text, any thread.

Hooks for widgets (dynamic properties): ``QPushButton[kind="primary"|"flat"]``,
``QLabel[tone="muted"|"problem"|"warning"|"data"|"title"]``, ``QFrame[role="panel"]``,
``QWidget[role="bar"]`` (needs ``WA_StyledBackground`` on a plain QWidget) and
``[problem="true"]`` on a field whose content cannot be used.
"""

from __future__ import annotations

from pathlib import Path
from string import Template

from zmqscope.ui.tokens import TOKENS, Palette

BAR_HEIGHT_PX = 31
"""Title strips and header bars, their lower line included."""

SEPARATOR_PX = 4
"""Between docks: a line, and enough beside it to take hold of."""

_BASE = """
QAbstractScrollArea { background: $panel; border: none; }
QMainWindow, QDialog, QMessageBox, QWizard { background: $panel; }
QMainWindow::separator { background: $panel; }
QMainWindow::separator:vertical { width: ${separator}px; border-left: 1px solid $border; }
QMainWindow::separator:horizontal { height: ${separator}px; border-bottom: 1px solid $border; }
QMainWindow::separator:hover { background: $accent; border-color: $accent; }
QSplitter::handle { background: $border; }
QSplitter::handle:hover { background: $accent; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QDockWidget { background: $panel; border: 1px solid $edge; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QFrame[role="panel"] { background: $panel; border: none; }
QWidget[role="bar"] {
    background: $panel; border: none; border-bottom: 1px solid $border;
    min-height: ${bar}px; max-height: ${bar}px;
}
QWidget[role="topbar"] { background: $panel; border: none; border-bottom: 1px solid $border; }
QFrame[role="details"] { background: $panel; border: none; border-top: 1px solid $border; }
QFrame[role="find"] { background: $panel; border: none; border-bottom: 1px solid $border; }
QFrame[role="line"] { background: $border; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="popup"] { background: $panel; border: 1px solid $edge; border-radius: 8px; }
QStatusBar { background: $panel; border-top: 1px solid $border; }
QStatusBar::item { border: none; }
QToolTip {
    background: $raised; color: $text; border: 1px solid $edge; padding: 4px 6px;
}
QLabel { background: transparent; }
QLabel[kind="sunk"] {
    background: $field; border: 1px solid $border; border-radius: 6px; padding: 9px 12px;
}
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="problem"] { color: $broken; }
QLabel[tone="warning"] { color: $waiting; }
QLabel[tone="data"] { font-family: "JetBrains Mono"; }
QLabel[tone="title"] { font-weight: 600; }
QGroupBox {
    border: 1px solid $border; border-radius: 6px; margin-top: 10px; padding: 12px 8px 8px 8px;
}
QGroupBox::title { subcontrol-origin: margin; left: 8px; padding: 0 4px; color: $muted; }
QProgressBar {
    background: $window; border: 1px solid $border; border-radius: 4px; text-align: center;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }
"""

_BUTTONS = """
QPushButton {
    background: $raised; color: $text; border: 1px solid $border; border-radius: 6px;
    padding: 4px 11px; min-height: 18px;
}
QPushButton:hover { background: $hover; border-color: $edge; }
QPushButton:pressed { background: $selection; }
QPushButton:checked { background: $selection; border-color: $accent; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $faint; background: $panel; border-color: $border; }
QPushButton::menu-indicator {
    image: url("$assets/chevron-down.svg"); width: 12px; height: 12px;
    subcontrol-position: right center; right: 6px;
}
QPushButton[kind="primary"] {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QPushButton[kind="primary"]:hover {
    background: $accent_hover; border-color: $accent_hover;
}
QPushButton[kind="primary"]:focus { border-color: $text; }
QPushButton[kind="primary"]:pressed { background: $accent; }
QPushButton[kind="primary"]:disabled {
    background: $raised; color: $faint; border-color: $border;
}
QPushButton[kind="flat"] { background: transparent; border-color: transparent; padding: 4px 7px; }
QPushButton[kind="flat"][menu="true"] { padding-right: 22px; }
QPushButton[kind="flat"]:hover { background: $hover; }
QPushButton[kind="flat"]:pressed, QPushButton[kind="flat"]:checked { background: $selection; }
QPushButton[kind="flat"]:focus { border-color: $accent; }
QPushButton[kind="flat"]:disabled { background: transparent; border-color: transparent; }
QPushButton[kind="choice"] { border-radius: 8px; padding: 0; min-height: 0; }
QPushButton[kind="entry"] {
    background: transparent; border-color: transparent; text-align: left; padding: 3px 8px;
    color: $accent;
}
QPushButton[kind="entry"]:hover { background: $hover; }
QPushButton[kind="entry"]:focus { border-color: $accent; }
QPushButton[kind="tab"] {
    background: transparent; color: $muted; border: none; padding: 0; font-weight: 600;
}
QPushButton[kind="tab"]:hover, QPushButton[kind="tab"]:checked { color: $text; }
QPushButton[kind="tab"]:focus { color: $accent; }
QToolButton {
    background: transparent; color: $text; border: 1px solid transparent; border-radius: 5px;
    padding: 2px 4px;
}
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:open { background: $selection; }
QToolButton:checked { background: $selection; border-color: $accent; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $faint; }
QToolButton[popupMode="1"] { padding-right: 16px; }
QToolButton::menu-indicator {
    image: url("$assets/chevron-down.svg"); width: 10px; height: 10px;
    subcontrol-position: right center; right: 3px;
}
QToolButton::menu-button { border: none; width: 14px; }
QToolButton::menu-arrow { image: url("$assets/chevron-down.svg"); width: 10px; height: 10px; }
QToolButton[kind="quiet"] { padding: 4px; }
QCheckBox, QRadioButton { background: transparent; spacing: 6px; padding: 2px 0; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator {
    width: 13px; height: 13px; background: $window; border: 1px solid $edge; border-radius: 3px;
}
QRadioButton::indicator { border-radius: 7px; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QGroupBox::indicator:checked {
    background: $accent; border-color: $accent; image: url("$assets/check-on-accent.svg");
}
QCheckBox::indicator:indeterminate {
    background: $accent; border-color: $accent; image: url("$assets/minus-on-accent.svg");
}
QRadioButton::indicator:checked {
    background: $accent; border-color: $accent; image: url("$assets/dot-on-accent.svg");
}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $border; }
"""

_FIELDS = """
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {
    background: $field; color: $text; border: 1px solid $border; border-radius: 6px;
    selection-background-color: $marked; selection-color: $text;
    placeholder-text-color: $muted;
}
QLineEdit, QAbstractSpinBox, QComboBox { padding: 3px 8px; min-height: 20px; }
QPlainTextEdit, QTextEdit { padding: 3px 5px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $edge; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus,
QComboBox:on { border-color: $accent; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QAbstractSpinBox:disabled,
QComboBox:disabled { color: $faint; background: $panel; }
QLineEdit[problem="true"], QPlainTextEdit[problem="true"], QTextEdit[problem="true"],
QAbstractSpinBox[problem="true"], QComboBox[problem="true"] { border-color: $broken; }
QLineEdit[kind="flat"], QPlainTextEdit[kind="flat"], QTextEdit[kind="flat"] {
    background: transparent; border: none; border-radius: 0;
}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {
    background: transparent; border: none; border-radius: 0; padding: 0; min-height: 0;
}
QLineEdit[kind="search"] {
    background: transparent; border: none; border-radius: 0; padding: 0 12px; min-height: 42px;
}
QAbstractItemView QLineEdit { border-radius: 3px; padding: 0 4px; min-height: 0; }
QComboBox { background: $raised; padding-right: 22px; }
QComboBox:editable { background: $field; }
QComboBox::drop-down { border: none; width: 20px; subcontrol-position: right center; }
QComboBox::down-arrow { image: url("$assets/chevron-down.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $edge; padding: 3px; outline: none;
    selection-background-color: $selection; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 22px; padding: 0 5px; }
QAbstractSpinBox { padding: 2px 18px 2px 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; border: none; background: transparent; width: 18px;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; height: 13px; top: 1px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; height: 13px; bottom: 1px; }
QAbstractSpinBox::up-arrow { image: url("$assets/chevron-up.svg"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow {
    image: url("$assets/chevron-down.svg"); width: 10px; height: 10px;
}
QSlider::groove:horizontal { background: $border; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
    background: $text; width: 12px; height: 12px; margin: -4px 0; border-radius: 6px;
}
"""

_VIEWS = """
QAbstractItemView {
    background: $panel; color: $text; alternate-background-color: $panel; outline: none;
    border: none; gridline-color: $border;
    selection-background-color: $selection; selection-color: $text;
}
QHeaderView { background: $panel; border: none; }
QHeaderView::section {
    background: $panel; color: $muted; border: none; border-bottom: 1px solid $border;
    padding: 0 8px; min-height: 26px; font-size: 11px; font-weight: 600;
}
QHeaderView::section:hover { color: $text; }
QHeaderView::up-arrow { image: url("$assets/chevron-up.svg"); width: 10px; height: 10px; }
QHeaderView::down-arrow { image: url("$assets/chevron-down.svg"); width: 10px; height: 10px; }
QTableCornerButton::section { background: $panel; border: none; }
QTreeView::branch { background: transparent; }
QTreeView::branch:selected { background: $selection; }
QTreeView::branch:has-children:closed { image: url("$assets/chevron-right.svg"); }
QTreeView::branch:has-children:open { image: url("$assets/chevron-down.svg"); }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $edge; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
FrameRibbon QScrollBar:horizontal { height: 6px; }
FrameRibbon QScrollBar::handle:horizontal { margin: 1px 2px; border-radius: 2px; }
QAbstractScrollArea::corner { background: $panel; border: none; }
QTabWidget::pane { border: none; border-top: 1px solid $border; }
QTabBar { background: transparent; border: none; font-weight: 600; }
QTabBar::tab {
    background: transparent; color: $muted; border: none; padding: 6px 8px; min-height: 18px;
}
QTabBar::tab:selected { color: $text; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { color: $accent; }
QMainWindow > QTabBar { max-height: 0; }
QMainWindow > QTabBar::tab {
    height: 0; min-height: 0; padding: 0; margin: 0; border: none; font-size: 1px;
}
"""

_MENUS = """
QMenuBar { background: transparent; border: none; spacing: 0; }
QMenuBar::item {
    background: transparent; color: $muted; padding: 4px 8px; border-radius: 5px;
}
QMenuBar::item:selected { background: $hover; color: $text; }
QMenuBar::item:pressed { background: $selection; color: $text; }
QMenu { background: $raised; border: 1px solid $edge; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 10px; border-radius: 4px; color: $text; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $faint; }
QMenu::item:disabled:selected { background: transparent; }
QMenu::icon { padding-left: 8px; }
QMenu::icon:checked { background: $selection; border: 1px solid $accent; border-radius: 4px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 6px; }
QMenu::indicator { width: 13px; height: 13px; padding-left: 8px; }
QMenu::indicator:checked { image: url("$assets/check.svg"); }
QMenu::right-arrow { image: url("$assets/chevron-right.svg"); width: 12px; height: 12px; }
"""

_SHEET = Template(_BASE + _BUTTONS + _FIELDS + _VIEWS + _MENUS)


def style_sheet(palette: Palette, assets: Path) -> str:
    """The style sheet of a theme.

    Args:
        palette: The theme's colours.
        assets: The folder with the few drawn parts (arrows, ticks) in the theme's colours.
    """
    return _SHEET.substitute(
        {token: getattr(palette, token) for token in TOKENS},
        assets=assets.as_posix(),
        bar=BAR_HEIGHT_PX - 1,
        separator=SEPARATOR_PX,
        field=field_color(palette),
        on_accent=on_accent(palette),
        accent_hover=mix(palette.accent, palette.text, 0.12),
        hover=mix(palette.raised, palette.text, 0.06),
        edge=mix(palette.border, palette.muted, 0.30),
        marked=mix(palette.selection, palette.accent, 0.20),
        faint=faint_color(palette),
    )


def field_color(palette: Palette) -> str:
    """What one writes on: the window's ground, sunk into the panel."""
    return palette.window


def on_accent(palette: Palette) -> str:
    """What is legible on the accent: the darkest or the lightest ground of the theme."""
    grounds = (palette.window, palette.panel)
    return max(grounds, key=lambda ground: contrast(ground, palette.accent))


def hit_color(palette: Palette) -> str:
    """The ground of a row that a search has found: lifted from the panel, without a hue."""
    return mix(palette.panel, palette.text, 0.06)


def faint_color(palette: Palette) -> str:
    """What cannot be used now: between muted text and the panel."""
    return mix(palette.panel, palette.muted, 0.6)


def mix(first: str, second: str, share: float) -> str:
    """A colour between two; ``share`` 0 is the first, 1 the second."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast(first: str, second: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _channels(color: str) -> tuple[int, int, int]:
    value = int(color[1:], 16)
    return value >> 16, value >> 8 & 0xFF, value & 0xFF


def _luminance(color: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(color))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
