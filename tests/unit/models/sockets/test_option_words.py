from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zmqscope.core import percent
from zmqscope.core.option_table import OPTIONS, Option, OptionGroup
from zmqscope.core.options import find_option, parse_option
from zmqscope.core.types import SocketType
from zmqscope.models.sockets.option_words import (
    changed_words,
    default_words,
    group_title,
    is_found,
    meaning_words,
    path_of,
    path_text,
    placeholder,
    scope_words,
    spoken_name,
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sndhwm", "default 1,000"),
        ("rcvhwm", "default 100,000"),
        ("maxmsgsize", "default −1"),
        ("immediate", "default off"),
        ("router_mandatory", "default on"),
        ("identity", ""),
        ("ipc_filter_uid", "default none"),
    ],
)
def test_defaults_are_those_of_this_app(name: str, words: str) -> None:
    assert default_words(find_option(name)) == words


def test_where_libzmq_has_another_default_it_is_told() -> None:
    assert meaning_words(find_option("rcvhwm")).endswith("libzmq’s own default is 1,000.")
    assert meaning_words(find_option("sndhwm")) == find_option("sndhwm").meaning


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_a_placeholder_is_something_one_could_type(option: Option) -> None:
    text = placeholder(option)
    if text not in ("", "none"):
        parse_option(option.name, text)


def test_units_are_spoken() -> None:
    assert spoken_name(find_option("sndhwm")) == "sndhwm, in messages"
    assert spoken_name(find_option("immediate")) == "immediate"


def test_groups_have_titles_and_count_what_is_set() -> None:
    assert all(group_title(group) for group in OptionGroup)
    assert [changed_words(count) for count in range(3)] == ["", "1 set", "2 set"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", True),
        ("HWM", True),
        ("blocks drops", True),
        ("messages", True),
        ("flow", True),
        ("hwm nonsense", False),
    ],
)
def test_each_word_is_searched_for(typed: str, found: bool) -> None:
    assert is_found(find_option("sndhwm"), typed) is found


def test_an_alias_finds_its_option() -> None:
    assert is_found(find_option("identity"), "routing_id")


@pytest.mark.parametrize(
    ("name", "kind", "schemes", "words"),
    [
        ("sndhwm", SocketType.PULL, ("tcp",), "Does nothing on a PULL."),
        ("tos", SocketType.SUB, ("tcp",), ""),
        ("tos", SocketType.SUB, ("tcp", "ipc", "ws"), "Does nothing over ipc:// and ws:// here."),
        ("tos", SocketType.SUB, (), "Only over tcp://."),
        ("wss_cert_pem", SocketType.SUB, ("tcp", "tcp"), "Does nothing over tcp:// here."),
        ("heartbeat_ivl", SocketType.SUB, (), ""),
    ],
)
def test_where_an_option_does_nothing_is_said(
    name: str, kind: SocketType, schemes: tuple[str, ...], words: str
) -> None:
    assert scope_words(find_option(name), kind, schemes) == words


@given(st.text().filter(lambda text: "\0" not in text))
def test_every_path_survives_the_spec(path: str) -> None:
    try:
        path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return
    assert path_of(path_text(path)) == path


def test_a_path_that_is_no_text_survives_too() -> None:
    word = percent.encode(b"/tmp/\xff.pem")
    assert path_text(path_of(word)) == word
    assert path_of("100%") == "100%"
