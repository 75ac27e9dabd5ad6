"""What Salt's master and minions send each other: the envelope, since loads are encrypted.

Pure, any thread. Source: Salt, ``salt/transport/zeromq.py`` and ``salt/channel``.
"""

from __future__ import annotations

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.msgpack_head import HeadEndError, MsgpackHead
from zmqscope.core.envelopes.summary import brief, join, quote
from zmqscope.core.wording import counted

_FIXMAP_0, _FIXMAP_15 = 0x80, 0x8F
_ENCRYPTIONS = frozenset(("aes", "clear", "pub"))
_KEYS = frozenset(
    (
        *("enc", "load", "sig", "version", "pub_key", "aes", "token", "publish_port"),
        *("enc_algo", "sig_algo", "id", "nonce", "key", "session", "ret"),
    )
)
_TARGETS = (b"broadcast", b"syndic")
_SHA1_DIGITS = 40
_HEX = frozenset(b"0123456789abcdef")
_ENC, _LOAD = b"enc", b"\xa4load"
_LENGTHS = {b"\xc4": 1, b"\xc5": 2, b"\xc6": 4, b"\xd9": 1, b"\xda": 2, b"\xdb": 4}
_SHORT = range(0xA0, 0xC0)
_ENCRYPTED = Note("The load is encrypted; only the master and its minions can read it.")


class Salt:
    """The envelope."""

    name = "salt"
    title = "Salt"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        heads = outline.heads
        if not heads or outline.frame_count != len(heads):
            return None
        last = heads[-1]
        # A map that says early how it is encrypted.
        if not last or not _FIXMAP_0 < last[0] <= _FIXMAP_15 or _ENC not in last[:512]:
            return None
        try:
            fields = MsgpackHead(last).fields()
        except HeadEndError:
            return None
        enc = _text(fields.get("enc"))
        if enc not in _ENCRYPTIONS or not _fits(fields, enc):
            return None
        is_known = _KEYS.issuperset(fields)
        target = _target(heads)
        confidence = 0.95 if target or (is_known and len(fields) > 2) else 0.85 if is_known else 0.6
        return Sighting(
            self.name,
            confidence,
            _summary(fields, enc, target, last),
            (*_first_names(heads, target), FrameName("payload", "msgpack")),
            len(heads) - 1,
            (_ENCRYPTED,) if enc == "aes" else (),
        )

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Never called: payloads are MessagePack."""
        raise DecodeError("Salt's payloads are MessagePack.")

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing needs the frames whole."""
        return ()


def _fits(fields: dict[object, object], enc: str) -> bool:
    """Whether what follows from the encryption is there; a value that is cut counts as there."""
    if enc == "pub":
        return "pub_key" in fields or "aes" in fields or "load" in fields
    if "load" not in fields:
        return False
    load = fields["load"]
    if enc == "aes":
        return load is None or isinstance(load, bytes | str)
    return load is None or isinstance(load, dict | bytes | str)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def _target(heads: tuple[bytes, ...]) -> str:
    """Whom the master publishes to, where it says so (``zmq_filtering``)."""
    if len(heads) != 2:
        return ""
    if heads[0] in _TARGETS:
        return heads[0].decode()
    is_sha1 = len(heads[0]) == _SHA1_DIGITS and _HEX.issuperset(heads[0])
    return f"minion {heads[0][:8].decode()}…" if is_sha1 else ""


def _first_names(heads: tuple[bytes, ...], target: str) -> tuple[FrameName, ...]:
    if target:
        return (FrameName("target", "text"),)
    return tuple(FrameName("routing id" if head else "delimiter") for head in heads[:-1])


def _summary(fields: dict[object, object], enc: str, target: str, head: bytes) -> str:
    load = fields.get("load")
    version = fields.get("version")
    minion = _text(fields.get("id"))  # in clear from version 3 on
    about = [
        f"from {quote(minion, 80)[1:-1]}" if minion else "",
        f"to {target}" if target else "",
        "signed" if "sig" in fields else "",
        f"version {version}" if isinstance(version, int) and 0 <= version < 1_000 else "",
    ]
    if enc == "pub":
        what = "key exchange" if "pub_key" in fields or "aes" in fields else "load"
        return join((f"{enc} {what}", *about))
    if enc == "clear" and load is None:
        load = _cut_load(head)
    if enc == "clear" and isinstance(load, dict):
        return join((enc, *_clear(load), *about))
    # Minions pack it as a text that is none: its bytes are counted, not its characters.
    size = len(load) if isinstance(load, bytes) else _load_size(head)
    return join((enc, "load", "" if size is None else counted(size, "byte"), *about))


def _load_size(head: bytes) -> int | None:
    """What a load says about its size: bin or str with 5, 8, 16 or 32 bits of length."""
    at = head.find(_LOAD, 0, 512) + len(_LOAD)
    if at < len(_LOAD) or at >= len(head):
        return None
    if head[at] in _SHORT:
        return head[at] & 0x1F
    bits = _LENGTHS.get(head[at : at + 1])
    return None if bits is None else int.from_bytes(head[at + 1 : at + 1 + bits])


def _cut_load(head: bytes) -> dict[object, object] | None:
    """The first fields of a load in clear whose end is not here: an ``_auth`` has a key in it."""
    at = head.find(_LOAD, 0, 512)
    if at < 0:
        return None
    try:
        return MsgpackHead(head[at + len(_LOAD) :]).fields()
    except HeadEndError:
        return None


def _clear(load: dict[object, object]) -> tuple[str, ...]:
    command, minion = _text(load.get("cmd")), _text(load.get("id"))
    if command:
        return quote(command, 60)[1:-1], f"from {quote(minion, 80)[1:-1]}" if minion else ""
    if "ret" in load:
        known = {True: "accepted", False: "refused"}
        ret = load["ret"]
        return "answer", known[ret] if isinstance(ret, bool) else brief(ret, 60)
    return ("load",)
