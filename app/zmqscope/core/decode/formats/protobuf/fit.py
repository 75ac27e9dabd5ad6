"""How well bytes fit a message type, and which type of a schema fits best. Any thread.

Protobuf does not say what a message is. But what is on the wire has numbers and wire types, text is
UTF-8, and most messages of a schema disagree with that somewhere.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zmqscope.core.decode.formats.protobuf.typed import field_of, fits
from zmqscope.core.decode.formats.protobuf.values import (
    GROUP_TYPE,
    MESSAGE,
    STRING,
    message_of,
)
from zmqscope.core.decode.formats.protobuf.wire import LENGTH, Field, WireError, fields

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, FieldDescriptor

    from zmqscope.core.decode.payload import Payload
    from zmqscope.core.decode.schemas import ProtobufSchema

_HINT_SECONDS = 0.03
_MOST_FIELDS = 300
_MOST_DEPTH = 6
_MOST_TEXT = 4_096
_MOST_KNOWN = 512
_MOST_OUTLINED = 24


@dataclass(frozen=True, slots=True)
class Fit:
    """What of a message is as its type says.

    Attributes:
        good: Fields that are, those of inner messages as well.
        unknown: Fields whose numbers the type does not have.
        bad: Numbers of fields of the message itself that contradict it.
        bad_inside: How many fields of inner messages do.
    """

    good: int = 0
    unknown: int = 0
    bad: tuple[int, ...] = ()
    bad_inside: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing speaks against the type."""
        return not (self.unknown or self.bad or self.bad_inside)

    @property
    def is_likely(self) -> bool:
        """Whether the message may well be of the type: a few new fields are no contradiction."""
        return not self.bad and not self.bad_inside and self.unknown <= self.good

    @property
    def score(self) -> float:
        """The larger the likelier; contradictions weigh more than what a type does not know."""
        return self.good - 2 * self.unknown - 4 * (len(self.bad) + self.bad_inside)


def fit_of(data: bytes, descriptor: Descriptor) -> Fit:
    """How well bytes fit a type, by their first 300 fields."""
    return _fit(data, (0, len(data)), descriptor, [_MOST_FIELDS], 0)


def best_message(data: bytes, schema: ProtobufSchema, within_s: float = 1.0) -> str:
    """The message of a schema that fits bytes best; its first one where nothing tells them apart.

    Args:
        data: A whole message.
        schema: The types to choose from.
        within_s: Those that have not been looked at by then do not count.
    """
    ends = time.monotonic() + within_s
    best, best_rank = schema.names[0] if schema.names else "", None
    for place, name in enumerate(schema.names):
        if time.monotonic() > ends:
            break
        descriptor = schema.message(name)
        # With equal evidence: of the file itself, an outer one, and with the fewest fields unused.
        rank = (
            fit_of(data, descriptor).score,
            place < schema.own,
            descriptor.containing_type is None,
            -len(descriptor.fields) if data else 0,
        )
        if best_rank is None or rank > best_rank:
            best, best_rank = name, rank
    return best


def misfit_sentence(payload: Payload, descriptor: Descriptor, schema: ProtobufSchema) -> str:
    """What speaks against a type, and which one of the schema fits; empty if nothing does."""
    data = payload.data
    fit = fit_of(data, descriptor)
    if fit.is_likely or payload.is_cut:
        return ""
    if fit.bad:
        numbers = ", ".join(map(str, fit.bad[:6])) + (" …" if len(fit.bad) > 6 else "")
        fields_ = "Field" if len(fit.bad) == 1 else "Fields"
        said = f"{fields_} {numbers} cannot be what {descriptor.full_name} says of "
        said += "it." if len(fit.bad) == 1 else "them."
    elif fit.bad_inside:
        said = f"Messages inside cannot be what {descriptor.full_name} says of them."
    else:
        said = f"Most fields are not in {descriptor.full_name}."
    name = best_message(data, schema, _HINT_SECONDS)
    if name and name != descriptor.full_name and fit_of(data, schema.message(name)).is_likely:
        return f"{said} {name} would fit: choose it in the options."
    return f"{said} Is it another message?"


class Fitting:
    """Picks the message of a schema anew for each payload, quickly for those seen before."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, tuple[int, ...]], str] = {}

    def message(self, data: bytes, schema: ProtobufSchema) -> Descriptor:
        """The type that fits best; fields of the same numbers and wire types give the same."""
        key = (schema.pool, _outline(data))
        name = self._known.get(key)
        if name is None:
            name = schema.only_message or best_message(data, schema, _HINT_SECONDS)
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = name
        return schema.message(name)


def _outline(data: bytes) -> tuple[int, ...]:
    """Numbers and wire types of the first fields."""
    tags: list[int] = []
    with suppress(WireError):
        for found in fields(data, 0, len(data)):
            tags.append(found.number << 3 | found.wire)
            if len(tags) >= _MOST_OUTLINED:
                break
    return tuple(tags)


def _fit(
    data: bytes, span: tuple[int, int], descriptor: Descriptor, left: list[int], depth: int
) -> Fit:
    good = unknown = bad_inside = 0
    bad: list[int] = []
    try:
        for found in fields(data, *span):
            if left[0] <= 0:
                break
            left[0] -= 1
            field = field_of(descriptor, found.number)
            if field is None:
                unknown += 1
            elif not fits(field, found) or not _is_possible(data, field, found):
                bad.append(found.number)
            else:
                good += 1
                inner = _inner_fit(data, field, found, left, depth)
                good += inner.good
                unknown += inner.unknown
                bad_inside += len(inner.bad) + inner.bad_inside
    except WireError:
        bad_inside += 1
    return Fit(good, unknown, tuple(dict.fromkeys(bad)), bad_inside)


def _inner_fit(
    data: bytes, field: FieldDescriptor, found: Field, left: list[int], depth: int
) -> Fit:
    if field.type not in (MESSAGE, GROUP_TYPE) or depth >= _MOST_DEPTH:
        return Fit()
    return _fit(data, (found.start, found.stop), message_of(field), left, depth + 1)


def _is_possible(data: bytes, field: FieldDescriptor, found: Field) -> bool:
    """Whether a value is one of its type: wire types alone do not tell text from a message."""
    if found.wire == LENGTH and field.type == STRING:
        part = data[found.start : min(found.stop, found.start + _MOST_TEXT)]
        try:
            part.decode()
        except UnicodeDecodeError as error:
            return error.end >= len(part) and len(part) < found.stop - found.start
        return True
    return True
