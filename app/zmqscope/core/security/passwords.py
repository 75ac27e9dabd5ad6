"""Passwords of PLAIN users: kept as scrypt (RFC 7914), compared in constant time. Any thread."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections import OrderedDict

from zmqscope.core.security.access import PasswordHash

# 60 ms and 16 MiB for each guess. The version of the file that hashes are kept in stands for them.
_COST, _BLOCK_SIZE, _PARALLEL = 1 << 14, 8, 1
_SALT_BYTES = 16
_DIGEST_BYTES = 32
_MEMORY_BYTES = 64 << 20
_KEY_BYTES = 32
_MOST_RIGHT = 10_000
_MOST_WRONG = 1_000


def hash_password(password: bytes | str) -> PasswordHash:
    """A password as it is kept; takes about 60 ms, without the GIL.

    Args:
        password: It; text is taken as UTF-8, as libzmq's clients send it.
    """
    salt = os.urandom(_SALT_BYTES)
    return PasswordHash(salt, _scrypt(_as_bytes(password), salt))


def is_password(kept: PasswordHash, password: bytes | str) -> bool:
    """Whether a password is the one that is kept; takes about 60 ms, without the GIL."""
    return hmac.compare_digest(_scrypt(_as_bytes(password), kept.salt), kept.digest)


def _scrypt(password: bytes, salt: bytes) -> bytes:
    return hashlib.scrypt(
        password,
        salt=salt,
        n=_COST,
        r=_BLOCK_SIZE,
        p=_PARALLEL,
        maxmem=_MEMORY_BYTES,
        dklen=_DIGEST_BYTES,
    )


def _as_bytes(password: bytes | str) -> bytes:
    return password.encode("utf-8", "surrogatepass") if isinstance(password, str) else password


class SeenPasswords:
    """Remembers what scrypt has said, so that a check costs microseconds from then on.

    What it keeps is worth nothing outside this process: digests with a key drawn for this run. Once
    the right password of a user was seen, every other one is known to be wrong. One thread.
    """

    def __init__(self) -> None:
        self._key = os.urandom(_KEY_BYTES)
        self._right: OrderedDict[PasswordHash, bytes] = OrderedDict()
        self._wrong: OrderedDict[tuple[PasswordHash, bytes], None] = OrderedDict()

    def digest(self, password: bytes) -> bytes:
        """What stands for a password in this run."""
        return hashlib.blake2b(password, key=self._key, digest_size=_DIGEST_BYTES).digest()

    def look(self, kept: PasswordHash, password: bytes) -> bool | None:
        """Whether it is the password; None if only scrypt can tell."""
        digest = self.digest(password)
        right = self._right.get(kept)
        if right is not None:
            return hmac.compare_digest(right, digest)
        return False if (kept, digest) in self._wrong else None

    def note(self, kept: PasswordHash, password: bytes, is_right: bool) -> None:
        """Remember what scrypt has said; the oldest beyond a bound are forgotten."""
        digest = self.digest(password)
        if is_right:
            self._right[kept] = digest
            if len(self._right) > _MOST_RIGHT:
                self._right.popitem(last=False)
            return
        self._wrong[kept, digest] = None
        if len(self._wrong) > _MOST_WRONG:
            self._wrong.popitem(last=False)
