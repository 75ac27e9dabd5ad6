"""The help's page about adding an envelope: its code is complete and does what it says."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.envelope_cases import Case, check_case, seen
from zmqscope.core.envelopes.envelope import Envelope, Note
from zmqscope.core.types import SocketType

PAGE = Path(__file__).parents[4] / "resources" / "help" / "adding-an-envelope.md"
NAME = "zmqscope.core.envelopes.weather"


def load(name: str, path: Path, code: str) -> ModuleType:
    """A module from a block of code of the page."""
    path.write_text(code, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_code_of_the_page_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = PAGE.read_text(encoding="utf-8")
    envelope_code, test_code = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert "`Weather(),`" in page
    weather = load(NAME, tmp_path / "weather.py", envelope_code)
    monkeypatch.setitem(sys.modules, NAME, weather)
    envelope: Envelope = weather.Weather()
    assert isinstance(envelope, Envelope)
    tests = load("test_weather", tmp_path / "test_weather.py", test_code)
    assert len(tests.SAMPLES) == 1
    for case in tests.CASES:
        tests.test_summaries(case)
    tests.test_the_header_is_read_field_by_field()
    cold = tests.HEADER[:5] + (-950).to_bytes(2, signed=True)
    case = Case((b"wx.7", cold, b"{}"), SocketType.SUB, "station 7 -95.0 °C")
    check_case(envelope, case)
    assert seen(envelope, case).notes == (Note("No thermometer goes that low.", is_bad=True),)
