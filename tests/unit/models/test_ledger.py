"""How the figures of the status bar are written."""

from __future__ import annotations

from zmqscope.core.kernels.kernel_set import KernelState
from zmqscope.models.ledger import FigureText, LedgerFigures, figure_texts

MIB = 1024 * 1024


def shown(figures: LedgerFigures) -> dict[str, FigureText]:
    return {text.key: text for text in figure_texts(figures)}


def test_all_figures() -> None:
    texts = shown(
        LedgerFigures(
            captured=12_480_112,
            received_per_s=324_123,
            received_bytes_per_s=25.1e6,
            sent_per_s=98_000,
            sent_bytes_per_s=0,
            dropped_in_queues=0,
            evicted=1_204_330,
            cleared=2,
            memory_bytes=194 * MIB,
            budget_bytes=512 * MIB,
            drain="plain",
            frames_per_s=59.8,
        )
    )
    words = {
        key: " ".join(part for part in (text.label, text.value, text.suffix) if part)
        for key, text in texts.items()
    }
    assert words == {
        "captured": "captured 12,480,112",
        "received": "↓ 324 k/s 25.1 MB/s",
        "sent": "↑ 98 k/s 0 B/s",
        "dropped": "dropped in our queues 0",
        "gone": "no longer in memory 1,204,332",
        "memory": "memory 194 / 512 MB",
        "drain": "drain plain",
        "frames": "60 fps",
    }
    assert all(text.tip for text in texts.values())


def test_what_cannot_be_known_is_unknown_and_not_zero() -> None:
    texts = shown(LedgerFigures(received_per_s=None, dropped_in_queues=None, drain=""))
    for key in ("received", "sent", "dropped", "drain"):
        assert texts[key].value == "unknown"
        assert texts[key].tone == "muted"
    assert texts["frames"].value == "idle"


def test_a_loss_is_broken_and_none_is_not() -> None:
    assert shown(LedgerFigures(dropped_in_queues=1))["dropped"].tone == "broken"
    assert shown(LedgerFigures(dropped_in_queues=0))["dropped"].tone == "text"


def test_what_left_memory_says_why() -> None:
    tip = shown(LedgerFigures(evicted=1_000, cleared=20))["gone"].tip
    assert "1,000" in tip
    assert "20" in tip


def test_the_drain_says_how_far_the_native_one_is() -> None:
    loading = shown(LedgerFigures(drain="plain", kernels=KernelState.LOADING))["drain"]
    assert (loading.value, loading.suffix) == ("plain", "→ native, loading")
    compiling = shown(LedgerFigures(drain="plain", kernels=KernelState.COMPILING))["drain"]
    assert (compiling.value, compiling.suffix) == ("plain", "→ native, compiling")
    # The drain's kernel comes first: others may still be loading.
    native = shown(LedgerFigures(drain="native", kernels=KernelState.LOADING))["drain"]
    assert (native.value, native.suffix) == ("native", "")


def test_the_drain_says_why_there_is_no_native_one() -> None:
    figures = LedgerFigures(
        drain="plain", kernels=KernelState.UNAVAILABLE, kernels_reason="numba is not installed"
    )
    text = shown(figures)["drain"]
    assert (text.value, text.suffix) == ("plain", "")
    assert "numba is not installed" in text.tip
