"""Colours, fonts, icons, and the style sheet made of them."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontInfo, QGuiApplication, QIcon, QImage
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from zmqscope.ui.resources import resource_path
from zmqscope.ui.stylesheet import contrast, faint_color, mix, on_accent, style_sheet
from zmqscope.ui.theme import DARK, LIGHT, Palette, Theme, ThemeMode
from zmqscope.ui.tokens import GROUND_TOKENS, TEXT_TOKENS, TOKENS, curve_colors

BOTH = pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])


@BOTH
def test_text_is_legible_on_every_ground(palette: Palette) -> None:
    for ground in GROUND_TOKENS:
        for text in TEXT_TOKENS:
            found = contrast(getattr(palette, text), getattr(palette, ground))
            assert found >= 4.5, (text, ground, found)
    assert contrast(on_accent(palette), palette.accent) >= 4.5


@BOTH
def test_selected_text_in_a_field_is_legible(palette: Palette) -> None:
    assert contrast(palette.text, mix(palette.selection, palette.accent, 0.20)) >= 4.5


@BOTH
def test_curves_can_be_seen_and_told_apart(palette: Palette) -> None:
    colors = curve_colors(palette)
    assert len(colors) >= 8
    assert all(contrast(color, palette.panel) >= 3 for color in colors)
    for first, second in combinations(colors, 2):
        pairs = zip(bytes.fromhex(first[1:]), bytes.fromhex(second[1:]), strict=True)
        assert sum(abs(a - b) for a, b in pairs) >= 50, (first, second)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@BOTH
def test_style_sheet_names_only_colours_made_of_tokens(palette: Palette) -> None:
    sheet = style_sheet(palette, Path("/nowhere"))
    assert "$" not in sheet
    named = set(re.findall(r"#[0-9a-fA-F]{6}", sheet))
    assert {getattr(palette, token) for token in ("panel", "border", "accent")} <= named


@pytest.mark.parametrize("name", ["dark", "light"])
def test_drawn_parts_wear_the_colours_of_their_theme(name: str) -> None:
    palette = {"dark": DARK, "light": LIGHT}[name]
    sheet = style_sheet(palette, resource_path("themes", name))
    parts = {Path(url) for url in re.findall(r'url\("([^"]+)"\)', sheet)}
    assert parts
    allowed = {palette.muted, palette.accent, on_accent(palette)}
    for part in parts:
        colors = re.findall(r'(?:stroke|fill)="(#[0-9a-f]{6})"', part.read_text("utf-8"))
        assert colors, part
        assert set(colors) <= allowed, part


def test_tokens_are_colours(qapp: QApplication) -> None:
    theme = Theme(ThemeMode.DARK)
    assert [theme.color(token).name() for token in TOKENS] == [
        getattr(DARK, token) for token in TOKENS
    ]
    with pytest.raises(AttributeError):
        theme.color("no such token")


def test_follows_the_user_and_says_so(qtbot: QtBot, dressed: QApplication) -> None:
    theme = Theme(ThemeMode.DARK)
    assert theme.is_dark
    with qtbot.waitSignal(theme.changed):
        theme.set_mode(ThemeMode.LIGHT)
    assert not theme.is_dark
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_mode(ThemeMode.LIGHT)


@pytest.mark.parametrize("scheme", [Qt.ColorScheme.Light, Qt.ColorScheme.Dark])
def test_follows_the_system_only_when_asked_to(
    dressed: QApplication, scheme: Qt.ColorScheme
) -> None:
    hints = QGuiApplication.styleHints()
    theme = Theme(ThemeMode.SYSTEM)
    # Stands for the system; a platform that cannot be told stays as it was.
    hints.setColorScheme(scheme)
    theme.on_style_hints_color_scheme_changed()
    assert theme.is_dark == (hints.colorScheme() is not Qt.ColorScheme.Light)
    theme.set_mode(ThemeMode.DARK)
    hints.setColorScheme(scheme)
    theme.on_style_hints_color_scheme_changed()
    assert theme.is_dark


def test_dresses_the_app_and_redresses_it(qtbot: QtBot, dressed: QApplication) -> None:
    theme = Theme(ThemeMode.DARK)
    theme.apply(dressed)
    button = QPushButton("Send")
    button.setProperty("kind", "primary")
    qtbot.addWidget(button)
    button.resize(80, 30)
    assert button.grab().toImage().pixelColor(8, 15).name() == DARK.accent
    assert dressed.palette().window().color().name() == DARK.panel
    theme.set_mode(ThemeMode.LIGHT)
    assert button.grab().toImage().pixelColor(8, 15).name() == LIGHT.accent
    assert dressed.palette().window().color().name() == LIGHT.panel
    disabled = dressed.palette().color(
        dressed.palette().ColorGroup.Disabled, dressed.palette().ColorRole.Text
    )
    assert disabled.name() == faint_color(LIGHT)


def test_fonts_are_those_that_ship(qapp: QApplication) -> None:
    theme = Theme(ThemeMode.DARK)
    for font, family in ((theme.ui_font(), "Inter"), (theme.data_font(), "JetBrains Mono")):
        assert QFontInfo(font).family() == family
        assert font.pixelSize() == 12
    assert theme.ui_font(QFont.Weight.DemiBold, 20.0).weight() == QFont.Weight.DemiBold
    assert theme.data_font().fixedPitch()


def strongest(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> tuple[str, int]:
    """Colour and alpha of the icon's most opaque pixel."""
    image = icon.pixmap(48, 48, mode).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = [image.pixelColor(x, y) for x in range(48) for y in range(48)]
    pixel = max(pixels, key=lambda color: color.alpha())
    return pixel.name(), pixel.alpha()


def test_icons_wear_tokens_and_change_with_the_theme(dressed: QApplication) -> None:
    theme = Theme(ThemeMode.DARK)
    assert strongest(theme.icon("square", "accent")) == (DARK.accent, 255)
    assert strongest(theme.icon("square"), QIcon.Mode.Disabled)[1] < 140
    assert strongest(theme.quiet_icon("square"))[1] < 200
    assert strongest(theme.quiet_icon("square"), QIcon.Mode.Active)[1] == 255
    assert theme.icon("square") is theme.icon("square")
    theme.set_mode(ThemeMode.LIGHT)
    assert strongest(theme.icon("square", "accent")) == (LIGHT.accent, 255)
    with pytest.raises(FileNotFoundError):
        theme.icon("no-such-icon")


def test_curve_colours_begin_with_received_and_repeat(qapp: QApplication) -> None:
    theme = Theme(ThemeMode.DARK)
    assert theme.curve_color(0).name() == DARK.received
    count = len(curve_colors(DARK))
    assert theme.curve_color(count) == theme.curve_color(0)
