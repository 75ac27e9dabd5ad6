"""The help: rules and message formats have pages, links lead somewhere, nothing leaves unasked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QFontInfo, QTextBlock, QTextCharFormat
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.envelopes.builtin import builtin_envelopes
from zmqscope.models.doctor.help_pages import (
    ABOUT_DECODING,
    FORMATS_INDEX,
    INDEX,
    SECTIONS,
    HelpPage,
    format_page,
    matching,
    page_of_link,
    read_pages,
)
from zmqscope.ui.doctor.help_desk import HelpDesk
from zmqscope.ui.doctor.help_window import HelpWindow
from zmqscope.ui.resources import resource_path
from zmqscope.ui.theme import Theme, ThemeMode

Q = Qt.Key
PAGES = read_pages(resource_path("help"))
RULES = PAGES[: 1 + len(Rule)]
FORMATS = [page for page in PAGES if page.name.startswith("envelope-")]
_LINK = re.compile(r"\]\(([^)]+)\)")
_CODE = re.compile(r"```.*?```", re.DOTALL)


def by_name(name: str) -> HelpPage:
    return next(page for page in PAGES if page.name == name)


# ---- the pages ------------------------------------------------------------------------------


def test_there_is_a_page_for_each_rule_and_no_other() -> None:
    names = {path.stem for path in resource_path("help", "doctor").glob("*")}
    assert names == {INDEX, *(rule.value for rule in Rule)}
    assert [page.name for page in RULES[1:]] == [rule.value for rule in Rule]


def test_there_is_a_page_for_each_message_format_and_no_other() -> None:
    names = {format_page(envelope.name) for envelope in builtin_envelopes()}
    assert {page.name for page in FORMATS} == {FORMATS_INDEX, *names}
    assert all(page.text.startswith("# ") for page in FORMATS)


def test_the_other_pages_are_there() -> None:
    assert [page.name for page in PAGES[len(RULES) + len(FORMATS) :]] == list(ABOUT_DECODING)


@pytest.mark.parametrize("page", RULES, ids=lambda page: page.name)
def test_a_page_has_its_sections_and_is_short(page: HelpPage) -> None:
    lines = page.text.splitlines()
    assert lines[0] == f"# {page.title}"
    assert len([line for line in lines if line.startswith("# ")]) >= 1
    words = len(_CODE.sub("", page.text).split())
    if page.name == INDEX:
        assert words < 400
        return
    assert tuple(line[3:] for line in lines if line.startswith("## ")) == SECTIONS
    assert 150 <= words <= 330
    assert page.group


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: HelpPage) -> None:
    names = {each.name for each in PAGES}
    for link in _LINK.findall(page.text):
        if (name := page_of_link(link, page.name)) is not None:
            assert name in names, link
            assert name != page.name, link
        else:
            assert re.fullmatch(r"https://(?:rfc\.zeromq\.org|[\w.-]+\.\w+)/[\w./-]*", link), link


def test_the_indexes_lead_to_every_page() -> None:
    linked = {page_of_link(link) for link in _LINK.findall(by_name(INDEX).text)}
    assert linked == {FORMATS_INDEX, *(rule.value for rule in Rule)}
    index = by_name(FORMATS_INDEX)
    formats = {page_of_link(link, index.name) for link in _LINK.findall(index.text)}
    assert formats == {page.name for page in FORMATS if page is not index} | set(ABOUT_DECODING)


def test_titles_are_told_apart() -> None:
    assert len({page.title for page in PAGES}) == len(PAGES)


def test_pages_are_found_by_their_words() -> None:
    assert [page.name for page in matching(PAGES, "")] == [page.name for page in PAGES]
    assert matching(PAGES, "EFSM")[0].name == Rule.OUT_OF_TURN.value
    assert matching(PAGES, "Second pair")[0].name == Rule.SECOND_PAIR.value
    assert matching(PAGES, "0x11000002 greeting")[0].name == Rule.MECHANISMS_DIFFER.value
    assert matching(PAGES, "no such words at all here") == []


# ---- the window -----------------------------------------------------------------------------


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[HelpWindow]:
    made = HelpWindow(Theme(ThemeMode.DARK))
    qtbot.addWidget(made)
    made.go_to(INDEX)
    made.resize(980, 680)
    made.show()
    qtbot.waitUntil(made.isVisible)
    yield made
    made.close()


def title(window: HelpWindow) -> str:
    return window.page.document().begin().text()


def shapes(window: HelpWindow) -> list[tuple[QTextBlock, str, QTextCharFormat]]:
    """Each piece of the page with its format."""
    found = []
    block = window.page.document().begin()
    while block.isValid():
        walk = block.begin()
        while not walk.atEnd():
            piece = walk.fragment()
            found.append((block, piece.text(), piece.charFormat()))
            walk += 1
        block = block.next()
    return found


def click_link(window: HelpWindow, text: str) -> None:
    """Follow the link with this text, by mouse."""
    view = window.page
    for block, words, shape in shapes(window):
        if words == text and shape.isAnchor():
            cursor = view.cursorForPosition(QPoint(0, 0))
            cursor.setPosition(block.position() + block.text().index(text) + 2)
            view.setTextCursor(cursor)
            view.ensureCursorVisible()
            place = view.cursorRect(cursor).center()
            QTest.mouseClick(
                view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
            )
            return
    raise AssertionError(f"no link {text!r}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_is_shown_whole(window: HelpWindow, page: HelpPage) -> None:
    window.go_to(page.name)
    assert title(window) == page.title
    assert window.windowTitle() == page.title
    assert window.list.currentIndex().data() == page.title
    assert window.page.horizontalScrollBar().maximum() == 0
    assert window.page.verticalScrollBar().value() == 0
    left = window.page.toPlainText()
    assert "**" not in left
    assert "```" not in left
    assert "](" not in left


def test_links_lead_from_page_to_page_and_back(window: HelpWindow) -> None:
    click_link(window, "a silent peer")
    assert title(window) == by_name("silent-peer").title
    click_link(window, "the peer’s process stands still")
    assert title(window) == by_name("peer-stopped").title
    QTest.keyClick(window, Q.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert title(window) == by_name("silent-peer").title
    QTest.keyClick(window, Q.Key_Left, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(window, Q.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert title(window) == by_name(INDEX).title
    QTest.keyClick(window, Q.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert title(window) == by_name("silent-peer").title


def test_links_lead_out_of_a_folder_and_back(window: HelpWindow) -> None:
    click_link(window, "message formats")
    assert window.current is by_name_in(window, FORMATS_INDEX)
    click_link(window, "Titanic")
    click_link(window, "Majordomo")
    assert title(window) == "Majordomo"
    window.go_to(FORMATS_INDEX)
    click_link(window, "a message format")
    assert window.current is by_name_in(window, "adding-an-envelope")


def by_name_in(window: HelpWindow, name: str) -> HelpPage:
    return next(page for page in window.pages if page.name == name)


def test_what_is_searched_for_is_listed_and_enter_opens_it(window: HelpWindow) -> None:
    assert len(window.listed) == len(PAGES)
    QTest.keyClicks(window.search, "no empty delimiter")
    assert 0 < len(window.listed) < 10
    QTest.keyClick(window.search, Q.Key_Return)
    assert window.current is not None
    assert window.current.name == window.listed[0]
    QTest.keyClick(window.search, Q.Key_Down)
    assert window.current.name == window.listed[1]
    QTest.keyClicks(window.search, " nothing has this")
    assert window.listed == []
    assert window.list.model().rowCount() == 1
    QTest.keyClick(window.search, Q.Key_Escape)
    assert window.isVisible()
    assert len(window.listed) == len(PAGES)


def test_the_list_is_walked_by_keyboard_past_its_headings(window: HelpWindow) -> None:
    window.list.setFocus()
    seen = []
    for _ in PAGES[1:]:
        QTest.keyClick(window.list, Q.Key_Down)
        assert window.current is not None
        seen.append(window.current.name)
    assert seen == [page.name for page in PAGES[1:]]


def test_fonts_and_colours_are_the_themes(qtbot: QtBot) -> None:
    theme = Theme(ThemeMode.DARK)
    window = HelpWindow(theme)
    qtbot.addWidget(window)
    window.go_to("out-of-turn")
    for mode in (ThemeMode.DARK, ThemeMode.LIGHT):
        theme.set_mode(mode)
        colors = {shape.foreground().color().name() for _, _, shape in shapes(window)}
        wanted = {theme.color(token).name() for token in ("text", "accent")}
        assert colors == wanted
        families = {QFontInfo(shape.font()).family() for _, _, shape in shapes(window)}
        assert families == {"Inter", "JetBrains Mono"}
        heading = shapes(window)[0][2].font()
        assert heading.pixelSize() == 20
    theme.set_mode(ThemeMode.DARK)


def test_nothing_is_loaded_and_no_address_opened_by_itself(window: HelpWindow) -> None:
    asked = QSignalSpy(window.external_link_asked)
    window.page.anchorClicked.emit(QUrl("https://rfc.zeromq.org/spec/28/"))
    window.page.anchorClicked.emit(QUrl("file:///etc/passwd"))
    window.page.anchorClicked.emit(QUrl("../../secret.md"))
    assert [asked.at(i)[0] for i in range(asked.count())] == ["https://rfc.zeromq.org/spec/28/"]
    assert title(window) == by_name(INDEX).title
    assert window.page.loadResource(2, QUrl("file:///etc/passwd")) is None
    assert not window.page.openLinks()
    assert not window.page.openExternalLinks()


def test_every_control_has_a_name(window: HelpWindow) -> None:
    for child in (window.search, window.list, window.page):
        assert child.accessibleName()


# ---- the desk -------------------------------------------------------------------------------


def test_there_is_one_help_window_and_it_shows_its_addresses(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    desk = HelpDesk(Theme(ThemeMode.DARK), parent)
    desk.show_page(Rule.SLOW_JOINER)
    desk.show_page(None)
    (window,) = parent.findChildren(HelpWindow)
    assert window.current is not None
    assert window.current.name == INDEX
    desk.show_page(format_page("majordomo"))
    assert window.current.title == "Majordomo"
    desk.show_page("zre")
    assert window.current.name == format_page("zre")
    desk.show_page("envelope-of-nobody")
    assert window.current.name == INDEX
    window.close()
    desk.show_page(Rule.REQ_WAITS)
    assert parent.findChildren(HelpWindow) == [window]
    assert window.isVisible()
    window.page.anchorClicked.emit(QUrl("https://rfc.zeromq.org/spec/28/"))
    box = window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.informativeText() == "https://rfc.zeromq.org/spec/28/"
    assert box.textFormat() is Qt.TextFormat.PlainText
    box.reject()
    QApplication.processEvents()
    window.close()
