from dataclasses import replace

import pytest

from tests.composer_rig import ComposerRig
from zmqscope.core.errors import UserError
from zmqscope.core.types import Problem, SocketId, SocketState, SocketType, Turn
from zmqscope.models.composer.composer import ComposerModel, script_from
from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat
from zmqscope.models.composer.send_pattern import Obstacle


@pytest.fixture
def rig() -> ComposerRig:
    return ComposerRig()


@pytest.fixture
def model(rig: ComposerRig) -> ComposerModel:
    return ComposerModel(rig.store, rig.controller)


def write(model: ComposerModel, *texts: str) -> None:
    model.message.replace_all([FrameDraft(text=text) for text in texts])


def texts(model: ComposerModel) -> list[str]:
    return [draft.text for draft in model.message.drafts]


def line(model: ComposerModel) -> str:
    report = model.reports.line(model.socket_id)
    return report.text if report is not None else ""


def test_each_socket_keeps_its_own_draft(rig: ComposerRig, model: ComposerModel) -> None:
    pub, push = rig.open(SocketType.PUB), rig.open(SocketType.PUSH)
    model.set_socket(pub)
    assert texts(model) == ["", ""]
    write(model, "EUR", "1.08")
    model.set_socket(push)
    assert texts(model) == [""]
    write(model, "work")
    model.set_socket(pub)
    assert texts(model) == ["EUR", "1.08"]
    model.set_socket(push)
    assert texts(model) == ["work"]


def test_a_removed_socket_takes_its_draft_along(rig: ComposerRig, model: ComposerModel) -> None:
    push = rig.open(SocketType.PUSH)
    model.set_socket(push)
    write(model, "work")
    rig.remove(push)
    assert model.socket_id is None
    assert model.obstacle is Obstacle.NO_SOCKET
    assert texts(model) == [""]


def test_an_unknown_socket_is_none(model: ComposerModel) -> None:
    model.set_socket(SocketId(99))
    assert model.socket_id is None
    assert model.kind is None
    assert model.turn is Turn.FREE
    assert model.routing_ids() == []


def test_sending_hands_the_frames_over_and_keeps_them(
    rig: ComposerRig, model: ComposerModel
) -> None:
    push = rig.open(SocketType.PUSH)
    model.set_socket(push)
    write(model, "a", "bc")
    assert model.send()
    assert rig.recorder.sent[0][1:] == (push, (b"a", b"bc"))
    assert texts(model) == ["a", "bc"]
    rig.report()
    assert line(model).startswith("Sent 2 frames, 3 B at ")


def test_reports_belong_to_their_socket(rig: ComposerRig, model: ComposerModel) -> None:
    first, second = rig.open(SocketType.PUSH), rig.open(SocketType.PUSH)
    model.set_socket(first)
    model.send()
    model.set_socket(second)
    rig.report(accepted=False, problem=Problem("Nobody.", "Wait."))
    assert line(model) == ""
    model.set_socket(first)
    assert line(model).endswith("Nobody. Wait.")


def test_what_cannot_be_sent_is_said(rig: ComposerRig, model: ComposerModel) -> None:
    assert not model.send()
    assert line(model) == "Not sent. No socket is chosen. Choose one in the list to send from it."
    router = rig.open(SocketType.ROUTER)
    model.set_socket(router)
    assert not model.send()
    assert "has to name the peer" in line(model)
    model.message.set_draft(0, FrameDraft(FrameFormat.HEX, "00 6"))
    assert not model.send()
    assert not model.start_repeat(1.0)
    assert line(model).startswith("Not sent. Frame 1: The hex digit 6 at position 4")
    assert rig.recorder.sent == []
    assert rig.recorder.started == []
    assert model.desks.history() == ()


def test_a_req_waits_for_its_reply(rig: ComposerRig, model: ComposerModel) -> None:
    req = rig.open(SocketType.REQ)
    rig.set_turn(req, Turn.MAY_SEND)
    model.set_socket(req)
    told: list[Obstacle] = []
    model.obstacle_changed.connect(lambda: told.append(model.obstacle))
    assert model.blocker() is None
    assert model.send()
    rig.store.counters.of(req).turn = Turn.AWAITS_REPLY
    rig.report()
    assert model.obstacle is Obstacle.AWAITS_REPLY
    assert not model.send()
    rig.set_turn(req, Turn.MAY_SEND)
    assert told == [Obstacle.AWAITS_REPLY, Obstacle.NONE]


def test_a_rep_answers_the_request_it_holds(rig: ComposerRig, model: ComposerModel) -> None:
    rep = rig.open(SocketType.REP)
    rig.set_turn(rep, Turn.AWAITS_REQUEST)
    model.set_socket(rep)
    assert model.obstacle is Obstacle.AWAITS_REQUEST
    rig.set_turn(rep, Turn.HOLDS_REQUEST)
    assert model.blocker() is None


def test_a_closed_socket_is_reopened(rig: ComposerRig, model: ComposerModel) -> None:
    push = rig.open(SocketType.PUSH, state=SocketState.CLOSED)
    model.set_socket(push)
    told: list[Obstacle] = [model.obstacle]
    model.obstacle_changed.connect(lambda: told.append(model.obstacle))
    model.reopen_socket()
    assert rig.recorder.reopened == [push]
    rig.show(replace(rig.recorder.snapshots[push], state=SocketState.CONNECTED))
    assert told == [Obstacle.CLOSED, Obstacle.NONE]


