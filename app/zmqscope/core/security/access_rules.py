"""Who comes in by an access list: request in, decision out. Pure, any thread."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from enum import Enum

from zmqscope.core.security.access import AccessList, AccessMode, AllowedKey, PasswordHash
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import Problem
from zmqscope.core.wording import quoted

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_MAPPED_BITS = 96
_UNIX_PEER = "localhost"
_EXAMPLES = "Type an address such as 192.168.1.7 or fd00::7, or a network such as 192.168.1.0/24."


class Outcome(Enum):
    """What becomes of a request."""

    LET_IN = "let in"
    REFUSE = "refuse"
    ASK = "ask"
    """The user is asked."""
    CHECK = "check"
    """Its password decides."""


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """What a peer shows, and where it comes from.

    Attributes:
        mechanism: What it speaks.
        address: Its address as libzmq tells it: an IP address, ``localhost:uid:gid:pid`` for ipc,
            or empty where it cannot be known.
        user: Its name, for PLAIN.
        password: Its password, for PLAIN.
        key: Its public key in Z85, for CURVE; that it has the secret one is proven.
        is_own: Whether it is a connection of this process: mostly of our own links.
        outer: The address at the other end of a link, if it is known for sure; else empty.
        is_judged: Whether it is surely a link's whose peer has come in by its address.
    """

    mechanism: Mechanism
    address: str
    user: str = ""
    password: bytes = field(default=b"", repr=False)
    key: str = ""
    is_own: bool = False
    outer: str = ""
    is_judged: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What an access list says of a request.

    Attributes:
        outcome: What becomes of it.
        user_id: What it is called once it is in; empty with NULL.
        reason: Why it is refused, as what follows “refused: ”, without a full stop.
        password: What its password has to give, for ``CHECK``.
    """

    outcome: Outcome
    user_id: str = ""
    reason: str = ""
    password: PasswordHash | None = None


# ---- addresses ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddressRules:
    """The addresses of an access list, ready to be compared.

    Attributes:
        access: The list's name.
        allow: Networks that alone may come; None for all.
        deny: Networks that may not.
        broken: An entry of the list that is no address, if there is one: nobody comes in by
            guesswork.
    """

    access: str
    allow: tuple[Network, ...] | None = None
    deny: tuple[Network, ...] = ()
    broken: str | None = None

    @classmethod
    def of(cls, access: AccessList) -> AddressRules:
        """Those of a list."""
        try:
            allow = tuple(parse_network(text) for text in access.allow)
            deny = tuple(parse_network(text) for text in access.deny)
        except ValueError:
            broken = next(text for text in (*access.allow, *access.deny) if not _is_network(text))
            return cls(access.name, broken=broken)
        return cls(access.name, allow or None, deny)

    @property
    def has_any(self) -> bool:
        """Whether any address is treated otherwise than the rest."""
        return self.allow is not None or bool(self.deny) or self.broken is not None

    def refusal(self, address: str) -> str | None:
        """Why a peer at an address may not come in; None if it may.

        Args:
            address: As ``AccessRequest.address``. ipc peers have none: only the permissions of the
                file keep them out.
        """
        if not self.has_any or address.partition(":")[0] == _UNIX_PEER:
            return None
        if self.broken is not None:
            return f"{quoted(self.broken)} on the list {quoted(self.access)} is no address"
        found = parse_address(address)
        if found is None:
            return f"its address is not known, and the list {quoted(self.access)} goes by addresses"
        if _is_in(found, self.deny):
            return f"its address is denied by the list {quoted(self.access)}"
        if self.allow is not None and not _is_in(found, self.allow):
            return f"its address is not among those allowed by the list {quoted(self.access)}"
        return None

    def names(self, address: str) -> bool:
        """Whether an address is on the list as one that may come."""
        found = parse_address(address)
        return self.allow is not None and found is not None and _is_in(found, self.allow)


