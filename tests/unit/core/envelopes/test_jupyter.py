"""Messages as ``jupyter_client.session`` packs them, its own signatures among them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jupyter_client.session import Session

from tests.envelope_rig import Sample, labels, outline, see, whole
from zmqscope.core.envelopes.envelope import Note
from zmqscope.core.envelopes.jupyter import DELIMITER, Jupyter
from zmqscope.core.types import SocketType

KEY = b"3f8a-not-a-secret"
ROUTING_ID = b"\x00\x80\x00\x00\x41"


def session(key: bytes = KEY, scheme: str = "hmac-sha256") -> Session:
    return Session(key=key, signature_scheme=scheme, session="s" * 32, username="ada")


def packed(
    kind: str,
    content: dict[str, object],
    *ids: bytes,
    parent: str = "execute_request",
    by: Session | None = None,
) -> tuple[bytes, ...]:
    by = by or session()
    header = by.msg_header(parent or "execute_request")
    message = by.msg(kind, content, parent={"header": header} if parent else None)
    return tuple(by.serialize(message, list(ids)))


def sample(kind: str, content: dict[str, object], summary: str) -> Sample:
    return Sample(SocketType.SUB, packed(kind, content, b"kernel.1." + kind.encode()), summary, 1)


def on_shell(kind: str, content: dict[str, object], summary: str) -> Sample:
    return Sample(SocketType.ROUTER, packed(kind, content, ROUTING_ID), summary, 1)


LONG_CODE = "x = 1\n" * 500

SAMPLES = (
    on_shell("execute_request", {"code": "1+1", "silent": False}, 'execute_request "1+1"'),
    on_shell("execute_request", {"code": "1+1", "silent": True}, 'execute_request "1+1" silent'),
    on_shell("execute_reply", {"status": "ok", "execution_count": 3}, "execute_reply ok [3]"),
    on_shell(
        "execute_reply",
        {"status": "error", "execution_count": 4, "ename": "NameError", "evalue": "x"},
        "execute_reply error [4] NameError: x",
    ),
    on_shell("complete_request", {"code": "pri", "cursor_pos": 3}, 'complete_request "pri" at 3'),
    on_shell(
        "complete_reply", {"matches": ["a", "b"], "status": "ok"}, "complete_reply ok 2 matches"
    ),
    on_shell("inspect_reply", {"status": "ok", "found": False}, "inspect_reply ok nothing found"),
    on_shell("kernel_info_request", {}, "kernel_info_request"),
    on_shell(
        "kernel_info_reply",
        {
            "status": "ok",
            "implementation": "ipython",
            "implementation_version": "9.1",
            "language_info": {"name": "python", "version": "3.11.8"},
        },
        "kernel_info_reply ok ipython 9.1 python 3.11.8",
    ),
    on_shell("history_request", {"hist_access_type": "tail"}, "history_request tail"),
    on_shell(
        "comm_open",
        {"comm_id": "c1", "target_name": "jupyter.widget"},
        "comm_open jupyter.widget c1",
    ),
    on_shell("shutdown_request", {"restart": True}, "shutdown_request restart"),
    on_shell("debug_request", {"command": "setBreakpoints"}, "debug_request setBreakpoints"),
    on_shell("input_request", {"prompt": "Name? ", "password": False}, 'input_request "Name? "'),
    on_shell("input_reply", {"value": "hunter2"}, "input_reply 7 characters"),
    on_shell("made_up_request", {"x": 1}, "made_up_request"),
    sample("stream", {"name": "stdout", "text": "2\n"}, 'stream stdout "2\\n"'),
    sample("status", {"execution_state": "idle"}, "status idle"),
    sample("execute_input", {"code": "1+1", "execution_count": 1}, 'execute_input [1] "1+1"'),
    sample(
        "execute_result",
        {"execution_count": 1, "data": {"text/plain": "2"}, "metadata": {}},
        'execute_result [1] "2"',
    ),
    sample(
        "display_data",
        {"data": {"text/plain": "<Figure>", "image/png": "iVBOR", "text/html": "<b>"}},
        'display_data image/png, text/html "<Figure>"',
    ),
    sample(
        "error",
        {"ename": "NameError", "evalue": "name 'x' is not defined", "traceback": ["…"]},
        "error NameError: name 'x' is not defined",
    ),
    sample("clear_output", {"wait": True}, "clear_output wait"),
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.summary[:40])
def test_each_message_has_a_line(sample: Sample) -> None:
    sighting = see(Jupyter(), sample)
    assert sighting.summary == sample.summary
    assert sighting.confidence > 0.9
    names = ["header", "parent header", "metadata", "content"]
    first = "topic" if sample.kind is SocketType.SUB else "routing id"
    assert labels(sighting) == [first, "delimiter", "signature", *names]
    assert sighting.body == 6
    assert all(frame.decoder == "json" for frame in sighting.frames[3:])
    # What somebody typed may be a password.
    assert sighting.frames[6].is_secret == sample.summary.startswith("input_reply")


@pytest.mark.parametrize(
    ("kind", "socket_type", "channel"),
    [
        ("status", SocketType.SUB, "iopub"),
        ("status", None, "iopub, going by its type"),
        ("input_request", SocketType.DEALER, "stdin, going by its type"),
        ("interrupt_request", SocketType.ROUTER, "control, going by its type"),
        ("execute_request", SocketType.ROUTER, "shell or control"),
    ],
)
def test_the_channel_is_told_as_far_as_it_can_be(
    kind: str, socket_type: SocketType | None, channel: str
) -> None:
    sighting = Jupyter().see(outline(packed(kind, {}, b"x"), socket_type))
    assert sighting is not None
    assert Note(f"Channel: {channel}.") in sighting.notes


@pytest.mark.parametrize("ids", [(), (b"a",), (b"a", b"b")])
def test_any_number_of_routing_ids_comes_before_the_delimiter(ids: tuple[bytes, ...]) -> None:
    frames = packed("execute_request", {"code": "1"}, *ids)
    sighting = Jupyter().see(outline(frames, SocketType.ROUTER, len(ids)))
    assert sighting is not None
    assert labels(sighting)[: len(ids)] == ["routing id"] * len(ids)
    assert sighting.body == len(ids) + 5


def test_buffers_behind_the_content_are_counted() -> None:
    frames = (*packed("comm_msg", {"comm_id": "c"}, b"x"), b"one", b"two")
    sighting = Jupyter().see(outline(frames, SocketType.ROUTER, 1))
    assert sighting is not None
    assert labels(sighting)[-2:] == ["buffer 1", "buffer 2"]
    many = Jupyter().see(outline(frames + (b"",) * 5_000, SocketType.ROUTER, 1))
    assert many is not None
    assert len(many.frames) < 100


def test_a_table_has_only_the_beginning_of_the_code() -> None:
    frames = packed("execute_request", {"code": LONG_CODE}, ROUTING_ID)
    sighting = Jupyter().see(outline(frames, SocketType.ROUTER, 1))
    assert sighting is not None
    assert sighting.summary.startswith('execute_request "x = 1\\nx = 1')
    assert sighting.summary.endswith('…"')
    frames = (*frames[:-1], b'{"code": "a\\u00')
    cut = outline((*frames[:-1], frames[-1] + b"e9" * 300), SocketType.ROUTER, 1, head=220)
    assert Jupyter().see(cut) is not None


def test_a_header_that_is_none_is_said_to_be_none() -> None:
    frames = (b"x", DELIMITER, b"", b"[]", b"{}", b"{}", b"{}")
    sighting = Jupyter().see(outline(frames))
    assert sighting is not None
    assert sighting.confidence < 0.9
    assert any(note.is_bad for note in sighting.notes)


@pytest.mark.parametrize(
    "frames",
    [(DELIMITER,), (DELIMITER, b"", b"{}"), (b"<IDS|MSG> ", b"", b"{}", b"{}", b"{}", b"{}"), ()],
)
def test_other_messages_are_left_alone(frames: tuple[bytes, ...]) -> None:
    assert Jupyter().see(outline(frames)) is None


# ---- signatures -------------------------------------------------------------------------------


def connection_file(folder: Path, key: bytes = KEY, scheme: str = "hmac-sha256") -> str:
    path = folder / f"kernel-{key[:4].decode()}.json"
    content = {"key": key.decode(), "signature_scheme": scheme, "kernel_name": "python3"}
    path.write_text(json.dumps({**content, "shell_port": 5001, "ip": "127.0.0.1"}))
    return str(path)


def notes(jupyter: Jupyter, frames: tuple[bytes, ...]) -> list[Note]:
    sighting = jupyter.see(whole(frames))
    assert sighting is not None
    return list(jupyter.check(frames, sighting))


def test_without_a_connection_file_nothing_is_claimed() -> None:
    assert notes(Jupyter(), packed("status", {}, b"x"))[0] == Note(
        "Signature not checked: no connection file given."
    )


@pytest.mark.parametrize("scheme", ["hmac-sha256", "hmac-sha1", "hmac-sha512"])
def test_a_right_signature_names_kernel_and_file(tmp_path: Path, scheme: str) -> None:
    jupyter = Jupyter()
    jupyter.keys.add_connection_file(connection_file(tmp_path, b"other"))
    jupyter.keys.add_connection_file(connection_file(tmp_path, KEY, scheme))
    jupyter.keys.add_connection_file(connection_file(tmp_path, b"more"))
    frames = packed("status", {}, b"x", by=session(KEY, scheme))
    assert notes(jupyter, frames)[0] == Note(
        "Signature is right (kernel python3, connection file kernel-3f8a.json)."
    )
    # The key that fitted is tried first from now on.
    assert jupyter.keys.keys[0].path.endswith("kernel-3f8a.json")


@pytest.mark.parametrize("index", [3, 4, 5, 6])
def test_each_signed_frame_counts(tmp_path: Path, index: int) -> None:
    jupyter = Jupyter()
    jupyter.keys.add_connection_file(connection_file(tmp_path))
    frames = list(packed("status", {"execution_state": "idle"}, b"x"))
    frames[index] += b" "
    note = notes(jupyter, tuple(frames))[0]
    assert note.is_bad
    assert note.text.startswith("Signature is wrong: ")


def test_buffers_and_routing_ids_are_not_signed(tmp_path: Path) -> None:
    jupyter = Jupyter()
    jupyter.keys.add_connection_file(connection_file(tmp_path))
    frames = packed("status", {}, b"x")
    assert "is right" in notes(jupyter, (b"y", b"z", *frames[1:], b"buffer"))[0].text


def test_an_empty_key_means_that_nothing_is_signed(tmp_path: Path) -> None:
    jupyter = Jupyter()
    frames = packed("status", {}, b"x", by=session(b""))
    assert frames[2] == b""
    assert notes(jupyter, frames)[0] == Note("Not signed: the signature is empty.")
    jupyter.keys.add_connection_file(connection_file(tmp_path))
    assert notes(jupyter, frames)[0].is_bad
    jupyter.keys.add_connection_file(connection_file(tmp_path, b""))
    assert notes(jupyter, frames)[0] == Note(
        "Not signed: the key is empty (kernel python3, connection file kernel-.json)."
    )


def test_what_takes_too_long_is_not_checked(tmp_path: Path) -> None:
    jupyter = Jupyter()
    jupyter.keys.add_connection_file(connection_file(tmp_path))
    frames = packed("stream", {"name": "stdout", "text": "x" * 9_000_000}, b"x")
    note = notes(jupyter, frames)[0]
    assert note.text.startswith("Signature not checked: 9,000,")
    assert not note.is_bad


def test_the_request_that_a_message_belongs_to_is_named() -> None:
    frames = packed("status", {}, b"x")
    request = json.loads(frames[4])
    assert notes(Jupyter(), frames)[1].text == f"It belongs to execute_request {request['msg_id']}."
    assert len(notes(Jupyter(), packed("execute_request", {}, b"x", parent=""))) == 1


def test_what_is_cut_is_not_counted_as_all() -> None:
    typed = on_shell("input_reply", {"value": "x" * 900}, "")
    assert see(Jupyter(), typed).summary.endswith(" or more characters")
    comms = {f"{at:032}": {"target_name": "jupyter.widget"} for at in range(30)}
    known = on_shell("comm_info_reply", {"status": "ok", "comms": comms}, "")
    assert see(Jupyter(), known).summary.endswith(" or more comms")
