"""Colours, fonts and icons of the window, by token; follows the system or the user. GUI thread."""

from __future__ import annotations

import logging
from enum import Enum

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from zmqscope.ui.resources import resource_path
from zmqscope.ui.stylesheet import faint_color, style_sheet
from zmqscope.ui.tokens import DARK, LIGHT, Palette, curve_colors

__all__ = ["DARK", "LIGHT", "Palette", "Theme", "ThemeMode"]

log = logging.getLogger(__name__)

UI_FAMILY = "Inter"
DATA_FAMILY = "JetBrains Mono"
_ICON_SIZES = (12, 14, 16, 18, 20, 24, 32, 48)
_DISABLED_OPACITY = 0.4
_QUIET = "quiet"
_QUIET_OPACITY = 0.6
_FONTS_LOADED = "zmqscope_fonts_loaded"


class ThemeMode(Enum):
    """Whose wish the theme follows."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Theme(QObject):
    """The current theme; one for the app.

    Widgets read it when they paint and repaint on ``changed``. Needs a QGuiApplication.

    Args:
        mode: Whose wish to follow at first.
        parent: Owner.
    """

    changed = Signal()
    """Colours are others now; icons that were handed out are of the old theme."""

    def __init__(self, mode: ThemeMode = ThemeMode.SYSTEM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode = mode
        self._app: QApplication | None = None
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._sources: dict[str, bytes] = {}
        _load_fonts()
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self.on_style_hints_color_scheme_changed)
        self._ask_system_to_follow()
        self._palette = self._wanted_palette()

    # ---- which theme ------------------------------------------------------------------------

    @property
    def mode(self) -> ThemeMode:
        """Whose wish the theme follows."""
        return self._mode

    @property
    def palette(self) -> Palette:
        """The colours now."""
        return self._palette

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are shown."""
        return self._palette == DARK

    def set_mode(self, mode: ThemeMode) -> None:
        """Follow the system or the user from now on; recolours everything at once."""
        if mode is self._mode:
            return
        self._mode = mode
        self._ask_system_to_follow()
        self._update()

    @Slot()
    def on_style_hints_color_scheme_changed(self) -> None:
        """The system has turned dark or light."""
        self._update()

    def _ask_system_to_follow(self) -> None:
        """Native title bars and file dialogs then wear the same theme, where a platform can."""
        scheme = {
            ThemeMode.SYSTEM: Qt.ColorScheme.Unknown,
            ThemeMode.DARK: Qt.ColorScheme.Dark,
            ThemeMode.LIGHT: Qt.ColorScheme.Light,
        }[self._mode]
        QGuiApplication.styleHints().setColorScheme(scheme)

    def _wanted_palette(self) -> Palette:
        if self._mode is ThemeMode.SYSTEM:
            light = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Light
            return LIGHT if light else DARK
        return LIGHT if self._mode is ThemeMode.LIGHT else DARK

    def _update(self) -> None:
        palette = self._wanted_palette()
        if palette == self._palette:
            return
        self._palette = palette
        self._icons.clear()
        if self._app is not None:
            self._dress(self._app)
        self.changed.emit()

    # ---- what it gives ----------------------------------------------------------------------

    def color(self, token: str) -> QColor:
        """The colour of a token.

        Args:
            token: A field of ``Palette``.

        Raises:
            AttributeError: There is no such token.
        """
        return QColor(getattr(self._palette, token))

    @property
    def on_accent_token(self) -> str:
        """The token of what is legible on the accent."""
        return "window" if self.is_dark else "panel"

    def curve_color(self, index: int) -> QColor:
        """The colour of the curve with this number; they repeat after ten."""
        colors = curve_colors(self._palette)
        return QColor(colors[index % len(colors)])

    def ui_font(self, weight: QFont.Weight = QFont.Weight.Normal, size_px: float = 12.5) -> QFont:
        """Inter, for the interface; half a pixel is left off."""
        return _font(UI_FAMILY, QFont.StyleHint.SansSerif, weight, size_px)

    def data_font(self, weight: QFont.Weight = QFont.Weight.Normal, size_px: float = 12.0) -> QFont:
        """JetBrains Mono, for data and figures; every character is as wide as the next."""
        font = _font(DATA_FAMILY, QFont.StyleHint.Monospace, weight, size_px)
        font.setFixedPitch(True)
        # No ligatures: "://" and "->" are shown as the characters that they are.
        font.setFeature(QFont.Tag("calt"), 0)
        return font

    def icon(self, name: str, token: str = "muted") -> QIcon:
        """An icon of the set, in the colour of a token.

        Args:
            name: File name in ``resources/icons`` without ``.svg``.
            token: A field of ``Palette``.

        Returns:
            The icon; it keeps its colours, so ask again on ``changed``.

        Raises:
            FileNotFoundError: The set has no such icon.
        """
        key = (name, token)
        if key not in self._icons:
            self._icons[key] = self._draw_icon(name, self.color(token))
        return self._icons[key]

    def quiet_icon(self, name: str) -> QIcon:
        """The same in the colour of muted text, fainter until the mouse is on its button.

        For tool buttons with ``autoRaise``.
        """
        key = (name, _QUIET)
        if key not in self._icons:
            icon = QIcon()
            renderer = self._renderer(name, self.color("muted"))
            for size_px in _ICON_SIZES:
                icon.addPixmap(_draw(renderer, size_px, _QUIET_OPACITY), QIcon.Mode.Normal)
                icon.addPixmap(_draw(renderer, size_px, 1.0), QIcon.Mode.Active)
            self._icons[key] = icon
        return self._icons[key]

    def _renderer(self, name: str, color: QColor) -> QSvgRenderer:
        if name not in self._sources:
            self._sources[name] = resource_path("icons", f"{name}.svg").read_bytes()
        source = self._sources[name].replace(b"currentColor", color.name().encode())
        return QSvgRenderer(QByteArray(source))

    def _draw_icon(self, name: str, color: QColor) -> QIcon:
        renderer = self._renderer(name, color)
        icon = QIcon()
        for size_px in _ICON_SIZES:
            drawn = _draw(renderer, size_px, 1.0)
            icon.addPixmap(drawn, QIcon.Mode.Normal)
            # The style would tint a selected row's icon with a colour that is no token.
            icon.addPixmap(drawn, QIcon.Mode.Selected)
            icon.addPixmap(_draw(renderer, size_px, _DISABLED_OPACITY), QIcon.Mode.Disabled)
        return icon

    # ---- dressing the app -------------------------------------------------------------------

    def apply(self, app: QApplication) -> None:
        """Dress the app: style, palette, fonts and style sheet; again at every change."""
        self._app = app
        app.setStyle("Fusion")
        app.setFont(self.ui_font())
        self._dress(app)

    def _dress(self, app: QApplication) -> None:
        app.setPalette(_qt_palette(self._palette))
        assets = resource_path("themes", "dark" if self.is_dark else "light")
        app.setStyleSheet(style_sheet(self._palette, assets))


