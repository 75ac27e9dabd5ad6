"""Options of libzmq that a spec cannot set: why, and what to do instead. Pure data, any thread."""

from __future__ import annotations

_LEAVE_OUT = "Leave it out."
_HIDDEN = "A socket spec is shown, copied and saved, so it must not hold a secret."
_BY_LOCK = "A lock sets it."
_GSSAPI = ("This libzmq was built without GSSAPI.", "Use lock=curve-client or lock=curve-server.")
_GOVERNED = ("ZMQ Scope sets it by itself, so that its window never waits.", _LEAVE_OUT)
_MANUAL = ("Nothing here would answer the subscriptions, so every one would be lost.", _LEAVE_OUT)
_READ_ONLY = ("It can only be read.", _LEAVE_OUT)
_GONE = ("libzmq has replaced it.", "Use sndhwm and rcvhwm, or ipv6.")
_DRAFT = ("Only a libzmq that was built with its draft functions has it.", _LEAVE_OUT)
_NORM = ("This libzmq was built without norm://.", _LEAVE_OUT)
_VMCI = ("This libzmq was built without vmci://.", _LEAVE_OUT)
# router.cpp and stream.cpp: zmq_assert (!has_out_pipe (routing_id)).
_ABORTS = (
    "libzmq ends the program when two peers get the same one.",
    "Let the peer choose its own, with identity=.",
)

REFUSED: dict[str, tuple[str, str]] = {
    "linger": (
        "Closing never waits for unsent messages here, so it is always 0.",
        _LEAVE_OUT,
    ),
    "subscribe": ("Subscriptions are written as topic=.", "Type topic= and the topic."),
    "unsubscribe": ("A spec lists only the topics that are wanted.", _LEAVE_OUT),
    "router_raw": ("STREAM has replaced it.", "Open a stream: socket."),
    "use_fd": ("It takes over a descriptor that another program has opened.", _LEAVE_OUT),
    "socks_password": (
        _HIDDEN,
        "Use a proxy on this machine that asks for none.",
    ),
    **dict.fromkeys(("sndtimeo", "rcvtimeo", "affinity", "blocky"), _GOVERNED),
    "plain_password": (
        _HIDDEN,
        "Type lock=plain-client, user= and secret=file:/path, secret=keyring:name or "
        "secret=session:name.",
    ),
    "curve_secretkey": (
        _HIDDEN,
        "Type lock=curve-client or lock=curve-server, and secret=file: and the path of a "
        ".key_secret file.",
    ),
    "plain_username": (_BY_LOCK, "Type lock=plain-client and user= instead."),
    "plain_server": (_BY_LOCK, "Type lock=plain-server instead."),
    "curve_server": (_BY_LOCK, "Type lock=curve-server and secret=file:/path instead."),
    "curve_serverkey": (_BY_LOCK, "Type lock=curve-client and server_key= instead."),
    "curve_publickey": (
        "It comes with the secret key.",
        "Type secret=file: and the path of a .key_secret file, which has both.",
    ),
    "mechanism": ("It follows from the lock.", "Type lock=plain-client or another lock."),
    "zap_domain": ("Servers ask our own access lists.", "Type access= and the list’s name."),
    "zap_enforce_domain": (
        "Servers ask our own access lists.",
        "Type lock=null-server to have addresses checked without a lock.",
    ),
    **dict.fromkeys(
        (
            "gssapi_plaintext", "gssapi_principal", "gssapi_principal_nametype", "gssapi_server",
            "gssapi_service_principal", "gssapi_service_principal_nametype",
        ),
        _GSSAPI,
    ),
    **dict.fromkeys(("xpub_manual", "xpub_manual_last_value"), _MANUAL),
    **dict.fromkeys(
        ("events", "fd", "last_endpoint", "rcvmore", "thread_safe", "topics_count", "type"),
        _READ_ONLY,
    ),
    **dict.fromkeys(("hwm", "ipv4only"), _GONE),
    **dict.fromkeys(("connect_routing_id", "connect_rid"), _ABORTS),
    **dict.fromkeys(
        (
            "busy_poll", "disconnect_msg", "hello_msg", "hiccup_msg", "in_batch_size",
            "out_batch_size", "priority", "router_notify", "xsub_verbose_unsubscribe",
        ),
        _DRAFT,
    ),
    **dict.fromkeys(
        (
            "norm_block_size", "norm_buffer_size", "norm_mode", "norm_num_autoparity",
            "norm_num_parity", "norm_push", "norm_segment_size", "norm_unicast_nack",
        ),
        _NORM,
    ),
    **dict.fromkeys(
        (
            "vmci_buffer_max_size", "vmci_buffer_min_size", "vmci_buffer_size",
            "vmci_connect_timeout",
        ),
        _VMCI,
    ),
}  # fmt: skip
