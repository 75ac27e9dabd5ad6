"""What a socket does with its peers' messages. Pure data, any thread."""

from __future__ import annotations

from zmqscope.core.option_groups.option import (
    MAX_INT,
    ZMTP,
    Option,
    OptionForm,
    OptionGroup,
    OptionKind,
    switch,
)
from zmqscope.core.types import SocketType

_GROUP = OptionGroup.BEHAVIOUR
_MAX_IDENTITY_BYTES = 255
# libzmq takes any length; peers bound what a handshake may hold.
_MAX_PROPERTY_BYTES = 1_000

_REQ, _ROUTER = frozenset({SocketType.REQ}), frozenset({SocketType.ROUTER})
_XPUB = frozenset({SocketType.XPUB})

OPTIONS: tuple[Option, ...] = (
    Option(
        "identity", 5, OptionKind.BYTES, b"", 1, _MAX_IDENTITY_BYTES,
        "The routing id by which a ROUTER peer knows this socket.", _GROUP,
        types=frozenset({SocketType.REQ, SocketType.REP, SocketType.DEALER, SocketType.ROUTER}),
        aliases=("routing_id",),
    ),
    Option(
        "metadata", 95, OptionKind.BYTES, b"", len("X-k:v"), _MAX_PROPERTY_BYTES,
        "A property to show to peers in the handshake, such as X-site:Ghent.", _GROUP, types=ZMTP,
        form=OptionForm.PROPERTY,
    ),
    switch(
        "probe_router", 51, "Send an empty message to each new peer, so that a ROUTER knows us.",
        _GROUP, types=frozenset({SocketType.REQ, SocketType.DEALER, SocketType.ROUTER}),
        before_attach=False,
    ),
    # Without it an unknown routing id is dropped in silence (zmq_socket(3), ZMQ_ROUTER).
    switch(
        "router_mandatory", 33,
        "Refuse a message to an unknown routing id instead of dropping it.", _GROUP,
        types=_ROUTER, before_attach=False, ours=1, aliases=("fail_unroutable", "router_behavior"),
    ),
    switch(
        "router_handover", 56, "Let a new peer take over the routing id of an old one.", _GROUP,
        types=_ROUTER, before_attach=False,
    ),
    switch(
        "req_relaxed", 53, "Allow another request before the reply has come.", _GROUP,
        types=_REQ, before_attach=False,
    ),
    switch(
        "req_correlate", 52, "Number the requests, and drop replies that answer another one.",
        _GROUP, types=_REQ, before_attach=False,
    ),
    switch(
        "xpub_verbose", 40, "Hand up every subscription, repeated ones too.", _GROUP,
        types=_XPUB, before_attach=False,
    ),
    # Without it nobody knows which peers want what. xpub_verbose=… turns the ends of some off.
    switch(
        "xpub_verboser", 78,
        "Hand up every subscription and unsubscription, repeated ones too, so that the peers of "
        "each topic are known.", _GROUP, types=_XPUB, before_attach=False, ours=1,
    ),
    Option(
        "xpub_welcome_msg", 72, OptionKind.BYTES, b"", 0, MAX_INT,
        "A message for every new subscriber that has subscribed to a prefix of it.", _GROUP,
        types=_XPUB, before_attach=False,
    ),
    switch(
        "only_first_subscribe", 108,
        "Look for a subscription only in the first frame of a message; the rest is data.", _GROUP,
        types=frozenset({SocketType.XPUB, SocketType.XSUB}), before_attach=False,
    ),
    switch(
        "invert_matching", 74,
        "Deliver what does not match the subscriptions; both sides need it.", _GROUP,
        types=frozenset({SocketType.PUB, SocketType.XPUB, SocketType.SUB}),
    ),
    switch(
        "stream_notify", 73, "Deliver an empty message when a connection comes or goes.", _GROUP,
        1, types=frozenset({SocketType.STREAM}),
    ),
)  # fmt: skip
