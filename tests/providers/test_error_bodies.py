"""How the reasons in refusals are read, whatever form they have."""

import json
from pathlib import Path

import pytest

from bot.providers.error_bodies import LONGEST_REASON, ErrorBody, read_error_body

SAMPLES = Path(__file__).parent / "samples"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"error": {"code": "forbidden", "message": "Not authorized"}}, "Not authorized"),
        ({"error": {"code": "forbidden"}}, "forbidden"),
        ({"error": "some text"}, "some text"),
        ({"message": "some text"}, "some text"),
        ({"type": "api_error", "errors": []}, "api_error"),
        ({"errors": [{"message": "One"}, {"code": "two"}, "three"]}, "One; two"),
        ({"errors": {"message": "odd"}, "message": 7}, ""),
        ([{"message": "a list"}], ""),
        (None, ""),
    ],
)
def test_every_documented_form_gives_its_reason(body: object, reason: str) -> None:
    assert read_error_body(json.dumps(body).encode()).reason == reason


def test_the_documents_error_names_its_field_and_request() -> None:
    error = read_error_body((SAMPLES / "incidentio_error.json").read_bytes())
    assert error == ErrorBody(
        "A message is required", frozenset({"message"}), "3f0c6d1e-7a52-4c1b-9d38-5be2f4a90c17"
    )


def test_a_field_may_be_named_by_pointer_alone() -> None:
    body = {"errors": [{"source": {"pointer": "/component_statuses/0/component_id"}}, {}]}
    fields = read_error_body(json.dumps(body).encode()).fields
    assert fields == {"component_statuses", "component_id"}


@pytest.mark.parametrize(
    "content", [None, b"", b"<html>", b"\xff", b"[" * 60_000, b'{"message": "' + b"x" * 70_000]
)
def test_what_cannot_be_read_says_nothing(content: bytes | None) -> None:
    assert read_error_body(content) == ErrorBody()


def test_a_reason_is_one_short_line_without_links_and_key() -> None:
    said = "Key k-123 \n\tsent\x00 to https://x.example/s3cret " + "word " * 100
    reason = read_error_body(json.dumps({"message": said}).encode(), "k-123").reason
    assert reason.startswith("Key … sent to (link) word")
    assert len(reason) <= LONGEST_REASON


def test_a_request_id_that_is_no_id_is_left_out() -> None:
    assert read_error_body(b'{"request_id": "<!channel> now"}').request_id is None
