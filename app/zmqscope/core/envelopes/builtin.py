"""The envelopes that come with the app, in the order in which they win a draw."""

from __future__ import annotations

from zmqscope.core.envelopes.bitcoin import Bitcoin
from zmqscope.core.envelopes.bluesky import Bluesky
from zmqscope.core.envelopes.clone import Clone
from zmqscope.core.envelopes.eddn import Eddn
from zmqscope.core.envelopes.envelope import Envelope
from zmqscope.core.envelopes.gnuradio import GnuRadio
from zmqscope.core.envelopes.jupyter import Jupyter
from zmqscope.core.envelopes.locust import Locust
from zmqscope.core.envelopes.majordomo import Majordomo
from zmqscope.core.envelopes.malamute import Malamute
from zmqscope.core.envelopes.monero import Monero
from zmqscope.core.envelopes.open_ephys import OpenEphys
from zmqscope.core.envelopes.openpilot import Openpilot
from zmqscope.core.envelopes.paranoid_pirate import ParanoidPirate
from zmqscope.core.envelopes.pupil import Pupil
from zmqscope.core.envelopes.salt import Salt
from zmqscope.core.envelopes.sonic import Sonic
from zmqscope.core.envelopes.titanic import Titanic
from zmqscope.core.envelopes.vllm import Vllm
from zmqscope.core.envelopes.zap import Zap
from zmqscope.core.envelopes.zerorpc import ZeroRpc
from zmqscope.core.envelopes.zre import Zre


def builtin_envelopes() -> tuple[Envelope, ...]:
    """All envelopes of the app."""
    return (
        Jupyter(),
        Bitcoin(),
        Monero(),
        ZeroRpc(),
        Locust(),
        Vllm(),
        Pupil(),
        Salt(),
        Bluesky(),
        Eddn(),
        Titanic(),  # before Majordomo, of which it is a special case
        Majordomo(),
        Zre(),
        Malamute(),
        Zap(),
        Clone(),
        Sonic(),
        OpenEphys(),
        GnuRadio(),
        Openpilot(),
        ParanoidPirate(),
    )
