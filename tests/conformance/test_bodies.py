"""Bodies: the limit, the media type, and everything that is not the JSON that was asked for."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from . import wire
from .orders import MISSING_ID, ORDERS, PlaceOrder, expect_order, line, order_body, order_path
from .responses import expect_invalid, expect_problem, expect_success

pytestmark = pytest.mark.needs(example=True)

LIMIT = 1024 * 1024
AS_JSON = {"Content-Type": "application/json"}

_VALID = json.dumps(order_body())
NOT_JSON: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \n\t ",
    "cut off": b'{"lines": [',
    "trailing text": b'{"lines": []} x',
    "two documents": b"{}{}",
    "single quotes": b"{'lines': []}",
    "trailing comma": b'{"lines": [],}',
    "comment": b'{"lines": [] /* none */}',
    "bad utf-8": b'{"note": "\xff\xfe"}',
    "cut off utf-8": b'{"note": "\xe2\x82"}',
    "overlong utf-8": b'{"note": "\xc0\xaf"}',
    "utf-8 surrogate": b'{"note": "\xed\xa0\x80"}',
    "utf-16": _VALID.encode("utf-16"),
    "utf-32": _VALID.encode("utf-32"),
    "raw control character": b'{"note": "a\x01b"}',
    "raw nul": b"\x00",
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "form": b"lines=1&note=2",
    "deep arrays": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
}
NOT_AN_OBJECT = [b"null", b"true", b"1", b"1e999", b"NaN", b'"text"', b"[]", b"[{}]"]

HOSTILE_VALUES: dict[str, bytes] = {
    "NaN": b"NaN",
    "Infinity": b"Infinity",
    "-Infinity": b"-Infinity",
    "1e999": b"1e999",
    "-1e999": b"-1e999",
    "1e-999": b"1e-999",
    "5,000 digits": b"9" * 5_000,
    "minus 5,000 digits": b"-" + b"9" * 5_000,
    "5,000 decimals": b"1." + b"9" * 5_000,
    "2**31": b"2147483648",
    "2**63": b"9223372036854775808",
    "2**64": b"18446744073709551616",
    "1.5": b"1.5",
    "1.0": b"1.0",
    "true": b"true",
    "null": b"null",
    "empty array": b"[]",
    "empty object": b"{}",
    "100,000 arrays": b"[" * 100_000 + b"]" * 100_000,
    "1,000 objects": b'{"a":' * 1_000 + b"1" + b"}" * 1_000,
}
HOSTILE_STRINGS = {
    "nul": b'"\\u0000"',
    "lone high surrogate": b'"\\ud800"',
    "lone low surrogate": b'"\\udc00"',
    "swapped surrogates": b'"\\udc00\\ud800"',
    "text and a surrogate": b'"a\\ud83d"',
    "bell": b'"\\u0007"',
    "escape": b'"\\u001b[31m"',
    "100,000 letters": b'"' + b"a" * 100_000 + b'"',
}
_PRICE = b'{"amount":"1","currency":"EUR"}'
_LINES = b'{"lines":[{"sku":%b,"quantity":%b,"unit_price":%b}]}'
FIELDS = {
    "quantity": _LINES % (b'"a"', b"%b", _PRICE),
    "amount": _LINES % (b'"a"', b"1", b'{"amount":%b,"currency":"EUR"}'),
    "currency": _LINES % (b'"a"', b"1", b'{"amount":"1","currency":%b}'),
    "sku": _LINES % (b"%b", b"1", _PRICE),
}
POINTERS = {
    "quantity": "/lines/0/quantity",
    "amount": "/lines/0/unit_price/amount",
    "currency": "/lines/0/unit_price/currency",
    "sku": "/lines/0/sku",
}
ORDER_WITH_NOTE = (_LINES % (b'"a"', b"1", _PRICE))[:-1] + b',"note":%b}'


def _post(client: httpx.Client, body: bytes) -> httpx.Response:
    return client.post(ORDERS, content=body, headers=AS_JSON)


def _post_in_chunks(
    base_url: str, credentials: dict[str, str], pieces: list[bytes]
) -> httpx.Response:
    headers = [
        *credentials.items(),
        ("Content-Type", "application/json"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "close"),
    ]
    return wire.send(base_url, f"POST {ORDERS} HTTP/1.1", headers, wire.chunked(pieces))


def _send_blanks_in_chunks(
    base_url: str, credentials: dict[str, str], start_line: str, size: int
) -> httpx.Response:
    headers = [
        *credentials.items(),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "close"),
    ]
    return wire.send(base_url, start_line, headers, wire.chunked([b" " * (size // 2)] * 2))


def _padded(size: int) -> bytes:
    body = json.dumps(order_body()).encode()
    return body + b" " * (size - len(body))


def _sixteen_limits() -> Iterator[bytes]:
    for _ in range(16 * 8):
        yield b" " * (LIMIT // 8)


# ------------------------------------------------------------------ not JSON


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_what_is_not_json_is_refused(client: httpx.Client, body: bytes) -> None:
    expect_invalid(_post(client, body), "body", "")


@pytest.mark.parametrize("body", NOT_AN_OBJECT)
def test_what_is_not_an_object_is_refused(client: httpx.Client, body: bytes) -> None:
    expect_invalid(_post(client, body), "body", "")


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_a_change_that_is_not_json_is_refused(client: httpx.Client, body: bytes) -> None:
    headers = {**AS_JSON, "If-Match": "*"}
    response = client.patch(f"{ORDERS}/{MISSING_ID}", content=body, headers=headers)
    expect_invalid(response, "body", "")


def test_a_byte_order_mark_does_no_harm(client: httpx.Client) -> None:
    response = _post(client, b"\xef\xbb\xbf" + json.dumps(order_body()).encode())
    if response.status_code != 201:
        expect_problem(response, 422, "validation_failed")


# ------------------------------------------------------------------ hostile values


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", HOSTILE_VALUES.values(), ids=HOSTILE_VALUES.keys())
def test_a_hostile_value_is_refused(client: httpx.Client, field: str, value: bytes) -> None:
    expect_problem(_post(client, FIELDS[field] % value), 422, "validation_failed")


@pytest.mark.parametrize("field", ["amount", "currency", "sku"])
@pytest.mark.parametrize("value", HOSTILE_STRINGS.values(), ids=HOSTILE_STRINGS.keys())
def test_a_hostile_string_is_refused(client: httpx.Client, field: str, value: bytes) -> None:
    expect_problem(_post(client, FIELDS[field] % value), 422, "validation_failed")


@pytest.mark.parametrize("value", HOSTILE_STRINGS.values(), ids=HOSTILE_STRINGS.keys())
def test_a_hostile_note_is_refused(client: httpx.Client, value: bytes) -> None:
    expect_problem(_post(client, ORDER_WITH_NOTE % value), 422, "validation_failed")


@pytest.mark.parametrize("field", FIELDS)
def test_the_refusal_points_at_the_field(client: httpx.Client, field: str) -> None:
    expect_invalid(_post(client, FIELDS[field] % b"[]"), "body", POINTERS[field])


@pytest.mark.parametrize("name", [b"\\u0000", b"\\ud800", b"a" * 50_000, b"", b"__proto__"])
def test_a_hostile_field_name_is_refused(client: httpx.Client, name: bytes) -> None:
    body = ORDER_WITH_NOTE % b"null"
    response = _post(client, body[:-1] + b',"' + name + b'":1}')
    expect_problem(response, 422, "validation_failed")


def test_of_a_repeated_field_the_last_one_counts_if_any(client: httpx.Client) -> None:
    response = _post(client, ORDER_WITH_NOTE % b'"first","note":"last"')
    if response.status_code == 201:
        assert expect_order(expect_success(response, 201))["note"] == "last"
    else:
        expect_problem(response, 422, "validation_failed")


def test_a_repeated_field_can_not_hide_a_bad_value(client: httpx.Client) -> None:
    expect_problem(_post(client, ORDER_WITH_NOTE % b'"good","note":7'), 422, "validation_failed")


def test_thousands_of_unknown_fields_are_refused(client: httpx.Client) -> None:
    body: dict[str, Any] = {**order_body(), **{f"field{n}": n for n in range(20_000)}}
    expect_problem(client.post(ORDERS, json=body), 422, "validation_failed")


def test_thousands_of_bad_lines_are_refused(client: httpx.Client) -> None:
    body: dict[str, Any] = {"lines": [{} for _ in range(20_000)]}
    expect_problem(client.post(ORDERS, json=body), 422, "validation_failed")


# ------------------------------------------------------------------ media types


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "text/json",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/problem+json",
        "application/merge-patch+json",
        "application/jsonx",
        "application/octet-stream",
        "json",
        "*/*",
        "",
        "é",
    ],
)
def test_another_media_type_is_not_supported(client: httpx.Client, media_type: str) -> None:
    body = json.dumps(order_body()).encode()
    headers = [(b"Content-Type", media_type.encode())]
    for method, path in [("POST", ORDERS), ("PATCH", f"{ORDERS}/{MISSING_ID}")]:
        response = client.request(method, path, content=body, headers=headers)
        expect_problem(response, 415, "unsupported_media_type")


def test_a_body_without_a_media_type_is_not_supported(client: httpx.Client) -> None:
    response = client.post(ORDERS, content=json.dumps(order_body()).encode())
    expect_problem(response, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "media_type",
    ["application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"],
)
def test_json_may_be_spelled_in_several_ways(client: httpx.Client, media_type: str) -> None:
    body = json.dumps(order_body()).encode()
    response = client.post(ORDERS, content=body, headers={"Content-Type": media_type})
    expect_success(response, 201)


def test_an_action_without_a_body_needs_no_media_type(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    expect_success(client.post(order_path(place_order()) + "/cancel"))


# ------------------------------------------------------------------ the limit


def test_a_body_as_large_as_the_limit_is_read(client: httpx.Client) -> None:
    expect_success(_post(client, _padded(LIMIT)), 201)


def test_a_body_over_the_limit_is_too_large(client: httpx.Client) -> None:
    expect_problem(_post(client, _padded(LIMIT + 1)), 413, "body_too_large")


def test_a_chunked_body_within_the_limit_is_read(
    base_url: str, credentials: dict[str, str]
) -> None:
    pieces = [json.dumps(order_body()).encode(), b" " * 1000]
    expect_success(_post_in_chunks(base_url, credentials, pieces), 201)


def test_a_chunked_body_over_the_limit_is_too_large(
    base_url: str, credentials: dict[str, str]
) -> None:
    pieces = [_padded(LIMIT // 2), b" " * (LIMIT // 2), b" "]
    expect_problem(_post_in_chunks(base_url, credentials, pieces), 413, "body_too_large")


@pytest.mark.parametrize("path", ["/health", "/nowhere", ORDERS])
def test_a_chunked_body_over_the_limit_is_too_large_where_nobody_reads_it(
    base_url: str, credentials: dict[str, str], path: str
) -> None:
    start_line = f"GET {path} HTTP/1.1"
    response = _send_blanks_in_chunks(base_url, credentials, start_line, LIMIT + 2)
    expect_problem(response, 413, "body_too_large")


def test_what_has_too_large_a_chunked_body_is_not_done(
    base_url: str, client: httpx.Client, credentials: dict[str, str], place_order: PlaceOrder
) -> None:
    order = place_order()
    start_line = f"POST {order_path(order)}/cancel HTTP/1.1"
    response = _send_blanks_in_chunks(base_url, credentials, start_line, LIMIT + 2)
    expect_problem(response, 413, "body_too_large")
    assert client.get(order_path(order)).json() == order
    expect_success(_send_blanks_in_chunks(base_url, credentials, start_line, LIMIT))


def test_a_body_of_many_tiny_chunks_is_counted(base_url: str, credentials: dict[str, str]) -> None:
    pieces = [b" " * 128] * (LIMIT // 128 + 1)
    expect_problem(_post_in_chunks(base_url, credentials, pieces), 413, "body_too_large")


def test_a_stream_far_over_the_limit_is_too_large(client: httpx.Client) -> None:
    # To be hung up on while still sending is as good as an answer.
    with contextlib.suppress(httpx.TransportError):
        response = client.post(ORDERS, content=_sixteen_limits(), headers=AS_JSON)
        expect_problem(response, 413, "body_too_large")
    expect_success(client.get("/health"))


@pytest.mark.parametrize("length", [LIMIT + 1, 10**12])
def test_an_announced_body_over_the_limit_is_refused_unread(base_url: str, length: int) -> None:
    headers = [("Content-Type", "application/json"), ("Content-Length", str(length))]
    response = wire.send(base_url, f"POST {ORDERS} HTTP/1.1", headers, [b"{"])
    expect_problem(response, 413, "body_too_large")


def test_a_client_that_asks_before_it_sends_too_much_is_refused(base_url: str) -> None:
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(LIMIT + 1)),
        ("Expect", "100-continue"),
    ]
    response = wire.send(base_url, f"POST {ORDERS} HTTP/1.1", headers)
    expect_problem(response, 413, "body_too_large")


def test_a_client_that_leaves_mid_body_does_no_harm(base_url: str, client: httpx.Client) -> None:
    headers = [("Content-Type", "application/json"), ("Content-Length", "1000")]
    wire.send_and_leave(base_url, f"POST {ORDERS} HTTP/1.1", headers, [b'{"lines": ['])
    expect_success(client.get("/health"))


def test_a_change_over_the_limit_is_too_large(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    headers = {**AS_JSON, "If-Match": "*"}
    body = b'{"note": null}' + b" " * LIMIT
    response = client.patch(order_path(place_order()), content=body, headers=headers)
    expect_problem(response, 413, "body_too_large")


def test_a_body_larger_than_it_claims_ends_where_it_claims(
    base_url: str, credentials: dict[str, str]
) -> None:
    body = json.dumps({"lines": [line()]}).encode()
    headers = [
        *credentials.items(),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body) - 2)),
        ("Connection", "close"),
    ]
    response = wire.send(base_url, f"POST {ORDERS} HTTP/1.1", headers, [body])
    expect_invalid(response, "body", "")
