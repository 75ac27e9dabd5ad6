"""Markdown as a document in the theme's fonts and colours. GUI thread.

Qt's Markdown reader knows no style sheet: it marks headings, code and links, and each mark is
dressed here.
"""

from __future__ import annotations

from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from zmqscope.ui.theme import Theme

_HEADING_PX = {1: 20.0, 2: 14.0, 3: 13.0}
_ABOVE_PX = {1: 0.0, 2: 20.0, 3: 14.0}
_TEXT_PX = 13.0
_CODE_PX = 12.0
_GAP_PX = 8.0
_LINE_PERCENT = 132.0
_CODE_MARGIN_PX = 12.0
_PROPORTIONAL = 1  # QTextBlockFormat.LineHeightTypes.ProportionalHeight


def show_markdown(document: QTextDocument, text: str, theme: Theme) -> None:
    """Fill a document.

    Args:
        document: The document.
        text: Markdown of our own; links and emphasis, headings, lists, code.
        theme: Fonts and colours.
    """
    document.setDefaultFont(theme.ui_font(size_px=_TEXT_PX))
    document.setMarkdown(text)
    block = document.begin()
    while block.isValid():
        _dress_block(block, theme)
        block = block.next()
    document.setUndoRedoEnabled(False)


def _dress_block(block: QTextBlock, theme: Theme) -> None:
    level = block.blockFormat().headingLevel()
    is_code = block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)
    _set_spacing(block, level, is_code, theme)
    for start, length, shape in _pieces(block):
        cursor = QTextCursor(block)
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(_dressed(shape, level, is_code, theme))


def _pieces(block: QTextBlock) -> list[tuple[int, int, QTextCharFormat]]:
    """Position, length and format of each piece; listed first, since dressing changes them."""
    found = []
    walk = block.begin()
    while not walk.atEnd():
        piece = walk.fragment()
        found.append((piece.position(), piece.length(), piece.charFormat()))
        walk += 1
    return found


def _set_spacing(block: QTextBlock, level: int, is_code: bool, theme: Theme) -> None:
    shape = QTextBlockFormat()
    shape.setTopMargin(_ABOVE_PX.get(level, 0.0))
    shape.setBottomMargin(_GAP_PX / 2 if level or block.textList() is not None else _GAP_PX)
    shape.setLineHeight(_LINE_PERCENT, _PROPORTIONAL)
    if is_code:
        is_last = not block.next().blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)
        shape.setLeftMargin(_CODE_MARGIN_PX)
        shape.setTopMargin(0.0)
        shape.setBottomMargin(_GAP_PX if is_last else 0.0)
        shape.setBackground(theme.color("window"))
    QTextCursor(block).mergeBlockFormat(shape)


def _dressed(shape: QTextCharFormat, level: int, is_code: bool, theme: Theme) -> QTextCharFormat:
    dressed = QTextCharFormat(shape)
    # Headings come with a size relative to the text, which would be added to ours.
    dressed.clearProperty(QTextFormat.Property.FontSizeAdjustment)
    weight = QFont.Weight.DemiBold if level or shape.fontWeight() > QFont.Weight.Medium else None
    if is_code or shape.fontFixedPitch():
        dressed.setFont(theme.data_font(size_px=_CODE_PX))
    else:
        size = _HEADING_PX.get(level, _TEXT_PX)
        dressed.setFont(theme.ui_font(weight or QFont.Weight.Normal, size))
        dressed.setFontItalic(shape.fontItalic())
    dressed.setForeground(theme.color("text"))
    if shape.isAnchor():
        dressed.setForeground(theme.color("accent"))
        dressed.setFontUnderline(False)
        dressed.setAnchor(True)
        dressed.setAnchorHref(shape.anchorHref())
    return dressed
