from __future__ import annotations

from zmqscope.core.diagnosis.finding import Finding, Rule
from zmqscope.core.types import Severity, SocketId, SocketSnapshot, SocketSpec, SocketState
from zmqscope.core.types import SocketType as Kind
from zmqscope.models.doctor import finding_words
from zmqscope.models.sockets import socket_words


def finding(number: int, severity: Severity, since: int = 0, rule: Rule = Rule.FLAPPING) -> Finding:
    return Finding(SocketId(number), rule, severity, "It flaps.", "Because.", since_ns=since)


SNAPSHOT = SocketSnapshot(SocketId(1), SocketSpec(Kind.SUB, name="quotes"), SocketState.CONNECTED)
NOTE, WARNING, ERROR = (finding(1, severity) for severity in Severity)


def test_severities_differ_in_icon_colour_and_word() -> None:
    looks = [finding_words.look(severity) for severity in Severity]
    assert [look.token for look in looks] == ["accent", "waiting", "broken"]
    assert len({look.icon for look in looks}) == 3
    assert len({finding_words.severity_words(severity) for severity in Severity}) == 3


def test_titles_name_the_socket_if_there_is_one() -> None:
    assert finding_words.title(NOTE, SNAPSHOT) == "quotes: It flaps."
    assert finding_words.title(NOTE, None) == "It flaps."


def test_counts() -> None:
    assert finding_words.count_words(1) == "1 finding"
    assert finding_words.count_words(1_200) == "1,200 findings"


def test_the_order_is_the_same_whatever_comes_first() -> None:
    all_of_them = [
        finding(1, Severity.ERROR, 5),
        finding(2, Severity.WARNING, 9, Rule.KNOCKING),
        finding(3, Severity.WARNING, 1),
        finding(4, Severity.WARNING, 2),
        finding(5, Severity.INFO, 0),
    ]
    assert finding_words.in_order(reversed(all_of_them)) == all_of_them


def test_how_many_are_shown() -> None:
    many = [finding(number, Severity.WARNING, number) for number in range(1, 200)]
    for everything, most in ((False, finding_words.MOST_TITLES), (True, finding_words.MOST)):
        for total in (0, 1, 5, most, most + 1, 199):
            found = finding_words.to_show(many[:total], everything, None)
            assert found == many[: min(total, most)]


def test_what_was_unfolded_comes_before_what_is_about_the_chosen_socket() -> None:
    many = [finding(number, Severity.WARNING, number) for number in range(1, 30)]
    found = finding_words.to_show(many, False, SocketId(20), many[25].key)
    assert [one.socket_id for one in found[:3]] == [26, 20, 1]


def test_findings_of_each_socket() -> None:
    other = finding(2, Severity.INFO)
    found = finding_words.by_socket([NOTE, other, ERROR])
    assert found == {SocketId(1): (ERROR, NOTE), SocketId(2): (other,)}


def test_the_state_takes_the_colour_of_the_worst() -> None:
    token = socket_words.state_token
    assert token(SNAPSHOT) == "received"
    assert token(SNAPSHOT, (NOTE,)) == "received"
    assert token(SNAPSHOT, (WARNING, NOTE)) == "waiting"
    assert token(SNAPSHOT, (ERROR, NOTE)) == "broken"
    closed = SocketSnapshot(SNAPSHOT.socket_id, SNAPSHOT.spec, SocketState.CLOSED)
    assert token(closed, (ERROR,)) == "muted"
    failed = SocketSnapshot(SNAPSHOT.socket_id, SNAPSHOT.spec, SocketState.FAILED)
    assert token(failed, (NOTE,)) == "broken"


def test_a_few_findings_are_told_and_the_others_counted() -> None:
    many = tuple(finding(1, Severity.INFO, rule=rule) for rule in list(Rule)[:6])
    assert socket_words.finding_sentences(many) == ["It flaps."] * 3 + ["3 more findings"]
    assert socket_words.finding_sentences(()) == []
