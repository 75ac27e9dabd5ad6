from dataclasses import replace

import pytest

from tests.composer_rig import ComposerRig
from zmqscope.core.load import CounterFormat, CounterSpec, LoadEnd, LoadPlan
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import SocketId, SocketSnapshot, SocketState, SocketType
from zmqscope.models.composer.composer import ComposerModel
from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat
from zmqscope.models.composer.generator import PRESETS_PER_S, GeneratorModel


class Bench(ComposerRig):
    """A generator for the composer's message."""

    def __init__(self) -> None:
        super().__init__()
        self.composer = ComposerModel(self.store, self.controller)
        self.model = GeneratorModel(self.composer)
        self.changes = 0
        self.model.changed.connect(self.on_model_changed)

    def on_model_changed(self) -> None:
        self.changes += 1

    def choose(self, kind: SocketType, options: str = "") -> None:
        self.composer.set_socket(self.open(kind, options=options))

    def write(self, *texts: str) -> None:
        self.composer.message.replace_all([FrameDraft(text=text) for text in texts])

    def words(self) -> str:
        problem = self.model.problem
        return "" if problem is None else problem.sentence()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_it_sends_what_the_composer_holds(bench: Bench) -> None:
    bench.choose(SocketType.PUSH)
    bench.write("topic", "0123456789")
    bench.model.set_rate(None)
    bench.model.set_count(500)
    bench.model.set_numbered(True)
    assert bench.model.start()
    ((_, socket_id, plan),) = bench.recorder.loads
    assert socket_id == SocketId(1)
    assert plan == LoadPlan((b"topic", b"0123456789"), None, 500, CounterSpec(1, 0))
    assert bench.model.is_running
    assert not bench.model.start()
    assert bench.model.message_words() == "topic · 0123456789"
    assert bench.model.size_words() == "2 frames, 15 B"


def test_it_stops_what_the_chosen_socket_sends(bench: Bench) -> None:
    bench.choose(SocketType.PUSH)
    bench.write("x")
    bench.model.start()
    line = bench.model.line()
    assert line is not None
    bench.model.stop()
    bench.report_load(sent=7, end=LoadEnd.STOPPED)
    assert bench.recorder.stopped == [line.snapshot.job_id]
    assert not bench.model.is_running
    result = bench.model.line()
    assert result is not None
    assert result.snapshot.sent == 7
    bench.choose(SocketType.PUB)
    assert bench.model.line() is None


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (SocketType.REQ, "A REQ takes turns with its peer"),
        (SocketType.REP, "A REP takes turns with its peer"),
        (SocketType.PULL, "A PULL only receives"),
        (SocketType.ROUTER, "it has to name the peer"),
        (SocketType.GATHER, "A GATHER only receives"),
        (SocketType.SCATTER, "cannot send a message of several frames"),
    ],
)
def test_what_cannot_be_sent_is_said(bench: Bench, kind: SocketType, words: str) -> None:
    bench.choose(kind)
    bench.write("", "x")
    assert words in bench.words()
    assert not bench.model.start()


def test_without_a_socket_one_has_to_be_chosen(bench: Bench) -> None:
    assert bench.words() == "No socket is chosen. Choose one in the list to send from it."
    assert bench.model.lacks_socket
    assert bench.model.warning == ""


def test_a_closed_socket_and_an_unreadable_frame(bench: Bench) -> None:
    bench.composer.set_socket(bench.open(SocketType.PUSH, state=SocketState.CLOSED))
    assert "closed" in bench.words()
    bench.choose(SocketType.PUSH)
    bench.composer.message.replace_all([FrameDraft(FrameFormat.HEX, "0g")])
    assert bench.words().startswith("Frame 1: ")
    assert bench.model.plan() is None
    assert bench.model.counter_problem is not None


# ---- the counter ----------------------------------------------------------------------------


def test_the_counter_stands_in_the_last_frame_until_another_is_chosen(bench: Bench) -> None:
    bench.choose(SocketType.PUSH)
    bench.write("0123456789")
    assert bench.model.counter.frame == 0
    bench.write("0123456789", "0123456789")
    assert bench.model.counter.frame == 1
    bench.model.set_counter(replace(bench.model.counter, frame=0))
    bench.write("a", "b", "c")
    assert bench.model.counter.frame == 0


