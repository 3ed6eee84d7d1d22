import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.web.payload import MalformedError, parse

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
values = (
    st.none() | st.integers() | st.text(max_size=20) | st.lists(st.text(max_size=9), max_size=3)
)


@settings(max_examples=50)
@given(st.dictionaries(st.text(max_size=9), values, max_size=4), st.sampled_from([True, False]))
def test_what_slack_sends_is_read_as_it_was_written(
    payload: dict[str, object],
    escaped: bool,  # noqa: FBT001 (hypothesis gives it)
) -> None:
    payload["type"] = "view_submission"
    text = json.dumps(payload, ensure_ascii=escaped)
    assert parse(text.encode(), JSON) == payload
    assert parse(b"payload=" + quote(text).encode(), FORM) == payload


@given(st.binary(max_size=500), st.sampled_from([JSON, FORM]))
def test_garbage_is_read_or_refused_and_nothing_else(raw: bytes, content_type: str) -> None:
    try:
        payload = parse(raw, content_type)
    except MalformedError:
        return
    assert payload.keys() & {"type", "command", "ssl_check"}


def test_the_reason_tells_nothing_of_the_body() -> None:
    with pytest.raises(MalformedError) as caught:
        parse(b"payload=hush", FORM)
    assert "hush" not in str(caught.value)
