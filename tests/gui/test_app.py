"""The whole app in this process: stages, actions, and the way out."""

from __future__ import annotations

import json
import linecache
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from zmqscope.bootstrap.app import App
from zmqscope.bootstrap.workbench import Workbench
from zmqscope.cli import parse_arguments
from zmqscope.core.diagnosis.finding import Finding, Fix, FixKind, Rule
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import Severity
from zmqscope.ui.docks import PanelDock, PanelId
from zmqscope.ui.doctor.help_window import HelpWindow
from zmqscope.ui.statusbar import FindingsButton


class Running:
    """The app, and its workbench once it is there."""

    def __init__(self, qapp: QApplication, arguments: list[str]) -> None:
        self.benches: list[Workbench] = []
        self.app = App(qapp, parse_arguments(arguments), self.benches.append)

    @property
    def bench(self) -> Workbench:
        return self.benches[0]

    def is_complete(self) -> bool:
        return bool(self.benches) and self.bench.rates is not None


@pytest.fixture
def a_source_was_read() -> None:
    """As PySide does with each module that is imported after it."""
    assert linecache.getline(__file__, 1)


@pytest.fixture
def running(qtbot: QtBot, dressed: QApplication, tmp_path: Path) -> Iterator[Running]:
    made = Running(
        dressed,
        [
            "--settings", str(tmp_path / "settings.ini"), "--report", str(tmp_path / "report.json"),
            "pair:@inproc://here,name=left", "pair:inproc://here,name=right",
        ],
    )  # fmt: skip
    qtbot.addWidget(made.app.window)
    made.app.start()
    qtbot.waitUntil(made.is_complete)
    yield made
    made.app.on_quit_triggered()


@pytest.mark.usefixtures("a_source_was_read", "running")
def test_sources_of_modules_are_not_kept_in_memory() -> None:
    assert __file__ not in linecache.cache


def test_every_action_has_menu_shortcut_and_words(running: Running) -> None:
    actions = running.app.actions.actions()
    assert len(actions) > 60
    for action in actions:
        assert action.menu, action.id
        assert action.shortcut, action.id
        assert action.title, action.id


def test_messages_go_through_every_floor_and_into_the_report(
    qtbot: QtBot, running: Running, tmp_path: Path
) -> None:
    bench = running.bench
    left = next(iter(bench.controller.snapshots))
    qtbot.waitUntil(lambda: bench.controller.snapshots[left].peer_count == 1)
    bench.controller.send(left, (b"topic", b'{"n":1}'))
    qtbot.waitUntil(lambda: bench.store.end_row == 2)
    qtbot.waitUntil(lambda: bench.messages.model.rowCount() == 2)
    running.app.on_quit_triggered()
    assert running.app.engine_stopped
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["captured"] == {"messages": 2, "bytes": 24, "frames": 4}
    assert [s["name"] for s in report["sockets"]] == ["left", "right"]
    assert report["sockets"][0]["sent"] == {"messages": 1, "bytes": 12}
    assert report["sockets"][1]["received"] == {"messages": 1, "bytes": 12}
    assert report["drain"] == bench.controller.drain.name
    assert report["ledger"]["missing_on_wire"] is None


def test_a_topic_leads_to_its_newest_message(qtbot: QtBot, running: Running) -> None:
    bench = running.bench
    left = bench.controller.open_socket(parse_spec("pub:@inproc://topics"))
    right = bench.controller.open_socket(parse_spec("sub:inproc://topics"))
    qtbot.waitUntil(lambda: bench.controller.snapshots[left].peer_count == 1)
    for topic in (b"here", b"here", b"there"):
        bench.controller.send(left, (topic, b"payload"))
    qtbot.waitUntil(lambda: bench.store.end_row == 6)
    running.app.actions.qaction("view.topics.find").trigger()
    topics = bench.topics
    qtbot.waitUntil(lambda: topics.isVisible() and topics.model.rowCount() == 4)
    keys = {topic: topics.model.key(topic) for topic in range(2, 6)}
    wanted = next(t for t, key in keys.items() if (key.name, key.socket_id) == (b"here", right))
    topics.view.select(topics.model.index_of(wanted))
    running.app.actions.qaction("view.topics.newest").trigger()
    shown = bench.inspector.message
    assert shown is not None
    assert shown.message.frames == (b"here", b"payload")
    assert shown.message.socket_id == right
    assert bench.messages.view.activated_row == shown.message.row
    running.app.actions.qaction("view.topics.show_only").trigger()
    assert bench.messages.model.choice.only == right


def test_findings_lead_to_composer_peers_and_help(qtbot: QtBot, running: Running) -> None:
    bench, window = running.bench, running.app.window
    left, right = bench.controller.snapshots
    bench.sockets.select(left)
    fixes = (Fix(FixKind.COMPOSE), Fix(FixKind.SHOW_PEERS))
    found = Finding(right, Rule.SLOW_JOINER, Severity.INFO, "It was too early.", "Wait.", fixes)
    bench.controller.findings_changed.emit((found,))
    button = window.ledger.findChild(FindingsButton)
    assert isinstance(button, FindingsButton)
    assert button.text() == "1 finding"
    write, peers, why = bench.sockets.strip.cards[0].links
    write.click()
    assert bench.sockets.selected == right
    assert bench.composer.model.socket_id == right
    peers.click()
    dock = window.findChild(PanelDock, PanelId.PEERS.value)
    assert isinstance(dock, PanelDock)
    qtbot.waitUntil(lambda: not dock.visibleRegion().isEmpty())
    why.click()
    page = window.findChild(HelpWindow)
    assert isinstance(page, HelpWindow)
    assert page.current is not None
    assert page.current.name == "slow-joiner"
    running.app.actions.qaction("help.doctor").trigger()
    assert page.current.name == "index"
    running.app.actions.qaction("help.formats").trigger()
    assert page.current.name == "envelope-index"
    bench.inspector.help_requested.emit("majordomo")
    assert page.current.name == "envelope-majordomo"
    page.close()
    bench.controller.findings_changed.emit(())
    assert not button.isVisible()


def test_quit_twice_and_quit_before_the_engine(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    early = Running(dressed, ["--settings", str(tmp_path / "s.ini")])
    qtbot.addWidget(early.app.window)
    early.app.start()
    early.app.on_quit_triggered()
    early.app.on_quit_triggered()
    assert early.app.exit_status == 0
    assert early.benches == []
    assert not [t for t in threading.enumerate() if t.name.startswith("zmqscope")]
    assert capsys.readouterr().err == ""