def parse_address(text: str) -> Address | None:
    """An IP address, IPv4 as such even where it came through IPv6; None if it is none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or address
    return address


def parse_network(text: str) -> Network:
    """An address or network of an access list.

    Raises:
        ValueError: It is none.
    """
    if "%" in text:
        raise ValueError("a zone is one of this machine")
    network = ipaddress.ip_network(text.strip())
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        host = network.network_address.ipv4_mapped
        if host is not None:
            return ipaddress.IPv4Network((host, network.prefixlen - _MAPPED_BITS))
    return network


def _is_network(text: str) -> bool:
    try:
        parse_network(text)
    except ValueError:
        return False
    return True


def _is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)


def address_problem(text: str) -> Problem | None:
    """What is wrong with an address or network as it is typed; None if nothing is."""
    typed = text.strip()
    if not typed:
        return Problem("There is no address.", _EXAMPLES)
    if _is_network(typed):
        return None
    if "%" in typed:
        return Problem(
            f"{quoted(typed)} has a zone, which peers do not bring along.",
            "Leave out “%” and what follows it.",
        )
    try:
        network = ipaddress.ip_network(typed, strict=False)
    except ValueError:
        return Problem(f"{quoted(typed)} is neither an IP address nor a network.", _hint(typed))
    return Problem(
        f"{quoted(typed)} is an address inside a network.",
        f"Type {network} for the whole network, or {typed.partition('/')[0]} for that one.",
    )


def _hint(typed: str) -> str:
    host, colon, port = typed.strip("[]").rpartition(":")
    bare = host.partition("://")[2] or host
    address = parse_address(bare.strip("[]"))
    if colon and port.isdigit() and address is not None:
        return f"Leave out the port, which changes each time: type {address}."
    if "/" in typed and parse_address(typed.partition("/")[0]) is not None:
        return "Behind “/” stands how many bits are the network’s: up to 32, or 128 for IPv6."
    if any(letter.isalpha() for letter in typed) and ":" not in typed:
        return f"Peers are known by address, not by name. {_EXAMPLES}"
    return _EXAMPLES


# ---- the whole list ----------------------------------------------------------------------------


class AccessRules:
    """An access list, ready to be asked often.

    Args:
        access: The list.

    Attributes:
        addresses: Its rules about addresses.
    """

    def __init__(self, access: AccessList) -> None:
        self._access = access
        self._users = {user.name: user.password for user in access.users}
        self._keys = {key.public: key for key in access.keys}
        self.addresses = AddressRules.of(access)

    def judge(self, request: AccessRequest) -> Decision:
        """What becomes of a request."""
        if not request.is_own:
            refusal = self.addresses.refusal(request.address)
            if refusal is not None:
                return Decision(Outcome.REFUSE, reason=refusal)
        match request.mechanism:
            case Mechanism.NULL:
                return self._judge_null(request)
            case Mechanism.PLAIN:
                return self._judge_plain(request)
            case Mechanism.CURVE:
                return self._judge_curve(request)

    def _judge_null(self, request: AccessRequest) -> Decision:
        # It shows nothing: only its address can be on the list. Links have let it in by that.
        is_listed = self.addresses.names(request.outer if request.is_own else request.address)
        if is_listed or (request.is_judged and self.addresses.allow is not None):
            return Decision(Outcome.LET_IN)
        return self._judge_stranger("", f"it shows no name or key, and {self._is_for_listed}")

    def _judge_plain(self, request: AccessRequest) -> Decision:
        kept = self._users.get(request.user)
        if kept is not None:
            # Also where anyone may come: whoever takes a known name has to prove it.
            return Decision(Outcome.CHECK, request.user, self.wrong_password(request.user), kept)
        user = quoted(request.user)
        return self._judge_stranger(request.user, f"{user} is not on {self._list}")

    def _judge_curve(self, request: AccessRequest) -> Decision:
        known = self._keys.get(request.key)
        if known is not None:
            return Decision(Outcome.LET_IN, _key_id(known))
        return self._judge_stranger(request.key, f"its key {request.key} is not on {self._list}")

    def _judge_stranger(self, user_id: str, reason: str) -> Decision:
        match self._access.mode:
            case AccessMode.ANYONE:
                return Decision(Outcome.LET_IN, user_id)
            case AccessMode.LISTED:
                return Decision(Outcome.REFUSE, reason=reason)
            case AccessMode.ASK:
                return Decision(Outcome.ASK, user_id, reason)

    def names(self, mechanism: Mechanism, name: str) -> bool:
        """Whether a user, key or address is on the list."""
        match mechanism:
            case Mechanism.NULL:
                return self.addresses.names(name)
            case Mechanism.PLAIN:
                return name in self._users
            case Mechanism.CURVE:
                return name in self._keys

    def wrong_password(self, user: str) -> str:
        """Why a user is refused whose password is not the one on the list."""
        return f"the password of {quoted(user)} is not the one on {self._list}"

    @property
    def _list(self) -> str:
        return f"the list {quoted(self._access.name)}"

    @property
    def _is_for_listed(self) -> str:
        return f"{self._list} lets in only those that are on it"


def _key_id(key: AllowedKey) -> str:
    """What a peer is called in User-Id: whose key it is, or the key."""
    return key.label or key.public
