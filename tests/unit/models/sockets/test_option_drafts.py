from __future__ import annotations

import pytest
from PySide6.QtTest import QSignalSpy

from zmqscope.core.types import Problem
from zmqscope.models.sockets.option_drafts import OptionDrafts
from zmqscope.models.sockets.spec_draft import OptionDraft


@pytest.fixture
def drafts() -> OptionDrafts:
    made = OptionDrafts()
    made.set_drafts((OptionDraft("sndhwm", "7"), OptionDraft("identity", "w1")))
    return made


def test_options_keep_their_order_while_they_change(drafts: OptionDrafts) -> None:
    drafts.set_text("sndhwm", "8")
    drafts.set_text("rcvhwm", "9")
    assert drafts.drafts() == (
        OptionDraft("sndhwm", "8"),
        OptionDraft("identity", "w1"),
        OptionDraft("rcvhwm", "9"),
    )
    drafts.set_text("identity", None)
    assert drafts.text("identity") is None
    assert [draft.name for draft in drafts.drafts()] == ["sndhwm", "rcvhwm"]


def test_only_changes_are_told(drafts: OptionDrafts) -> None:
    edited, replaced = QSignalSpy(drafts.edited), QSignalSpy(drafts.replaced)
    drafts.set_text("sndhwm", "7")
    drafts.set_text("rcvhwm", None)
    drafts.set_drafts(drafts.drafts())
    assert (edited.count(), replaced.count()) == (0, 0)
    drafts.set_text("sndhwm", "8")
    assert edited.at(0) == ["sndhwm"]
    drafts.set_drafts(())
    assert replaced.count() == 1


def test_problems_are_found_by_name(drafts: OptionDrafts) -> None:
    wrong = Problem("No.", "Mend it.")
    drafts.set_problems({1: wrong})
    assert drafts.problem("identity") == wrong
    assert drafts.problem("sndhwm") is None
    drafts.set_text("identity", None)
    assert drafts.problem("identity") is None
