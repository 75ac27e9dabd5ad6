"""Protobuf messages, with a schema or without. Pure, any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zmqscope.core.decode import schemas
from zmqscope.core.decode.decoded import BadSchemaError, Decoded, DecodeError, Tree
from zmqscope.core.decode.formats.protobuf.fit import Fitting, misfit_sentence
from zmqscope.core.decode.formats.protobuf.level import Level
from zmqscope.core.decode.formats.protobuf.plain import Place, plain_tree
from zmqscope.core.decode.formats.protobuf.preview import plain_preview
from zmqscope.core.decode.formats.protobuf.sniff import FIRST_BYTES, likelihood
from zmqscope.core.decode.formats.protobuf.typed import typed_tree
from zmqscope.core.decode.formats.protobuf.wire import WireError, read_field
from zmqscope.core.decode.node_values import payload_head, preview_line
from zmqscope.core.decode.payload import DecodeOptions, Payload

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor

_CHECKED_BYTES = 1_000_000
_NO_SCHEMA = "Read without a schema: field numbers and wire types are sure, types are guesses."


class ProtobufDecoder:
    """Protobuf; ``options.schema`` and ``options.message`` say what the numbers mean."""

    name = "protobuf"
    title = "Protobuf"
    first_bytes = FIRST_BYTES

    def __init__(self) -> None:
        self._fitting = Fitting()

    def sniff(self, payload: Payload) -> float:
        """See ``sniff.py``; never more than 0.9, without text in it than 0.75."""
        return likelihood(payload)

    def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
        """A tree of fields.

        Raises:
            DecodeError: The first field is none, or the schema is not there.
        """
        data = payload.data
        schema = _schema(options)
        _check_first(payload)
        if schema is None:
            root = plain_tree(data, is_cut=payload.is_cut)
            count = "" if root.count is None else f"({root.count:,})"
            return Decoded((Tree(root),), f"message{count}", (_NO_SCHEMA,))
        descriptor = self._message(data, schema, options)
        root = typed_tree(data, descriptor, is_cut=payload.is_cut)
        notes = () if payload.is_cut else _complaints(data, descriptor)
        misfit = misfit_sentence(payload, descriptor, schema)
        if misfit:
            # What is missing of the wrong type says nothing.
            notes = (misfit,)
        if not options.message and not schema.only_message:
            notes = (f"Read as {descriptor.full_name}, which fits best of the schema.", *notes)
        return Decoded((Tree(root),), descriptor.full_name, notes)

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        """The first fields in one line.

        Raises:
            DecodeError: As in ``decode``.
        """
        schema = _schema(options)
        payload = payload_head(payload)
        _check_first(payload)
        if schema is None:
            return plain_preview(payload)
        descriptor = self._message(payload.data, schema, options)
        tree = typed_tree(payload.data, descriptor, is_cut=payload.is_cut)
        return preview_line(f"protobuf {descriptor.name}", tree)

    def _message(
        self, data: bytes, schema: schemas.ProtobufSchema, options: DecodeOptions
    ) -> Descriptor:
        """The type that was chosen, or the one that fits best."""
        if options.message or not schema.names:
            return schema.message(options.message)
        return self._fitting.message(data, schema)


def _schema(options: DecodeOptions) -> schemas.ProtobufSchema | None:
    if not options.schema:
        return None
    schema = schemas.loaded(options.schema)
    if not isinstance(schema, schemas.ProtobufSchema):
        raise BadSchemaError("The schema is one of Avro; choose a .proto file or a descriptor set.")
    return schema


def _check_first(payload: Payload) -> None:
    data = payload.data
    try:
        if data:
            read_field(data, 0, len(data))
    except WireError as error:
        if not (error.is_cut and payload.is_cut):
            raise DecodeError(f"Byte {error.at}: {error.text}.", error.at) from None


def _complaints(data: bytes, descriptor: Descriptor) -> tuple[str, ...]:
    """What the protobuf library has against a message."""
    if len(data) > _CHECKED_BYTES:
        return (f"Not checked as a whole, since it has more than {_CHECKED_BYTES:,} bytes.",)
    from google.protobuf.message import DecodeError as LibraryError
    from google.protobuf.message import EncodeError
    from google.protobuf.message_factory import GetMessageClass

    message = GetMessageClass(descriptor)()
    try:
        message.ParseFromString(data)
    except LibraryError:
        return ("The protobuf library refuses this message; it is shown as far as it goes.",)
    if not message.IsInitialized():
        try:
            message.SerializeToString()
        except EncodeError as error:
            return (f"{str(error)[:300].rstrip('.')}.",)
    # A zero may be sent, although nobody has to: the library does not tell that from none.
    level = Level(Place(data, 0, len(data)))
    if level.end is not None:
        # Not all of it was looked at.
        return ()
    sent = level.by_number
    absent = [
        each.name for each in descriptor.fields if not each.has_presence and each.number not in sent
    ]
    if absent:
        more = " …" if len(absent) > 8 else ""
        said = f"Not on the wire, so empty or zero: {', '.join(absent[:8])}{more}."
        return (said,)
    return ()


PROTOBUF = ProtobufDecoder()
