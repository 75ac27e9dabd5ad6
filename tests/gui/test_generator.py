"""The generator's window, the ways to it, and its loads in the composer's list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from tests.composer_rig import ComposerRig
from zmqscope.core.load import CounterFormat, CounterSpec, LoadEnd
from zmqscope.core.types import Problem, SocketState, SocketType
from zmqscope.models.composer.frame_draft import FrameDraft
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.composer.job_list import JobLabel, JobList
from zmqscope.ui.composer.panel import ComposerPanel
from zmqscope.ui.composer.repeat_popup import RepeatPopup
from zmqscope.ui.generator.count_choice import CountChoice
from zmqscope.ui.generator.counter_form import CounterForm
from zmqscope.ui.generator.counter_preview import CounterPreview
from zmqscope.ui.generator.dialog import GeneratorDialog
from zmqscope.ui.generator.load_figures import LoadFigures
from zmqscope.ui.generator.numbers import NumberBox
from zmqscope.ui.sockets.data_field import DataField
from zmqscope.ui.sockets.labels import WrappedLabel
from zmqscope.ui.theme import Theme, ThemeMode

W = TypeVar("W", bound=QWidget)


class Generator(ComposerRig):
    """A composer in a window, and its generator."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__()
        self.qtbot = qtbot
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        self.panel = ComposerPanel(self.store, self.controller, self.theme, self.actions)
        qtbot.addWidget(self.panel)
        self.panel.resize(420, 400)
        self.panel.show()

    def choose(self, kind: SocketType, *texts: str, state: SocketState | None = None) -> None:
        """Open a socket and write a message for it."""
        self.panel.set_socket(self.open(kind, state=state))
        self.panel.model.message.replace_all([FrameDraft(text=text) for text in texts])

    def bring_up(self) -> GeneratorDialog:
        """Open the generator as the menu does."""
        self.actions.qaction("send.generate").trigger()
        self.qtbot.waitUntil(self.dialog.isActiveWindow)
        return self.dialog

    @property
    def dialog(self) -> GeneratorDialog:
        found = self.panel.window().findChild(GeneratorDialog)
        assert isinstance(found, GeneratorDialog)
        return found

    def button(self, name: str) -> QAbstractButton:
        """A button of the dialog by its text or accessible name."""
        for button in self.dialog.findChildren(QAbstractButton):
            if name in (button.text(), button.accessibleName()):
                return button
        raise AssertionError(name)

    def click(self, name: str) -> None:
        self.button(name).click()

    def words(self) -> str:
        label = self.dialog.findChildren(WrappedLabel)[-1]
        assert isinstance(label, WrappedLabel)
        return label.words

    def figures(self) -> str:
        return part(self.dialog, LoadFigures).accessibleName()

    def number_box(self, name: str) -> NumberBox:
        return next(b for b in self.dialog.findChildren(NumberBox) if b.accessibleName() == name)


def part(parent: QWidget, kind: type[W]) -> W:
    """The first child of a kind."""
    found = parent.findChild(kind)
    assert isinstance(found, kind)
    return found


def enter(field: NumberBox, text: str) -> None:
    """Type over what stands there, and leave."""
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Tab)


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Generator]:
    made = Generator(qtbot)
    yield made
    made.panel.window().close()


def test_it_starts_and_stops_what_was_chosen(rig: Generator) -> None:
    rig.choose(SocketType.PUSH, "0123456789abcdef")
    rig.bring_up()
    assert rig.figures() == "Nothing has been sent yet."
    rig.click("100 k/s")
    rig.click("A number of messages")
    rig.click("Number the messages")
    rig.click("Start")
    ((job_id, _, plan),) = rig.recorder.loads
    assert (plan.rate_per_s, plan.count) == (100_000.0, 1_000_000)
    assert plan.counter == CounterSpec(0, 0)
    rig.report_load(sent=499_000, seconds=5.0, rate_per_s=99_800.0, blocked_s=0.003)
    assert rig.figures() == (
        "running: 99.8 k/s of 100 k/s. 499,000 sent · 8.0 MB · 5 s · blocked 3 ms"
    )
    rig.click("Stop")
    assert rig.recorder.stopped == [job_id]
    assert not rig.button("Stop").isEnabled()
    rig.report_load(sent=500_000, seconds=5.01, end=LoadEnd.STOPPED)
    assert rig.figures().startswith("stopped: 99.8 k/s of 100 k/s. 500,000 sent")
    assert rig.button("Start").isEnabled()


