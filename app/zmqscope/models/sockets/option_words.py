"""Options in words: defaults, units, over what they count, what a search finds. Pure."""

from __future__ import annotations

import os
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from zmqscope.core import percent
from zmqscope.core.errors import SpecError
from zmqscope.core.option_table import Option, OptionForm, OptionGroup, OptionKind
from zmqscope.core.options import counts_over, started_with
from zmqscope.core.types import SocketType

_CONTEXT = "OptionWords"
_EXAMPLES = {
    OptionForm.PEM_PATH: "/path/to/file.pem",
    OptionForm.HOST_PORT: "127.0.0.1:1080",
    OptionForm.IPV4_RANGE: "192.168.1.0/24",
    OptionForm.HOST: "example.org",
    OptionForm.PROPERTY: "X-site:Ghent",
}


def group_title(group: OptionGroup) -> str:
    """What a group is called."""
    return _tr(group.value)


def changed_words(count: int) -> str:
    """How many options of a group are set; empty for none."""
    if not count:
        return ""
    return _tr("1 set") if count == 1 else _tr("{0} set").format(count)


def default_words(option: Option) -> str:
    """What an option is here when it is left alone: ``default 100,000``; empty for no bytes."""
    if started_with(option) == b"":
        return ""
    return _tr("default {0}").format(_value_words(option, started_with(option)))


def meaning_words(option: Option) -> str:
    """What an option does, and what libzmq has by default where that is something else."""
    if started_with(option) == option.default:
        return option.meaning
    own = _tr("libzmq’s own default is {0}.").format(_value_words(option, option.default))
    return f"{option.meaning} {own}"


def _value_words(option: Option, value: int | bytes) -> str:
    if isinstance(value, bytes):
        return percent.encode(value) if value else _tr("none")
    if option.kind is OptionKind.BOOL:
        return switch_words(bool(value))
    if value < option.minimum:
        # libzmq's mark for one that was never set; nobody can set it back to that.
        return _tr("none")
    return f"{value:,}".replace("-", "−")


def switch_words(is_on: bool) -> str:
    """What stands beside a switch."""
    return _tr("on") if is_on else _tr("off")


def placeholder(option: Option) -> str:
    """What stands in the empty field of an option: its default, or an example."""
    value = started_with(option)
    if isinstance(value, bytes):
        return percent.encode(value) or _EXAMPLES.get(option.form, "")
    return str(value) if value >= option.minimum else _value_words(option, value)


def spoken_name(option: Option) -> str:
    """An option as a screen reader says it: ``sndhwm, in messages``."""
    return _tr("{0}, in {1}").format(option.name, option.unit) if option.unit else option.name


def is_found(option: Option, typed: str) -> bool:
    """Whether a search finds an option: each word in its name, its meaning or its unit."""
    names = (option.name, *option.aliases, option.meaning, option.unit, option.group.value)
    hay = " ".join(names).lower()
    return all(word in hay for word in typed.lower().split())


def scope_words(option: Option, kind: SocketType, schemes: Iterable[str]) -> str:
    """Where an option does nothing; empty where it does everywhere.

    Args:
        option: The option.
        kind: The type of the socket.
        schemes: The transports of its endpoints, as far as they are known.
    """
    if kind not in option.types:
        return _tr("Does nothing on a {0}.").format(kind.name)
    known = tuple(dict.fromkeys(schemes))
    idle = [scheme for scheme in known if not counts_over(option, kind, scheme)]
    if idle:
        return _tr("Does nothing over {0} here.").format(_listed(idle))
    if option.over and not known:
        return _tr("Only over {0}.").format(_listed(option.over))
    return ""


def _listed(schemes: Iterable[str]) -> str:
    names = [f"{scheme}://" for scheme in schemes]
    if len(names) == 1:
        return names[0]
    return _tr("{0} and {1}").format(", ".join(names[:-1]), names[-1])


# ---- paths ----------------------------------------------------------------------------------


def path_of(text: str) -> str:
    """The path that a spec's word stands for, as the system writes it.

    A word that cannot be read is taken as it stands.
    """
    try:
        return os.fsdecode(percent.decode(text))
    except SpecError:
        return text


def path_text(path: str) -> str:
    """A path as a spec has it; ``path_of`` gives it back."""
    return percent.encode(path.encode("utf-8", "surrogateescape"))


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
