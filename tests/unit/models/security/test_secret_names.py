from __future__ import annotations

from zmqscope.core.security.lock import SecretPlace, SecretRef
from zmqscope.models.security.secret_names import pair_name_problem, password_path, stem_of


def test_a_name_becomes_part_of_a_path() -> None:
    assert stem_of("Ann Smith/../x") == "Ann-Smith-..-x"
    assert stem_of("..") == ""
    assert stem_of("ü") == ""
    assert len(stem_of("x" * 200)) == 40
    assert password_path("/k", "ann-1") == "/k/ann-1.password"


def test_names_of_pairs_are_checked() -> None:
    for name in ("", "a/b", ".hidden", ".."):
        assert pair_name_problem(name, SecretPlace.FILE, ()) is not None
    assert pair_name_problem("camera 1", SecretPlace.FILE, ()) is None
    taken = [SecretRef(SecretPlace.KEYRING, "camera")]
    assert pair_name_problem("camera", SecretPlace.KEYRING, taken) is not None
    assert pair_name_problem("camera", SecretPlace.SESSION, taken) is None
    assert pair_name_problem("a\nb", SecretPlace.SESSION, taken) is not None
