from __future__ import annotations

from pathlib import Path

import pytest

from zmqscope.core.diagnosis.finding import Rule
from zmqscope.models.help_pages import INDEX, HelpPage, matching, page_of_link, read_pages


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (INDEX, *(rule.value for rule in Rule)):
        text = f"# About {name}\n\nIt *says* `{name}_code`, see [more](other.md).\n"
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    return tmp_path


def test_pages_are_read_in_the_order_of_the_rules(folder: Path) -> None:
    pages = read_pages(folder)
    assert [page.name for page in pages] == [INDEX, *(rule.value for rule in Rule)]
    assert pages[1].title == "About wrong-server-key"
    groups = list(dict.fromkeys(page.group for page in pages))
    assert groups == ["", "The handshake", "The connection", "Stalls and losses", "Everything else"]


def test_a_missing_page_is_an_error(folder: Path) -> None:
    (folder / "req-waits.md").unlink()
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
