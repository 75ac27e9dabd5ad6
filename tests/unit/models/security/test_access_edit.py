from __future__ import annotations

from zmqscope.core.security.access import AccessList, AccessMode, PasswordHash
from zmqscope.models.security import access_edit as edit

ONE, OTHER = PasswordHash(b"1", b"1"), PasswordHash(b"2", b"2")
KEY = "a" * 40


def test_users_come_change_and_go() -> None:
    access = edit.with_user(AccessList(), "ann", ONE)
    access = edit.with_user(access, "bob", ONE)
    access = edit.with_user(access, "ann", OTHER)
    assert [(user.name, user.password) for user in access.users] == [("ann", OTHER), ("bob", ONE)]
    assert [user.name for user in edit.without_user(access, "ann").users] == ["bob"]


def test_keys_come_change_and_go() -> None:
    access = edit.with_key(edit.with_key(AccessList(), KEY, ""), KEY, "robot")
    assert [(key.public, key.label) for key in access.keys] == [(KEY, "robot")]
    assert edit.without_key(access, KEY).keys == ()


def test_an_address_is_on_one_side_alone() -> None:
    access = edit.with_address(AccessList(), "10.0.0.1", allowed=True)
    access = edit.with_address(access, "10.0.0.1", allowed=False)
    assert (access.allow, access.deny) == ((), ("10.0.0.1",))
    assert edit.without_address(access, "10.0.0.1") == AccessList()


def test_lists_are_replaced_by_name() -> None:
    lists = edit.with_list((), AccessList("lab"))
    lists = edit.with_list(lists, AccessList("home"))
    lists = edit.with_list(lists, AccessList("lab", AccessMode.ANYONE))
    assert [(each.name, each.mode) for each in lists] == [
        ("lab", AccessMode.ANYONE),
        ("home", AccessMode.ASK),
    ]
    assert edit.list_named(lists, "nowhere") == AccessList("nowhere")


def test_names_of_lists_are_checked() -> None:
    assert edit.list_name_problem("lab", ["home"]) is None
    for name in ("", "  ", "home", " home ", "x" * 61, "🔒" * 60, "a\nb", "\u202e"):
        assert edit.list_name_problem(name, ["home"]) is not None, name


def test_every_mode_has_words() -> None:
    for mode in AccessMode:
        assert edit.mode_title(mode)
        assert edit.mode_words(mode).endswith(".")
        assert edit.list_words(AccessList(mode=mode))
