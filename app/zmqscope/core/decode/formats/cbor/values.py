"""CBOR values by the library, with the tags tamed that cost or fail. Pure, any thread."""

from __future__ import annotations

import functools
import math
from datetime import datetime
from typing import Any

from zmqscope.core.decode.compact import Verbatim, compact, write_type
from zmqscope.core.decode.libraries import library
from zmqscope.core.decode.utc_text import moment

_MAX_INT_BITS = 3_000
_NANOSECONDS = 1_000_000_000
_EXACT_BITS = 53


def loaded(data: bytes, **options: Any) -> Any:
    """One item as the library reads it.

    Raises:
        ValueError: It is none or not all of it, it is nested too deeply, or a tag does not fit.
    """
    cbor2 = library("cbor2")
    _know_simple_values()
    try:
        return cbor2.loads(data, semantic_decoders=_TAME, tag_hook=_other_tag, **options)
    except (cbor2.CBORDecodeError, RecursionError, ArithmeticError, TypeError) as error:
        raise ValueError(str(error)) from None


def decoder_at(stream: Any, **options: Any) -> Any:
    """The library's decoder for item after item of a stream."""
    cbor2 = library("cbor2")
    _know_simple_values()
    return cbor2.CBORDecoder(stream, semantic_decoders=_TAME, tag_hook=_other_tag, **options)


def _as_it_is(value: Any, _immutable: bool) -> Any:
    return value


def _other_tag(tag: Any, _immutable: bool) -> Verbatim:
    return Verbatim(f"{tag.tag}({compact(tag.value, 60)})")


@functools.cache
def _know_simple_values() -> None:
    cbor2 = library("cbor2")
    # They are no numbers, but the library writes them as such.
    write_type(cbor2.CBORSimpleValue, lambda simple: f"simple({simple.value})")


def int_text(value: int) -> str:
    """An integer of any size; Python refuses to write long ones, so these are in hex digits."""
    return str(value) if value.bit_length() <= _MAX_INT_BITS else hex(value)


def fraction(pair: Any) -> tuple[str, float | None] | None:
    """A rational number (tag 30) as it is written, not reduced; None if it is none."""
    if not _is_pair(pair) or pair[1] <= 0:
        return None
    try:
        value = pair[0] / pair[1]
    except OverflowError:
        value = None
    return f"{int_text(pair[0])}/{int_text(pair[1])}", value


def bigfloat(pair: Any) -> tuple[str, float | None] | None:
    """An exponent of 2 and a mantissa (tag 5): a float if it is exactly one, else both of them."""
    if not _is_pair(pair):
        return None
    exponent, mantissa = pair
    text = f"{int_text(mantissa)} × 2^{int_text(exponent)}"
    if mantissa.bit_length() > _EXACT_BITS or abs(exponent) > 1_000:
        return text, None
    try:
        value = math.ldexp(mantissa, exponent)
    except OverflowError:
        return text, None
    # The smallest floats have fewer bits.
    is_exact = math.ldexp(value, -exponent) == mantissa
    return (repr(value), value) if is_exact else (text, None)


def epoch_time(seconds: Any) -> tuple[str, datetime | None] | None:
    """Seconds since 1970 (tag 1) in words and as Python has them; None if they are none."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        return None
    if isinstance(seconds, int):
        return moment(seconds) if seconds.bit_length() <= _MAX_INT_BITS else None
    if not math.isfinite(seconds):
        return None
    whole = math.floor(seconds)
    # A float64 of today's seconds tells microseconds, no more.
    nanoseconds = round((seconds - whole) * 1e6) * 1000
    if nanoseconds >= _NANOSECONDS:
        whole, nanoseconds = whole + 1, 0
    return moment(whole, nanoseconds)


def _is_pair(pair: Any) -> bool:
    is_two = isinstance(pair, (list, tuple)) and len(pair) == 2
    return is_two and all(type(each) is int for each in pair)


def _fraction_words(value: Any, _immutable: bool) -> Any:
    found = fraction(value)
    return value if found is None else Verbatim(found[0])


def _bigfloat_words(value: Any, _immutable: bool) -> Any:
    found = bigfloat(value)
    return value if found is None else Verbatim(found[0])


def _epoch_words(value: Any, _immutable: bool) -> Any:
    found = epoch_time(value)
    return value if found is None else Verbatim(found[0])


def _text_words(value: Any, _immutable: bool) -> Any:
    return Verbatim(value) if isinstance(value, str) and len(value) <= _TIME_CHARS else value


_TIME_CHARS = 40

# A stranger's regular expression would be compiled, which can take seconds; a MIME message parsed.
# What the library makes of others is not what stands there: times lose nanoseconds, fractions are
# reduced, numbers rounded, and sets lose what comes twice. Milliseconds in place of seconds are a
# year that it does not know, for which it would refuse the whole.
_TAME: Any = {
    **{0: _text_words, 1: _epoch_words, 5: _bigfloat_words, 30: _fraction_words},
    **{35: _as_it_is, 36: _as_it_is, 258: _as_it_is},
}
