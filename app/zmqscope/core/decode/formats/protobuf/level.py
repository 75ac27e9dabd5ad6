"""The fields of one Protobuf message, gathered by number. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.decode.formats.protobuf.plain import Place, wire_sentence
from zmqscope.core.decode.formats.protobuf.wire import Field, WireError, fields
from zmqscope.core.decode.node import Node, error_node

MAX_LEVEL = 20_000
"""Fields of one message that are looked at; packed arrays count as one."""


class Level:
    """The fields of one message, by number in the order in which they first come.

    Args:
        place: Where the message is.

    Attributes:
        by_number: The fields.
        end: Why there are no more, as a node; None if the message ends there.
    """

    def __init__(self, place: Place) -> None:
        self.by_number: dict[int, list[Field]] = {}
        self.end: Node | None = None
        try:
            for count, field in enumerate(fields(place.data, place.start, place.stop)):
                if count >= MAX_LEVEL:
                    text = f"From byte {field.tag} on fields are not shown: there are too many"
                    self.end = error_node(text, field.tag)
                    break
                self.by_number.setdefault(field.number, []).append(field)
        except WireError as error:
            self.end = wire_sentence(error, place)
