"""SONiC's tables, built as BinarySerializer of sonic-swss-common writes them."""

from __future__ import annotations

import pytest

from tests.decoder_checks import check_decoded
from tests.envelope_cases import Case, check_case, outline_of, samples
from tests.envelope_rig import fields
from zmqscope.core.decode.decoded import DecodeError, Tree
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import NodeKind, Span
from zmqscope.core.envelopes.sonic import Sonic
from zmqscope.core.types import SocketType as T

Operation = tuple[str, dict[str, str]]


def text(value: str | bytes) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return len(data).to_bytes(8, "little") + data


def table(database: str, name: str, *operations: Operation) -> bytes:
    pairs = [text(database) + text(name)]
    for key, values in operations:
        pairs.append(text(key) + text(str(len(values))))
        pairs += [text(field) + text(value) for field, value in values.items()]
    return len(pairs).to_bytes(8, "little") + b"".join(pairs)


ROUTE = {"nexthop": "10.0.0.1", "ifname": "Ethernet0"}
ONE = table("APPL_DB", "ROUTE_TABLE", ("10.1.0.0/24", ROUTE))
BOTH = table("APPL_DB", "ROUTE_TABLE", ("10.1.0.0/24", ROUTE), ("10.2.0.0/24", {}))
MANY = table("APPL_DB", "ROUTE_TABLE", *((f"10.{n}.0.0/24", ROUTE) for n in range(5)))
LONG = table("APPL_DB", "ROUTE_TABLE", *((f"10.0.{n}.0/24", ROUTE) for n in range(200)))

CASES = (
    Case((ONE,), T.PULL, "APPL_DB:ROUTE_TABLE SET 10.1.0.0/24 (2 fields)", labels=("operations",)),
    Case((BOTH,), T.PULL, "APPL_DB:ROUTE_TABLE SET 10.1.0.0/24 (2 fields), DEL 10.2.0.0/24"),
    Case((table("APPL_DB", "DASH_ENI_TABLE"),), T.PULL, "APPL_DB:DASH_ENI_TABLE"),
    Case((b"\0" * 64,), T.PULL, ""),
    Case((b"\2" + bytes(7) + b"\xff" * 40,), T.PULL, ""),
    Case((ONE[:-1],), T.PULL, ""),
    Case((b"not a table at all, but long enough",), T.PULL, ""),
)

SAMPLES = [*samples(CASES), *samples([Case((LONG,), T.PULL, "long")])]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_summaries(case: Case) -> None:
    check_case(Sonic(), case)


def test_many_operations_are_counted() -> None:
    sighting = Sonic().see(outline_of((MANY,), T.PULL))
    assert sighting is not None
    assert sighting.summary == (
        "APPL_DB:ROUTE_TABLE SET 10.0.0.0/24 (2 fields), SET 10.1.0.0/24 (2 fields), "
        "SET 10.2.0.0/24 (2 fields) and 2 keys"
    )


def test_a_table_of_which_only_the_beginning_is_here() -> None:
    for is_cut in (True, False):
        sighting = Sonic().see(outline_of((LONG,), T.PULL, is_cut=is_cut))
        assert sighting is not None
        assert sighting.confidence >= 0.9 if is_cut else sighting.confidence >= 0.7
        assert sighting.summary.endswith("… of 600 pairs")
        assert sighting.summary.startswith("APPL_DB:ROUTE_TABLE SET 10.0.0.0/24 (2 fields), SET")


def test_operations_are_read_field_by_field() -> None:
    found = fields(Sonic().decode(0, BOTH))
    assert found["database"].value == "APPL_DB"
    assert found["operations[0].key"].value == "10.1.0.0/24"
    assert found["operations[0].fields.nexthop"].value == "10.0.0.1"
    assert found["operations[0]"].type == "SET"
    assert found["operations[1].operation"].value == "DEL"
    span = found["operations[0].fields.ifname"].span
    assert span is not None
    assert BOTH[span.start + 8 : span.stop] == b"Ethernet0"
    assert found["operations[1]"].span == Span(len(BOTH) - 28, len(BOTH))


def last_node(frame: bytes) -> str:
    decoded = Sonic().decode(0, frame)
    check_decoded("sonic", decoded, len(frame))
    body = decoded.bodies[0]
    assert isinstance(body, Tree)
    operations = list(children_of(body.root))[-1]
    last = list(children_of(operations))[-1]
    assert last.kind is NodeKind.ERROR
    return last.text


def test_lengths_that_lie_end_in_a_sentence() -> None:
    assert last_node((9).to_bytes(8, "little") + ONE[8:]).startswith("The frame ends inside a pair")
    assert last_node(ONE[:-3]) == "1 field missing."
    bad = table("APPL_DB", "T", ("k", {})).replace(text("0"), text("x"))
    assert last_node(bad) == "The number of fields is no number."
    huge = (1 << 62).to_bytes(8, "little") + ONE[8:]
    assert last_node(huge).startswith("The frame ends inside a pair")
    with pytest.raises(DecodeError):
        Sonic().decode(0, ONE[:20])