def test_a_message_that_a_socket_cannot_send_moves_to_the_one_chosen(
    rig: ComposerRig, model: ComposerModel
) -> None:
    sub, pub = rig.open(SocketType.SUB), rig.open(SocketType.PUB)
    model.set_socket(pub)
    write(model, "being", "written")
    model.set_socket(sub)
    model.load((b"EUR", b"{}"))
    model.choose_socket(pub)
    assert texts(model) == ["EUR", "{}"]
    model.desks.previous()
    assert texts(model) == ["being", "written"]
    model.set_socket(sub)
    assert texts(model) == [""]
    model.choose_socket(pub)
    assert texts(model) == ["being", "written"]


def test_loaded_frames_replace_what_is_written_without_losing_it(
    rig: ComposerRig, model: ComposerModel
) -> None:
    model.set_socket(rig.open(SocketType.ROUTER))
    write(model, "id", "draft")
    model.load((b"\x00kEg", b"", b'{"ok": true}'))
    assert [draft.format for draft in model.message.drafts] == [
        FrameFormat.HEX,
        FrameFormat.TEXT,
        FrameFormat.JSON,
    ]
    assert model.message.data() == (b"\x00kEg", b"", b'{"ok": true}')
    model.clear()
    assert texts(model) == ["", ""]
    model.desks.previous()
    assert texts(model) == ["00 6b 45 67", "", '{"ok": true}']
    model.desks.previous()
    assert texts(model) == ["id", "draft"]


def test_sent_messages_are_called_back(rig: ComposerRig, model: ComposerModel) -> None:
    model.set_socket(rig.open(SocketType.PUSH))
    for text in ("one", "two"):
        write(model, text)
        model.send()
    write(model, "three, unsent")
    model.desks.previous()
    assert texts(model) == ["two"]
    model.desks.previous()
    model.desks.previous()
    assert texts(model) == ["one"]
    model.desks.next()
    model.desks.next()
    assert texts(model) == ["three, unsent"]
    model.desks.recall(0)
    assert texts(model) == ["one"]
    assert len(model.desks.history()) == 2


def test_routing_ids_are_those_seen_before(rig: ComposerRig, model: ComposerModel) -> None:
    router = rig.open(SocketType.ROUTER)
    rig.receive(router, b"w1", b"hello")
    rig.receive(router, b"\x00kEg", b"hello")
    model.set_socket(router)
    assert model.routing_ids() == [b"\x00kEg", b"w1"]


def test_groups_are_those_sent_to_and_those_joined_here(
    rig: ComposerRig, model: ComposerModel
) -> None:
    rig.open(SocketType.DISH, options=",group=USD,group=EUR")
    model.set_socket(rig.open(SocketType.RADIO))
    assert model.heads() == [b"USD", b"EUR"]
    for group in ("CHF", "EUR"):
        write(model, group, "1.08")
        assert model.send()
    assert model.heads() == [b"EUR", b"CHF", b"USD"]


def test_a_message_of_several_frames_is_not_sent_from_a_draft_type(
    rig: ComposerRig, model: ComposerModel
) -> None:
    model.set_socket(rig.open(SocketType.CLIENT))
    write(model, "one", "two")
    assert not model.send()
    line = model.reports.line(model.socket_id)
    assert line is not None
    assert "several frames" in line.text


def test_a_subscription_is_written_as_a_message(rig: ComposerRig, model: ComposerModel) -> None:
    model.set_socket(rig.open(SocketType.XSUB))
    model.write_subscription(b"EUR", cancel=False)
    assert model.message.data() == (b"\x01EUR",)
    model.write_subscription("Grüße".encode(), cancel=True)
    assert model.message.data() == (b"\x00" + "Grüße".encode(),)


def test_repeating_starts_and_stops(rig: ComposerRig, model: ComposerModel) -> None:
    pub = rig.open(SocketType.PUB)
    model.set_socket(pub)
    write(model, "EUR", "1.08")
    assert not model.stop_repeat()
    assert model.start_repeat(0.5)
    job_id, socket_id, frames, interval_s = rig.recorder.started[0]
    assert (socket_id, frames, interval_s) == (pub, (b"EUR", b"1.08"), 0.5)
    assert model.stop_repeat()
    assert rig.recorder.stopped == [job_id]
    assert len(model.desks.history()) == 1


def test_sockets_that_can_send_are_offered_first(rig: ComposerRig, model: ComposerModel) -> None:
    sub, pub = rig.open(SocketType.SUB), rig.open(SocketType.PUB)
    assert [socket.socket_id for socket in model.sockets()] == [pub, sub]


def test_a_script_is_made_or_refused_with_the_reason(
    rig: ComposerRig, model: ComposerModel
) -> None:
    with pytest.raises(UserError, match="No socket is chosen"):
        script_from(model)
    model.set_socket(rig.open(SocketType.SUB))
    with pytest.raises(UserError, match="only receives"):
        script_from(model)
    model.set_socket(rig.open(SocketType.PUSH))
    model.message.set_draft(0, FrameDraft(FrameFormat.JSON, "{"))
    with pytest.raises(UserError, match="Frame 1: "):
        script_from(model)
    model.message.set_text(0, "{}")
    assert "socket = context.socket(zmq.PUSH)" in script_from(model)


def test_a_script_needs_no_open_socket(rig: ComposerRig, model: ComposerModel) -> None:
    model.set_socket(rig.open(SocketType.PUSH, state=SocketState.CLOSED))
    write(model, "work")
    assert 'b"work"' in script_from(model)
