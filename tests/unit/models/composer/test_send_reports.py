import re

import pytest

from tests.composer_rig import ComposerRig
from zmqscope.core.types import Problem, RequestId, SendReport, SocketId, SocketType
from zmqscope.models.composer.send_reports import SendReports

TIME = r"\d\d:\d\d:\d\d\.\d\d\d"


@pytest.fixture
def rig() -> ComposerRig:
    return ComposerRig()


def test_a_send_is_reported_in_one_line(rig: ComposerRig) -> None:
    reports, socket_id = SendReports(rig.controller), rig.open(SocketType.PUSH)
    told: list[SocketId] = []
    reports.changed.connect(told.append)
    assert reports.line(socket_id) is None
    reports.send(socket_id, (b"a" * 8, b"", b"b" * 64))
    assert told == []
    rig.report()
    line = reports.line(socket_id)
    assert line is not None
    assert re.fullmatch(f"Sent 3 frames, 72 B at {TIME}", line.text)
    assert line.tone == "received"
    assert told == [socket_id]
    reports.send(socket_id, (b"x",))
    rig.report()
    line = reports.line(socket_id)
    assert line is not None
    assert re.fullmatch(f"Sent 1 frame, 1 B at {TIME}", line.text)


@pytest.mark.parametrize(("accepted", "tone"), [(True, "waiting"), (False, "broken")])
def test_a_problem_is_said_with_its_hint(rig: ComposerRig, accepted: bool, tone: str) -> None:
    reports, socket_id = SendReports(rig.controller), rig.open(SocketType.PUB)
    reports.send(socket_id, (b"x",))
    rig.report(accepted=accepted, problem=Problem("Nobody is there.", "Wait for a peer."))
    line = reports.line(socket_id)
    assert line is not None
    assert re.fullmatch(f"{TIME} · Nobody is there. Wait for a peer.", line.text)
    assert line.tone == tone


def test_a_refusal_without_a_reason_is_said_too(rig: ComposerRig) -> None:
    reports, socket_id = SendReports(rig.controller), rig.open(SocketType.PUB)
    reports.send(socket_id, (b"x",))
    rig.report(accepted=False)
    line = reports.line(socket_id)
    assert line is not None
    assert line.text.endswith("libzmq did not take the message.")


def test_reports_of_others_are_ignored(rig: ComposerRig) -> None:
    reports, socket_id = SendReports(rig.controller), rig.open(SocketType.PUB)
    rig.recorder.send_finished.emit(SendReport(RequestId(99), socket_id, True))
    assert reports.line(socket_id) is None


def test_a_removed_socket_has_no_line(rig: ComposerRig) -> None:
    reports, socket_id = SendReports(rig.controller), rig.open(SocketType.PUB)
    reports.tell(socket_id, "words", "muted")
    rig.remove(socket_id)
    assert reports.line(socket_id) is None
