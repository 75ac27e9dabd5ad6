"""Markdown as a document in the theme's fonts and colours. GUI thread.

Qt's Markdown reader knows no style sheet: it marks headings, code and links, and each mark is
dressed here.
"""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
)

from zmqscope.ui.theme import Theme

_HEADING_PX = {1: 20.0, 2: 14.0, 3: 13.0}
_ABOVE_PX = {1: 0.0, 2: 20.0, 3: 14.0}
_TEXT_PX = 13.0
_CODE_PX = 12.0
_GAP_PX = 8.0
_LINE_PERCENT = 132.0
_CODE_MARGIN_PX = 12.0
_CODE_PADDING_PX = 7.0
_INDENT_PX = 18.0
_CELL_PX = 5.0
_PROPORTIONAL = 1  # QTextBlockFormat.LineHeightTypes.ProportionalHeight


def show_markdown(document: QTextDocument, text: str, theme: Theme) -> None:
    """Fill a document.

    Args:
        document: The document.
        text: Markdown of our own; links and emphasis, headings, lists, code.
        theme: Fonts and colours.
    """
    document.setDefaultFont(theme.ui_font(size_px=_TEXT_PX))
    document.setIndentWidth(_INDENT_PX)
    document.setMarkdown(text)
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _dress_table(frame, theme)
    block = document.begin()
    while block.isValid():
        _dress_block(block, theme)
        block = block.next()
    document.setUndoRedoEnabled(False)


def _dress_table(table: QTextTable, theme: Theme) -> None:
    shape = table.format()
    shape.setBorder(1.0)
    shape.setBorderBrush(theme.color("border"))
    shape.setBorderCollapse(True)
    shape.setCellPadding(_CELL_PX)
    shape.setBottomMargin(_GAP_PX)
    table.setFormat(shape)
    # The brush above is for the outside alone.
    for row in range(table.rows()):
        for column in range(table.columns()):
            cell = table.cellAt(row, column)
            dressed = cell.format().toTableCellFormat()
            dressed.setBorder(1.0)
            dressed.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            dressed.setBorderBrush(theme.color("border"))
            cell.setFormat(dressed)


def is_code_block(block: QTextBlock) -> bool:
    """Whether a block is a line of code."""
    return block.isValid() and block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)


def code_places(document: QTextDocument) -> list[QRectF]:
    """Where code stands in a document: a rectangle for each run of lines, with some room."""
    places: list[QRectF] = []
    layout, block = document.documentLayout(), document.begin()
    was_code = False
    while block.isValid():
        is_code = is_code_block(block)
        if is_code:
            line = layout.blockBoundingRect(block)
            line.setLeft(document.documentMargin())
            line.setRight(document.size().width() - document.documentMargin())
            if was_code:
                places[-1] = places[-1].united(line)
            else:
                places.append(line)
        was_code, block = is_code, block.next()
    room = QMarginsF(0, _CODE_PADDING_PX, 0, _CODE_PADDING_PX)
    return [place.marginsAdded(room) for place in places]


def _dress_block(block: QTextBlock, theme: Theme) -> None:
    level = block.blockFormat().headingLevel()
    is_code = is_code_block(block)
    _set_spacing(block, level, is_code)
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


def _set_spacing(block: QTextBlock, level: int, is_code: bool) -> None:
    shape = QTextBlockFormat()
    shape.setTopMargin(_ABOVE_PX.get(level, 0.0))
    shape.setBottomMargin(_GAP_PX / 2 if level or block.textList() is not None else _GAP_PX)
    if QTextCursor(block).currentTable() is not None:
        shape.setBottomMargin(0.0)
    shape.setLineHeight(_LINE_PERCENT, _PROPORTIONAL)
    if is_code:
        # A long line goes on below: nothing is hidden, however narrow the window.
        shape.setNonBreakableLines(False)
        shape.setLeftMargin(_CODE_MARGIN_PX)
        shape.setTopMargin(0.0 if is_code_block(block.previous()) else 2 * _CODE_PADDING_PX)
        shape.setBottomMargin(0.0 if is_code_block(block.next()) else 2 * _CODE_PADDING_PX)
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
