"""Fixtures for tests of widgets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    """The app, to be dressed in a theme; it is undressed again after the test."""
    style, sheet, palette, font = (
        qapp.style().objectName(),
        qapp.styleSheet(),
        qapp.palette(),
        qapp.font(),
    )
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setStyle(style)
    qapp.setPalette(palette)
    qapp.setFont(font)
    QGuiApplication.styleHints().setColorScheme(Qt.ColorScheme.Unknown)
