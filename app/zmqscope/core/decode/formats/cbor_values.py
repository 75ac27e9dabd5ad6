"""CBOR values by the library, with the tags tamed that cost or fail. Pure, any thread."""

from __future__ import annotations

from typing import Any

from zmqscope.core.decode.compact import Verbatim, compact


def loaded(data: bytes, **options: Any) -> Any:
    """One item as the library reads it.

    Raises:
        ValueError: It is none or not all of it, it is nested too deeply, or a tag does not fit.
    """
    import cbor2

    try:
        return cbor2.loads(data, semantic_decoders=_TAME, tag_hook=_other_tag, **options)
    except (cbor2.CBORDecodeError, RecursionError, ArithmeticError, TypeError) as error:
        raise ValueError(str(error)) from None


def decoder_at(stream: Any, **options: Any) -> Any:
    """The library's decoder for item after item of a stream."""
    import cbor2

    return cbor2.CBORDecoder(stream, semantic_decoders=_TAME, tag_hook=_other_tag, **options)


def _as_it_is(value: Any, _immutable: bool) -> Any:
    return value


def _other_tag(tag: Any, _immutable: bool) -> Verbatim:
    return Verbatim(f"{tag.tag}({compact(tag.value, 60)})")


# A stranger's regular expression would be compiled, which can take seconds; a MIME message parsed.
_TAME: Any = {35: _as_it_is, 36: _as_it_is}