def test_any_rate_can_be_typed(rig: Generator) -> None:
    rig.choose(SocketType.PUSH, "x")
    model = rig.bring_up().model
    field = rig.number_box("Messages a second")
    for typed, rate in (("2500", 2_500.0), ("12.5k", 12_500.0), ("2 M", 2e6), ("1,500", 1_500.0)):
        enter(field, typed)
        assert model.rate_per_s == rate
    assert not rig.button("1 k/s").isChecked()
    rig.click("1 k/s")
    assert (model.rate_per_s, field.text()) == (1_000.0, "1,000")
    rig.click("Flat out")
    assert model.rate_per_s is None
    assert not field.isEnabled()
    rig.click("Flat out")
    assert rig.button("Flat out").isChecked()


def test_nonsense_is_no_number(rig: Generator) -> None:
    rig.choose(SocketType.PUSH, "x")
    model = rig.bring_up().model
    field = rig.number_box("Messages a second")
    enter(field, "k.,k")
    assert model.rate_per_s == 1_000.0


def test_a_typed_count_is_meant(rig: Generator) -> None:
    rig.choose(SocketType.PUSH, "x")
    model = rig.bring_up().model
    field = rig.number_box("Messages in all")
    enter(field, "250k")
    assert model.count == 250_000
    rig.click("until stopped")
    assert model.count is None
    assert part(rig.dialog, CountChoice).isVisible()


def test_the_counter_is_shown_where_it_goes(rig: Generator) -> None:
    rig.choose(SocketType.PUSH, "topic", "0123456789abcdef")
    model = rig.bring_up().model
    preview = part(rig.dialog, CounterPreview)
    assert preview.accessibleName() == "All messages are the same."
    rig.click("Number the messages")
    assert preview.accessibleName().startswith("[00 00 00 00 00 00 00 00]38 39 61")
    form = part(rig.dialog, CounterForm)
    kinds = {box.accessibleName(): box for box in form.findChildren(QComboBox)}
    choose(kinds["Counter: Format"], CounterFormat.DECIMAL)
    boxes = {box.accessibleName(): box for box in form.findChildren(QSpinBox)}
    boxes["Counter: First byte"].setValue(6)
    boxes["Counter: Digits"].setValue(4)
    start = part(form, DataField)
    start.selectAll()
    QTest.keyClicks(start, "41")
    assert model.counter == CounterSpec(1, 6, CounterFormat.DECIMAL, 4, 41)
    assert preview.accessibleName() == "…2345[0041]abcdef …2345[0042]abcdef"
    start.selectAll()
    QTest.keyClicks(start, "x")
    assert "cannot begin there" in rig.words()
    assert not rig.button("Start").isEnabled()
    start.selectAll()
    QTest.keyClicks(start, "7")
    choose(kinds["Counter: Frame"], 0)
    assert model.counter.frame == 0
    assert preview.accessibleName() == "Frame 1 is 5 B too short for it."
    rig.click("Make room")
    assert preview.accessibleName().startswith("…pic0[0007]")


def choose(box: QComboBox, value: object) -> None:
    """Choose an entry as a person does."""
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_the_frames_to_choose_from_are_those_of_the_message(rig: Generator) -> None:
    rig.choose(SocketType.PUSH, "a", "b", "c")
    rig.bring_up()
    box = part(part(rig.dialog, CounterForm), QComboBox)
    assert [box.itemText(i) for i in range(box.count())] == ["frame 1", "frame 2", "frame 3"]
    rig.panel.model.message.remove(2)
    assert (box.count(), box.currentText()) == (2, "frame 2")


@pytest.mark.parametrize(
    ("kind", "words"),
    [(SocketType.REP, "takes turns"), (SocketType.SUB, "only receives")],
)
def test_it_says_why_it_cannot_start(rig: Generator, kind: SocketType, words: str) -> None:
    rig.choose(kind, "x")
    rig.bring_up()
    assert words in rig.words()
    start = rig.button("Start")
    assert not start.isEnabled()
    assert words in start.toolTip()


def test_without_a_socket_it_tells_to_choose_one(rig: Generator) -> None:
    rig.bring_up()
    assert rig.words() == "No socket is chosen. Choose one in the list to send from it."
    assert not rig.button("Start").isEnabled()


def test_what_one_should_know_and_what_holds_it_up(rig: Generator) -> None:
    rig.choose(SocketType.PUB, "quotes")
    rig.bring_up()
    assert rig.words() == ""
    rig.click("Flat out")
    assert "A PUB waits for nobody" in rig.words()
    rig.click("Start")
    dropped = Problem("Dropped: nobody is connected.", "A PUB keeps nothing.")
    rig.report_load(sent=10, seconds=1.0, rate_per_s=10.0, problem=dropped)
    assert rig.words() == "Dropped: nobody is connected. A PUB keeps nothing."
    rig.report_load(sent=20, seconds=2.0, rate_per_s=10.0)
    assert rig.words() == ""
    closed = Problem("The socket was closed.", "Reopen it and start again.")
    rig.report_load(sent=20, seconds=2.0, end=LoadEnd.FAILED, problem=closed)
    assert rig.words() == closed.sentence()


