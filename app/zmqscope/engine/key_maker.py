"""Makes CURVE keys by libzmq's own hand (zmq_curve_keypair(3)). Any thread; takes a millisecond."""

from __future__ import annotations

import zmq

from zmqscope.core.errors import UserError
from zmqscope.core.security.keys import is_key
from zmqscope.core.security.secret import KeyPair, Secret


def make_key_pair() -> KeyPair:
    """A new pair.

    Raises:
        UserError: This libzmq was built without CURVE.
    """
    try:
        public, secret = zmq.curve_keypair()
    except zmq.ZMQError:
        raise _without_curve() from None
    return KeyPair(public.decode("ascii"), Secret(secret))


def public_of(secret: Secret) -> str:
    """The public key, in Z85, that belongs to a secret one.

    Raises:
        UserError: It is no key, or this libzmq was built without CURVE.
    """
    try:
        # pyzmq's own words for what is too short would not do.
        if is_key(secret.reveal().decode("ascii", "replace")):
            return zmq.curve_public(secret.reveal()).decode("ascii")
    except zmq.ZMQError:
        raise _without_curve() from None
    raise UserError("This is no secret key.", "Copy or make it anew.")


def _without_curve() -> UserError:
    return UserError(
        "This libzmq was built without CURVE.", "Install a pyzmq whose libzmq has libsodium."
    )
