"""Locks for the two sides of a connection: what our spec says, and what a peer is started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import zmq

from zmqscope.core.security.access import AccessList, AccessMode, AllowedKey, AllowedUser
from zmqscope.core.security.passwords import hash_password
from zmqscope.core.security.secret import KeyPair, Secret
from zmqscope.core.security.secret_files import write_key_pair

USER, PASSWORD = "ann", "pass-w0rd-for-tests"
OPEN = "open"
PLAIN_SERVER, PLAIN_USERNAME, PLAIN_PASSWORD = 44, 45, 46
CURVE_SERVER, CURVE_PUBLICKEY, CURVE_SECRETKEY, CURVE_SERVERKEY = 47, 48, 49, 50
ZAP_DOMAIN = 55


def new_pair() -> KeyPair:
    """Keys by libzmq itself."""
    public, secret = zmq.curve_keypair()
    return KeyPair(public.decode(), Secret(secret))


def shown(secret: Secret) -> str:
    """A secret as text; for peers and for looking where it must not be."""
    return secret.reveal().decode()


@dataclass(frozen=True, slots=True)
class Keys:
    """Files and values for one test.

    Attributes:
        folder: Where the files are.
        server: The server's pair, in ``server.key`` and ``server.key_secret``.
        client: The client's pair, in ``client.key`` and ``client.key_secret``.
    """

    folder: Path
    server: KeyPair
    client: KeyPair

    @classmethod
    def make(cls, folder: Path) -> Keys:
        """New ones, and the password in a file too."""
        made = cls(folder, new_pair(), new_pair())
        write_key_pair(str(folder), "server", made.server)
        write_key_pair(str(folder), "client", made.client)
        made.password_file.touch(0o600)
        made.password_file.write_text(f"{PASSWORD}\n")
        return made

    @property
    def password_file(self) -> Path:
        """The password as one line."""
        return self.folder / "password"

    @property
    def access(self) -> tuple[AccessList, ...]:
        """An access list that knows our user and the client's key, and one for everybody."""
        return (
            AccessList(
                mode=AccessMode.LISTED,
                users=(AllowedUser(USER, hash_password(PASSWORD)),),
                keys=(AllowedKey(self.client.public, "test"),),
            ),
            AccessList(OPEN, AccessMode.ANYONE),
        )

    def ours(self, mechanism: str, is_server: bool) -> str:
        """What our socket's spec says of its lock."""
        side = "server" if is_server else "client"
        match mechanism, is_server:
            case "plain", False:
                return f",lock=plain-client,user={USER},secret=file:{self.password_file}"
            case "curve", False:
                server_key = self.server.public.replace("%", "%25")
                secret = f"secret=file:{self.folder}/client.key_secret"
                return f",lock=curve-client,server_key={server_key},{secret}"
            case "curve", True:
                return f",lock=curve-server,secret=file:{self.folder}/server.key_secret"
            case "null", False:
                return ""
            case "null", True:
                return f",lock=null-server,access={OPEN}"
        return f",lock={mechanism}-{side}"

    def theirs(self, mechanism: str, is_server: bool) -> list[str]:
        """What a peer needs on its command line."""
        match mechanism, is_server:
            case "plain", False:
                return _options({PLAIN_USERNAME: USER, PLAIN_PASSWORD: PASSWORD})
            case "plain", True:
                known = ["--user", f"{USER}:{PASSWORD}"]
                return [*known, *_options({PLAIN_SERVER: "#1", ZAP_DOMAIN: "global"})]
            case "curve", False:
                return _options(
                    {
                        CURVE_SERVERKEY: self.server.public,
                        CURVE_PUBLICKEY: self.client.public,
                        CURVE_SECRETKEY: shown(self.client.secret),
                    }
                )
            case "curve", True:
                options = {
                    CURVE_SERVER: "#1",
                    CURVE_SECRETKEY: shown(self.server.secret),
                    ZAP_DOMAIN: "global",
                }
                return [f"--client-key={self.client.public}", *_options(options)]
        return []


def _options(values: dict[int, str]) -> list[str]:
    return [f"--set={number}={value}" for number, value in values.items()]
