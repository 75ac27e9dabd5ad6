"""Messages that are taken by pyzmq, and what each says of who sent it."""

from __future__ import annotations

import zmq

from tests.rig import MakePeer
from tests.unit.engine.watch.rig import FOREVER_NS, ID, pair
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.types import SocketType
from zmqscope.engine.drain import Source
from zmqscope.engine.watch.reader import descriptor_of, facts_of, store, take


def test_what_a_message_says(make_peer: MakePeer) -> None:
    router, dealer = make_peer(zmq.ROUTER), make_peer(zmq.DEALER)
    port = router.bind_to_random_port("tcp://127.0.0.1")
    dealer.setsockopt(zmq.ROUTING_ID, b"\xff\x00name")
    dealer.connect(f"tcp://127.0.0.1:{port}")
    dealer.send_multipart([b"a", b"b"])
    assert router.poll(60_000)
    taken = take(router, 10, FOREVER_NS)
    (message,) = taken.messages()
    facts = facts_of(message, routes=True)
    assert facts is not None
    assert (facts.kind, facts.identity) == (SocketType.DEALER, b"\xff\x00name")
    assert (facts.address, facts.routing_id) == ("127.0.0.1", b"\xff\x00name")
    assert facts.descriptor > 0
    assert taken.emptied


def test_over_inproc_nothing_is_said(make_peer: MakePeer) -> None:
    pull, push = make_peer(zmq.PULL), make_peer(zmq.PUSH)
    pull.bind("inproc://silent")
    push.connect("inproc://silent")
    push.send(b"x")
    (message,) = take(pull, 1, FOREVER_NS).messages()
    assert facts_of(message, routes=False) is None


def test_bounds_and_whole_messages(make_peer: MakePeer) -> None:
    pull, push = pair(make_peer, zmq.PULL, zmq.PUSH)
    for number in range(6):
        push.send_multipart([b"%d" % number] * 3)
    assert pull.poll(60_000)
    seen: list[bytes] = []
    while len(seen) < 6:
        taken = take(pull, 2, FOREVER_NS)
        assert len(taken.counts) <= 2
        assert all(len(message) == 3 for message in taken.messages())
        seen += [message[0].bytes for message in taken.messages()]
    assert seen == [b"%d" % number for number in range(6)]
    assert len(take(pull, 5, 0).counts) == 0


def test_out_of_turn_is_no_failure(make_peer: MakePeer) -> None:
    req, _ = pair(make_peer, zmq.REQ, zmq.REP)
    taken = take(req, 1, FOREVER_NS)
    assert (taken.emptied, taken.errno) == (True, 0)
    push, _ = pair(make_peer, zmq.PUSH, zmq.PULL)
    assert take(push, 1, FOREVER_NS).errno == zmq.ENOTSUP


def test_they_are_captured_like_any_others(make_peer: MakePeer) -> None:
    capture = CaptureStore(1 << 20)
    pull, push = pair(make_peer, zmq.PULL, zmq.PUSH)
    push.send_multipart([b"topic", b"body"])
    assert pull.poll(60_000)
    source = Source(pull, ID, TopicRule.ALWAYS)
    result = store(source, take(pull, 9, FOREVER_NS), capture, 0)
    assert (result.messages, result.refused, result.emptied) == (1, 0, True)
    message = capture.message(capture.first_row)
    assert message is not None
    assert message.frames == (b"topic", b"body")
    assert capture.counters.of(ID).received.messages == 1
    assert store(source, take(pull, 9, FOREVER_NS), capture, 0).messages == 0


def test_what_a_rep_takes_off_does_not_hide_the_connection(make_peer: MakePeer) -> None:
    rep, req = pair(make_peer, zmq.REP, zmq.REQ)
    req.send(b"question")
    assert rep.poll(60_000)
    (message,) = take(rep, 1, FOREVER_NS).messages()
    facts = facts_of(message, routes=False)
    assert facts is not None
    assert facts.kind is SocketType.REQ
    assert facts.descriptor == descriptor_of(message[0])