def _load_fonts() -> None:
    """Make the fonts that ship with the app known to Qt; without them Qt takes the nearest."""
    app = QGuiApplication.instance()
    if app is None or app.property(_FONTS_LOADED):
        return
    app.setProperty(_FONTS_LOADED, True)
    try:
        folder = resource_path("fonts")
    except FileNotFoundError as error:
        log.warning("%s", error)
        return
    for path in sorted(folder.glob("*.[ot]tf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            log.warning("The font file %s cannot be read.", path)


def _font(family: str, hint: QFont.StyleHint, weight: QFont.Weight, size_px: float) -> QFont:
    font = QFont(family)
    font.setStyleHint(hint)
    font.setWeight(weight)
    # Qt's FreeType engine knows whole pixels only and would round half of one up.
    font.setPixelSize(int(size_px))
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return font


def _draw(renderer: QSvgRenderer, size_px: int, opacity: float) -> QPixmap:
    pixmap = QPixmap(QSize(size_px, size_px))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(opacity)
    renderer.render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return pixmap


def _qt_palette(colors: Palette) -> QPalette:
    """The same colours for what the style draws without the style sheet."""
    role = QPalette.ColorRole
    palette = QPalette()
    for roles, color in (
        ((role.Window, role.Base, role.AlternateBase), colors.panel),
        ((role.Button, role.ToolTipBase, role.Light, role.Midlight), colors.raised),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), colors.text),
        ((role.BrightText, role.HighlightedText), colors.text),
        ((role.Mid, role.Dark), colors.border),
        ((role.Shadow,), colors.window),
        ((role.Highlight,), colors.selection),
        ((role.Link, role.Accent), colors.accent),
        ((role.LinkVisited,), colors.link),
        ((role.PlaceholderText,), colors.muted),
    ):
        for one in roles:
            palette.setColor(one, QColor(color))
    faint = QColor(faint_color(colors))
    for one in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, faint)
    return palette