def test_it_follows_the_chosen_socket(rig: Generator) -> None:
    rig.choose(SocketType.PUSH, "x")
    rig.bring_up()
    rig.click("Start")
    rig.report_load(sent=5, seconds=1.0, rate_per_s=1_000.0)
    assert rig.button("Stop").isEnabled()
    rig.choose(SocketType.PUB, "x")
    assert rig.figures() == "Nothing has been sent yet."
    assert rig.button("Start").isEnabled()


def test_nothing_moves_when_words_come_and_go(rig: Generator) -> None:
    rig.choose(SocketType.PUSH, "hello")
    dialog = rig.bring_up()
    rig.qtbot.waitExposed(dialog)
    size = dialog.size()
    place = rig.button("Start").pos()
    rig.click("Number the messages")
    rig.click("Flat out")
    rig.click("Make room")
    rig.click("Start")
    rig.report_load(sent=5, seconds=3.0, problem=Problem("Not sent. " * 9, "Wait. " * 9))
    rig.qtbot.wait(0)
    assert dialog.size() == size
    assert rig.button("Stop").pos() == place


@pytest.mark.parametrize("mode", [ThemeMode.DARK, ThemeMode.LIGHT])
def test_it_is_drawn_in_every_state(rig: Generator, mode: ThemeMode) -> None:
    rig.theme.set_mode(mode)
    rig.choose(SocketType.PUSH, "topic", "0123456789")
    dialog = rig.bring_up()
    rig.click("Number the messages")
    dialog.grab()
    rig.click("A number of messages")
    rig.click("Start")
    for changes in ({"sent": 5}, {"end": LoadEnd.COMPLETE}, {"end": LoadEnd.FAILED}):
        rig.report_load(**changes)
        dialog.grab()
        rig.panel.grab()


# ---- the ways to it, and the list -----------------------------------------------------------


def test_closing_it_stops_nothing_and_it_comes_back(rig: Generator) -> None:
    rig.choose(SocketType.PUSH, "x")
    dialog = rig.bring_up()
    rig.click("Start")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert rig.recorder.stopped == []
    assert rig.bring_up() is dialog
    assert dialog.isVisible()


def test_the_repeat_popup_leads_to_it(rig: Generator) -> None:
    rig.choose(SocketType.PUSH, "x")
    popup = part(rig.panel, RepeatPopup)
    link = next(b for b in popup.findChildren(QAbstractButton) if "generate" in b.text())
    link.click()
    assert rig.dialog.isVisible()


def test_loads_stand_in_the_list_of_jobs(rig: Generator) -> None:
    rig.choose(SocketType.PUSH, "x")
    model = rig.panel.model
    assert model.start_repeat(1.0)
    rig.bring_up()
    rig.click("Start")
    rig.report_load(sent=1_234, seconds=2.0, rate_per_s=998.0)
    jobs = part(rig.panel, JobList)
    labels = [part(row, JobLabel).accessibleName() for row in jobs.rows]
    assert labels[1] == "push 1 · 1 k/s. 998/s · 1,234 sent. x"
    stop = next(
        b for b in jobs.rows[1].findChildren(QAbstractButton) if b.accessibleName().startswith("St")
    )
    stop.click()
    assert rig.recorder.stopped == [rig.recorder.loads[0][0]]
    rig.report_load(sent=2_000, seconds=2.0, end=LoadEnd.STOPPED)
    dismiss = next(
        b for b in jobs.rows[1].findChildren(QAbstractButton) if b.accessibleName().startswith("Di")
    )
    rig.qtbot.waitUntil(dismiss.isVisible)
    dismiss.click()
    assert [line.snapshot.running for line in model.jobs.lines] == [True]
    assert model.loads.lines == ()


def test_stopping_the_repeat_leaves_the_load_alone(rig: Generator) -> None:
    rig.choose(SocketType.PUSH, "x")
    rig.bring_up()
    rig.click("Start")
    assert not rig.panel.model.stop_repeat()
    snapshot = rig.panel.model.socket
    assert snapshot is not None
    rig.show(replace(snapshot, state=SocketState.CLOSED))
    assert rig.panel.model.loads.lines[0].snapshot.running