def test_a_frame_that_is_too_short_can_be_lengthened(bench: Bench) -> None:
    bench.choose(SocketType.PUSH)
    bench.write("hello")
    assert bench.model.missing_bytes == 0  # nobody wants a counter
    bench.model.set_numbered(True)
    assert bench.model.missing_bytes == 3
    assert "The counter takes 8 bytes" in bench.words()
    bench.model.make_room()
    assert bench.composer.message.data() == (b"hello000",)
    assert (bench.model.missing_bytes, bench.words()) == (0, "")
    bench.model.make_room()
    assert bench.composer.message.data() == (b"hello000",)


def test_bytes_are_lengthened_by_zeros(bench: Bench) -> None:
    bench.choose(SocketType.PUSH)
    bench.composer.message.replace_all([FrameDraft(FrameFormat.HEX, "ff fe")])
    bench.model.set_numbered(True)
    bench.model.make_room()
    assert bench.composer.message.data() == (b"\xff\xfe" + bytes(6),)


def test_a_start_that_does_not_fit_another_format_begins_at_nought(bench: Bench) -> None:
    bench.choose(SocketType.PUSH)
    bench.write("0123456789")
    bench.model.set_counter(replace(bench.model.counter, start=10**9))
    bench.model.set_counter_format(CounterFormat.DECIMAL)
    assert (bench.model.counter.start, bench.model.counter.width) == (0, 8)
    bench.model.set_counter(replace(bench.model.counter, start=42))
    bench.model.set_counter_format(CounterFormat.LITTLE_ENDIAN)
    assert bench.model.counter.start == 42


# ---- what one should know -------------------------------------------------------------------


def warning(bench: Bench, spec: str, rate: float | None, *, size: int = 16) -> str:
    snapshot = SocketSnapshot(SocketId(50), parse_spec(spec), SocketState.CONNECTED)
    bench.show(snapshot)
    bench.composer.set_socket(SocketId(50))
    bench.composer.message.replace_all([FrameDraft(text="x" * size)])
    bench.model.set_rate(rate)
    return bench.model.warning


def test_a_flood_that_leaves_the_machine_is_worth_a_warning(bench: Bench) -> None:
    words = warning(bench, "push:tcp://10.0.4.2:5556", None)
    assert words.startswith("This goes to tcp://10.0.4.2:5556, over the network")
    assert "over the network" in warning(bench, "push:tcp://feed.local:5556", 100_000.0)
    assert warning(bench, "push:tcp://10.0.4.2:5556", 10_000.0) == ""


@pytest.mark.parametrize(
    "address", ["tcp://localhost:1", "tcp://127.0.0.2:1", "tcp://[::1]:1", "ipc:///tmp/a"]
)
def test_what_stays_here_is_not(bench: Bench, address: str) -> None:
    assert "over the network" not in warning(bench, f"push:{address}", None)


def test_a_queue_that_could_take_much_memory(bench: Bench) -> None:
    words = warning(bench, "push:tcp://localhost:1,sndhwm=100000", None, size=10_000)
    assert words == (
        "Up to 1.0 GB may wait in libzmq's queue for each peer: 100,000 messages of 10.0 kB "
        "(sndhwm)."
    )


def test_publishers_drop_and_memory_is_short(bench: Bench) -> None:
    assert "waits for nobody" in warning(bench, "pub:@tcp://127.0.0.1:1", None)
    assert "A RADIO waits for nobody" in warning(bench, "radio:@tcp://127.0.0.1:1", None)
    assert "captured too" in warning(bench, "push:tcp://localhost:1", None)
    assert "captured too" in warning(bench, "push:tcp://localhost:1", 100_000.0)
    assert warning(bench, "push:tcp://localhost:1", 1_000.0) == ""


def test_every_change_is_told_once(bench: Bench) -> None:
    bench.changes = 0
    for _ in range(2):
        bench.model.set_rate(PRESETS_PER_S[3])
        bench.model.set_count(5)
        bench.model.set_numbered(True)
        bench.model.set_counter(CounterSpec(0, 4))
    assert bench.changes == 4
    assert bench.model.rate_per_s == 100_000.0
    assert bench.model.count == 5
