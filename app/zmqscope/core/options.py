"""Reads and writes ``name=value`` of libzmq socket options. Pure, any thread."""

from __future__ import annotations

import re

from zmqscope.core import percent
from zmqscope.core.endpoints import transport_of
from zmqscope.core.errors import SpecError
from zmqscope.core.option_forms import form_problem
from zmqscope.core.option_table import OPTIONS, REFUSED, Option, OptionGroup, OptionKind
from zmqscope.core.transports import Carrier, carrier_of
from zmqscope.core.types import Problem, SocketSpec, SocketType
from zmqscope.core.wording import nearest, quoted

_NUMBER = re.compile(r"[+-]?[0-9]{1,19}")
_SWITCH_WORDS = {
    "0": 0, "false": 0, "no": 0, "off": 0,
    "1": 1, "true": 1, "yes": 1, "on": 1,
}  # fmt: skip
_BY_NAME: dict[str, Option] = {
    name: option for option in OPTIONS for name in (option.name, *option.aliases)
}


def find_option(name: str) -> Option:
    """The option of this name, in any case; aliases count.

    Raises:
        SpecError: There is none, or a spec cannot set it; with the reason.
    """
    wanted = name.strip().lower()
    option = _BY_NAME.get(wanted)
    if option is not None:
        return option
    if wanted in REFUSED:
        reason, hint = REFUSED[wanted]
        raise SpecError(f"The option {wanted} cannot be set. {reason}", hint)
    meant = nearest(wanted, _BY_NAME)
    raise SpecError(
        f"There is no option {quoted(name.strip())}.",
        f"Did you mean {meant}=?"
        if meant
        else "Besides options there are topic=, group= and name=.",
    )


def options_for(socket_type: SocketType) -> tuple[Option, ...]:
    """The options that do something on a socket type, in the order of the table."""
    return tuple(option for option in OPTIONS if socket_type in option.types)


def grouped_options(socket_type: SocketType) -> tuple[tuple[OptionGroup, tuple[Option, ...]], ...]:
    """The same by group, in the order of the groups; none is empty."""
    options = options_for(socket_type)
    groups = ((group, tuple(o for o in options if o.group is group)) for group in OptionGroup)
    return tuple((group, members) for group, members in groups if members)


def started_with(option: Option) -> int | bytes:
    """What a socket of this app has while its spec does not set the option."""
    return option.default if option.ours is None else option.ours


def counts_over(option: Option, socket_type: SocketType, scheme: str) -> bool:
    """Whether an option does something for endpoints of a type over a transport."""
    if socket_type not in option.types or (option.over and scheme not in option.over):
        return False
    return not (option.only_direct and carrier_of(socket_type, scheme) is Carrier.LINK)


def options_conflict(spec: SocketSpec) -> Problem | None:
    """Why the options of a spec do not go with its endpoints; None if they do.

    A link reaches its socket over ipc, so a filter of ipc peers would turn it away.
    """
    filters = [name for name, _ in spec.options if name.startswith("ipc_filter_")]
    linked = [e for e in spec.endpoints if carrier_of(spec.type, transport_of(e)) is Carrier.LINK]
    if not filters or not linked:
        return None
    return Problem(
        f"{filters[0]} would also turn away {quoted(linked[0].address)}.",
        "Leave it out, or open a socket of its own for that endpoint.",
    )


def parse_option(name: str, text: str) -> int | bytes:
    """Read the value of an option.

    Args:
        name: Its name or an alias.
        text: The value as a spec has it; percent-encoded where it is bytes.

    Returns:
        An int for numbers and switches (0 or 1), bytes for the rest.

    Raises:
        SpecError: No such option, or no value that libzmq would take.
    """
    option = find_option(name)
    if option.kind is OptionKind.BYTES:
        return _checked_bytes(option, percent.decode(text.strip()))
    word = text.strip()
    if not word:
        raise SpecError(f"{option.name} has no value.", f"Type one, as in {option.name}=1.")
    if option.kind is OptionKind.BOOL:
        switch = _SWITCH_WORDS.get(word.lower())
        if switch is None:
            raise SpecError(
                f"{option.name} is a switch, and {quoted(word)} is neither on nor off.",
                f"Type {option.name}=1 or {option.name}=0.",
            )
        return switch
    if not _NUMBER.fullmatch(word):
        raise SpecError(
            f"{option.name} takes a whole number, and {quoted(word)} is none.",
            f"Type one from {option.minimum} to {option.maximum}.",
        )
    return _checked_number(option, int(word))


def format_option(name: str, value: int | bytes) -> str:
    """A value as a spec has it; ``parse_option`` gives it back."""
    return percent.encode(value) if isinstance(value, bytes) else str(int(value))


def check_option(socket_type: SocketType, name: str, value: int | bytes) -> None:
    """Check that an option does something on a socket type, and that its value is allowed.

    Raises:
        SpecError: It does not, or it is not.
    """
    option = find_option(name)
    if option.only_direct and socket_type.is_draft:
        raise SpecError(
            f"{option.name} does nothing on a {socket_type.name}.",
            "Leave it out; it only counts where libzmq itself speaks to the peers.",
        )
    if socket_type not in option.types:
        others = ", ".join(kind.name for kind in SocketType if kind in option.types)
        raise SpecError(
            f"{option.name} does nothing on a {socket_type.name}.",
            f"Leave it out; it is for {others}.",
        )
    if isinstance(value, bytes) is not (option.kind is OptionKind.BYTES):
        wanted = "bytes" if option.kind is OptionKind.BYTES else "a number"
        raise SpecError(f"{option.name} takes {wanted}.", "Correct its value.")
    if isinstance(value, bytes):
        _checked_bytes(option, value)
    else:
        _checked_number(option, value)


def _checked_number(option: Option, number: int) -> int:
    if option.minimum <= number <= option.maximum:
        return number
    unit = f" {option.unit}" if option.unit else ""
    raise SpecError(
        f"{option.name}={number} is out of range.",
        f"Type a number from {option.minimum} to {option.maximum}{unit}.",
    )


def _checked_bytes(option: Option, value: bytes) -> bytes:
    # The form comes first: it knows a pasted key, whatever its length.
    problem = form_problem(option.form, option.name, value) if value else None
    if problem is not None:
        raise SpecError(problem.text, problem.hint)
    if option.minimum <= len(value) <= option.maximum:
        return value
    size = f"is {len(value)} bytes long" if value else "is empty"
    raise SpecError(
        f"The value of {option.name} {size}.",
        f"Type {option.minimum} to {option.maximum} bytes.",
    )
