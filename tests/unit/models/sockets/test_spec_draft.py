from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zmqscope.core.errors import SpecError
from zmqscope.core.spec import format_spec, parse_spec
from zmqscope.core.types import Endpoint, Role, SocketType
from zmqscope.models.sockets.spec_draft import (
    EndpointDraft,
    OptionDraft,
    Part,
    SpecDraft,
    TopicDraft,
    check_draft,
    draft_of,
    endpoint_note,
    group_words,
    parse_group,
    parse_topic,
    topic_draft,
    topic_note,
    topic_words,
)

GOOD = EndpointDraft(Role.CONNECT, "tcp://localhost:5556")


@pytest.mark.parametrize(
    "line",
    [
        "sub:tcp://localhost:5556,topic=EUR,name=quotes",
        "sub:tcp://localhost:5556",
        "sub:tcp://localhost:5556,topics=none",
        "sub:tcp://localhost:5556,topic=,topic=%FF%01",
        "xsub:tcp://localhost:5556",
        "push:@tcp://*:5557,sndhwm=1000",
        "dealer:tcp://a:1,@ipc:///tmp/x,identity=w%2C1,name=a%2Cb",
        "pair:inproc://ctl",
        "dish:tcp://localhost:5556,group=EUR,group=%FF%01",
        "dish:@udp://*:5556,group=",
        "dish:tcp://localhost:5556",
        "radio:udp://239.192.1.1:5556",
        "server:@ws://*:8080/feed,name=s",
    ],
)
def test_a_spec_survives_the_form(line: str) -> None:
    spec = parse_spec(line)
    check = check_draft(draft_of(spec))
    assert check.complete
    assert check.spec == spec
    assert check.typed == spec


def test_a_blank_form_is_incomplete_but_not_wrong() -> None:
    check = check_draft(SpecDraft())
    assert not check.complete
    assert check.problems == {}
    assert check.spec.subscriptions == (b"",)


def test_blank_rows_beside_a_good_one_do_not_count() -> None:
    check = check_draft(SpecDraft(endpoints=(GOOD, EndpointDraft()), options=(OptionDraft(),)))
    assert check.complete
    assert check.spec.endpoints == (Endpoint(Role.CONNECT, "tcp://localhost:5556"),)


def test_each_wrong_row_is_told_by_itself() -> None:
    draft = SpecDraft(
        endpoints=(GOOD, EndpointDraft(Role.CONNECT, "tcp://localhost")),
        topics=(TopicDraft("EUR"), TopicDraft("4", is_hex=True)),
        options=(OptionDraft("rcvhwm", "many"), OptionDraft("nonsense", "1")),
    )
    check = check_draft(draft)
    assert not check.complete
    assert set(check.problems) == {
        (Part.ENDPOINTS, 1),
        (Part.TOPICS, 1),
        (Part.OPTIONS, 0),
        (Part.OPTIONS, 1),
    }
    assert all(problem.hint for problem in check.problems.values())


def test_what_is_wrong_is_not_lost_from_the_line() -> None:
    draft = SpecDraft(
        endpoints=(GOOD, EndpointDraft(Role.BIND, "tcp://localhost:99999")),
        options=(OptionDraft("rcvhwm", "many"),),
    )
    line = format_spec(check_draft(draft).typed)
    assert line == "sub:tcp://localhost:5556,@tcp://localhost:99999,rcvhwm=many"


def test_a_repeated_row_is_told() -> None:
    check = check_draft(SpecDraft(endpoints=(GOOD, GOOD)))
    assert set(check.problems) == {(Part.ENDPOINTS, 1)}
    check = check_draft(
        SpecDraft(
            type=SocketType.DEALER,
            endpoints=(GOOD,),
            options=(OptionDraft("identity", "a"), OptionDraft("routing_id", "b")),
        )
    )
    assert set(check.problems) == {(Part.OPTIONS, 1)}


def test_the_type_decides_what_an_endpoint_and_an_option_are_good_for() -> None:
    draft = SpecDraft(
        type=SocketType.STREAM,
        endpoints=(EndpointDraft(Role.CONNECT, "inproc://x"),),
        options=(OptionDraft("sndhwm", "5"),),
    )
    assert (Part.ENDPOINTS, 0) in check_draft(draft).problems
    push = SpecDraft(type=SocketType.PUSH, endpoints=(GOOD,), options=(OptionDraft("rcvhwm", "5"),))
    assert (Part.OPTIONS, 0) in check_draft(push).problems


def test_topics_of_a_type_that_has_none_are_kept_but_not_used() -> None:
    draft = SpecDraft(SocketType.PUSH, endpoints=(GOOD,), topics=(TopicDraft("x", is_hex=True),))
    check = check_draft(draft)
    assert check.complete
    assert check.spec.subscriptions == ()


@given(st.binary(max_size=40))
def test_every_topic_can_be_typed(topic: bytes) -> None:
    assert parse_topic(topic_draft(topic)) == topic


@pytest.mark.parametrize("text", ["4", "4g", "45 5", "ä0"])
def test_hex_that_is_none_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(SpecError) as error:
        parse_topic(TopicDraft(text, is_hex=True))
    assert error.value.problem.hint


def test_groups_are_checked_and_put_in_words() -> None:
    assert parse_group(TopicDraft("EUR")) == b"EUR"
    for wrong in (TopicDraft("x" * 256), TopicDraft("61 00", is_hex=True)):
        with pytest.raises(SpecError) as error:
            parse_group(wrong)
        assert error.value.problem.hint
    with pytest.raises(SpecError, match="group"):
        parse_group(TopicDraft("\ud800"))
    assert group_words(b"") == "(empty)"
    assert group_words(b"\xff") == "hex ff"


def test_a_dish_without_a_group_is_told_that_nothing_comes() -> None:
    dish = SpecDraft(type=SocketType.DISH, endpoints=(GOOD,))
    assert check_draft(dish).spec.subscriptions == ()
    assert topic_note(dish) == "It receives nothing until it joins a group."
    joined = SpecDraft(type=SocketType.DISH, endpoints=(GOOD,), topics=(TopicDraft(),))
    assert check_draft(joined).spec.subscriptions == (b"",)
    assert topic_note(joined) == ""
    long = SpecDraft(type=SocketType.DISH, endpoints=(GOOD,), topics=(TopicDraft("x" * 256),))
    assert set(check_draft(long).problems) == {(Part.TOPICS, 0)}


def test_half_a_character_is_refused() -> None:
    with pytest.raises(SpecError):
        parse_topic(TopicDraft("\ud800"))


def test_topics_in_words() -> None:
    assert topic_words(b"") == "everything"
    assert topic_words(b"EUR") == "EUR"
    assert topic_words(b"\xff\x01") == "hex ff 01"
    assert topic_words("a\u202eb".encode()).startswith("hex ")


def test_notes_say_what_missing_rows_mean() -> None:
    assert "free port" in endpoint_note(SpecDraft())
    assert endpoint_note(SpecDraft(endpoints=(GOOD,))) == ""
    assert "datagrams" in endpoint_note(SpecDraft(type=SocketType.DGRAM))
    assert topic_note(SpecDraft()) == ""
    assert topic_note(SpecDraft(to_everything=False))
    assert topic_note(SpecDraft(type=SocketType.XSUB))
    assert topic_note(SpecDraft(topics=(TopicDraft(),)))
