from __future__ import annotations

from zmqscope.core.options import find_option
from zmqscope.core.types import Role
from zmqscope.models.sockets.spec_draft import EndpointDraft
from zmqscope.models.sockets.websocket_options import websocket_note, websocket_options

WSS_BIND = EndpointDraft(Role.BIND, "wss://*:8443")
WSS_CONNECT = EndpointDraft(Role.CONNECT, "wss://localhost:8443")
WS = EndpointDraft(Role.CONNECT, "ws://localhost:8080")
TCP = EndpointDraft(Role.CONNECT, "tcp://localhost:5556")


def test_each_side_is_shown_what_it_needs() -> None:
    assert websocket_options([TCP]) == ()
    assert websocket_options([TCP, WS]) == ("zws_subprotocol",)
    assert websocket_options([WSS_BIND]) == ("wss_cert_pem", "wss_key_pem", "zws_subprotocol")
    both = websocket_options([WSS_CONNECT, WSS_BIND])
    assert len(both) == 6
    assert both.index("wss_cert_pem") < both.index("wss_trust_pem")


def test_all_of_them_are_options() -> None:
    for name in websocket_options([WSS_CONNECT, WSS_BIND]):
        assert find_option(name).name == name


def test_a_bound_wss_endpoint_without_a_certificate_is_told() -> None:
    assert "certificate" in websocket_note([WSS_BIND], ["wss_cert_pem"])
    assert websocket_note([WSS_BIND], ["wss_key_pem", "wss_cert_pem"]) == ""
    assert websocket_note([WSS_CONNECT, WS], []) == ""
