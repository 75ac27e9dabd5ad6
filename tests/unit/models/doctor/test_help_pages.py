from __future__ import annotations

from pathlib import Path

import pytest

from zmqscope.core.diagnosis.finding import Rule
from zmqscope.models.doctor.help_pages import (
    FORMATS_INDEX,
    INDEX,
    HelpPage,
    format_page,
    matching,
    page_of_link,
    read_pages,
)

DOCTOR = ["", "The handshake", "The connection", "Stalls and losses", "Everything else"]


def write(path: Path, title: str) -> None:
    path.parent.mkdir(exist_ok=True)
    text = f"# {title}\n\nIt *says* `{path.stem}_code`, see [more](other.md).\n"
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (INDEX, *(rule.value for rule in Rule)):
        write(tmp_path / "doctor" / f"{name}.md", f"About {name}")
    return tmp_path


def test_pages_are_read_in_the_order_of_the_rules(folder: Path) -> None:
    pages = read_pages(folder)
    assert [page.name for page in pages] == [INDEX, *(rule.value for rule in Rule)]
    assert pages[1].title == "About wrong-server-key"
    assert list(dict.fromkeys(page.group for page in pages)) == DOCTOR


def test_message_formats_and_decoders_follow(folder: Path) -> None:
    write(folder / "envelopes" / "zap.md", "ZAP")
    write(folder / "envelopes" / "bitcoin.md", "Bitcoin Core")
    write(folder / "envelopes" / "eddn.md", "EDDN")
    write(folder / "envelopes" / "index.md", "Message formats")
    write(folder / "decoders.md", "Decoders")
    write(folder / "transports.md", "Not for the window")
    pages = read_pages(folder)[1 + len(Rule) :]
    assert [page.name for page in pages] == [
        *(FORMATS_INDEX, "envelope-bitcoin", "envelope-eddn", "envelope-zap", "decoders"),
    ]
    assert pages[0].title == "Message formats"
    groups = [page.group for page in read_pages(folder)]
    assert list(dict.fromkeys(groups)) == [*DOCTOR, "Message formats", "Decoders"]
    assert format_page("zap") == "envelope-zap"


def test_a_missing_page_is_an_error(folder: Path) -> None:
    (folder / "doctor" / "req-waits.md").unlink()
    with pytest.raises(OSError, match="req-waits"):
        read_pages(folder)


def test_markup_is_not_searched() -> None:
    page = HelpPage("x", "Title", "", "# Title\n\nIt *says* `CODE`, see [more](other.md).")
    assert "it says code, see more" in page.words
    assert "other" not in page.words
    assert matching([page], "says code") == [page]
    assert matching([page], "other") == []


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("req-waits.md", "req-waits"),
        ("req-waits.md#what-to-do", "req-waits"),
        ("https://rfc.zeromq.org/spec/28/", None),
        ("https://a/x.md", None),
        ("../x.md", None),
        ("file:x.md", None),
        ("", None),
    ],
)
def test_links_to_pages(link: str, name: str | None) -> None:
    assert page_of_link(link) == name


@pytest.mark.parametrize(
    ("source", "link", "name"),
    [
        ("envelope-zre", "zap.md", "envelope-zap"),
        ("envelope-zre", "zap.md#frames", "envelope-zap"),
        ("envelope-zre", "../doctor/req-waits.md", "req-waits"),
        ("envelope-zre", "../decoders.md", "decoders"),
        ("envelope-zre", "doctor/req-waits.md", None),
        ("envelope-zre", "../transports.md", None),
        ("envelope-zre", "../../decoders.md", None),
        ("envelope-zre", "../other/zap.md", None),
        ("req-waits", "../envelopes/index.md", FORMATS_INDEX),
        ("req-waits", "../adding-an-envelope.md", "adding-an-envelope"),
        ("decoders", "adding-an-envelope.md", "adding-an-envelope"),
        ("decoders", "envelopes/zap.md", "envelope-zap"),
        ("decoders", "../envelopes/zap.md", None),
        ("decoders", "transports.md", None),
    ],
)
def test_links_between_folders(source: str, link: str, name: str | None) -> None:
    assert page_of_link(link, source) == name
