"""Whatever the bytes and whatever is typed: nothing is lost, and nothing raises unawares."""

import base64
import contextlib
import json
import unicodedata
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from zmqscope.core.errors import PayloadError
from zmqscope.models.composer.frame_draft import (
    FrameDraft,
    FrameFormat,
    LineEnd,
    check_frame,
    convert_frame,
    draft_of,
)
from zmqscope.models.composer.json_check import check_json, compact_json
from zmqscope.models.composer.send_history import preview

FORMATS = st.sampled_from(FrameFormat)
TEXTS = st.text() | st.text('0123456789abcdefxX :\n=-_+/{}[]",', max_size=60)
DRAFTS = st.builds(FrameDraft, FORMATS, TEXTS, st.sampled_from(LineEnd))
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda t: t.encode("utf-8", "ignore")))
def test_bytes_survive_being_shown(data: bytes) -> None:
    assert check_frame(draft_of(data)).data == data


@settings(deadline=None)
@given(st.binary(max_size=300), st.lists(FORMATS, max_size=6))
def test_bytes_survive_every_walk_through_the_formats(data: bytes, walk: list[FrameFormat]) -> None:
    draft = FrameDraft(FrameFormat.HEX, data.hex())
    for target in walk:
        with contextlib.suppress(PayloadError):
            draft = convert_frame(draft, target)
        if draft.format is not FrameFormat.JSON:
            assert check_frame(draft).data == data


@settings(deadline=None)
@given(DRAFTS)
def test_what_is_typed_gives_bytes_or_a_place_where_it_goes_wrong(draft: FrameDraft) -> None:
    check = check_frame(draft)
    if check.data is not None:
        assert check.problem is None
        return
    assert check.problem is not None
    assert check.problem.text.endswith(".")
    assert check.problem.hint
    assert check.at is not None
    assert 0 <= check.at <= len(draft.text)


@settings(deadline=None)
@given(DRAFTS, FORMATS)
def test_a_conversion_changes_no_bytes(draft: FrameDraft, target: FrameFormat) -> None:
    written_out = replace(draft, format=FrameFormat.TEXT)
    before = check_frame(written_out if draft.format.is_written_out else draft).data
    try:
        after = convert_frame(draft, target)
    except PayloadError:
        return
    if before is None:
        assert after.text == draft.text
    elif target is not FrameFormat.JSON:
        assert check_frame(after).data == before


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_base64_of_both_kinds_is_read(data: bytes) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        text = encode(data).decode("ascii")
        assert check_frame(FrameDraft(FrameFormat.BASE64, text)).data == data
        assert check_frame(FrameDraft(FrameFormat.BASE64, text.rstrip("="))).data == data


@settings(deadline=None)
@given(JSON_VALUES, st.sampled_from([None, 0, 2]), st.booleans())
def test_json_is_recognised_and_compact_json_is_equal(
    value: object, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert check_json(text) is None
    compact = compact_json(text)
    assert len(compact) <= len(text)
    assert json.loads(compact) == value


@settings(deadline=None)
@given(st.lists(DRAFTS, min_size=1, max_size=5))
def test_a_preview_is_one_short_printable_line(drafts: list[FrameDraft]) -> None:
    line = preview(tuple(drafts))
    assert not {unicodedata.category(char) for char in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert len(line) < 90
